import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import { readLogDestination } from '../../schema/databricks.ts';
import type { FileEntry } from '../../schema/workspace-files.ts';
import { readDbfsFolder, readDbfsPart, readVolumeFolder } from '../../schema/workspace-files.ts';
import type { Connection } from './call.ts';
import { readBytes, readOne, readPages } from './read.ts';

/** One event log file and its bytes, part by part; a part that cannot be read throws. */
export interface WorkspaceLog {
  readonly path: string;
  readonly size: number;
  bytes(): AsyncIterable<Uint8Array>;
}

/** dbfs/read gives at most this much at once. */
const partBytes = 1024 * 1024;
/** Below the cluster's folder: driver, context, files. */
const deepest = 4;
const mostFiles = 1_000;
/** A volume's file is asked for in pieces, as one answer is bounded. */
const rangeBytes = 16 * 1024 * 1024;

/**
 * The Spark event logs of a cluster at its log destination (`<destination>/<cluster id>/eventlog/…`). dbfs:/ and /Volumes are read with
 * the workspace token; s3, abfss and gs are another system's and come back unknown, saying so.
 */
export function createWorkspaceLogs(connection: Connection): {
  logs(clusterId: string): Promise<Known<readonly WorkspaceLog[]>>;
} {
  return { logs: (clusterId) => eventLogs(connection, clusterId) };
}

async function eventLogs(connection: Connection, clusterId: string): Promise<Known<readonly WorkspaceLog[]>> {
  const call = { method: 'GET', path: '/api/2.1/clusters/get', query: { cluster_id: clusterId } } as const;
  const cluster = await readOne(connection, call, readLogDestination);
  if (!cluster.known) return cluster;
  const { destination } = cluster.value;
  if (destination === null) return unknown('absent: the cluster has no log destination');
  const root = rootOf(destination);
  if (root === null)
    return unknown(`absent: ${destination.split(':')[0]} is not readable with the workspace token; give the logs as a folder`);
  const files = await walk(connection, `${root}/${clusterId}/eventlog`, deepest);
  if (!files.known) return files;
  if (files.value.length > mostFiles) return unknown(`unreadable: more than ${mostFiles} event log files`);
  return known(files.value.map((file) => logOf(connection, file)));
}

function rootOf(destination: string): string | null {
  const path = destination.replace(/^dbfs:/, '').replace(/\/+$/, '');
  return /^\/(?!\/)[^\0]*$/.test(path) && !path.split('/').includes('..') ? path : null;
}

async function walk(connection: Connection, folder: string, depth: number): Promise<Known<readonly FileEntry[]>> {
  const listed = await readPages((token) => listFolder(connection, folder, token));
  if (!listed.known) return listed;
  const files = listed.value.filter((entry) => !entry.folder);
  if (depth === 0) return known(files);
  const below = await Promise.all(
    listed.value.filter((entry) => entry.folder).map((entry) => walk(connection, entry.path, depth - 1)),
  );
  const lost = below.find((one) => !one.known);
  return lost !== undefined && !lost.known ? lost : known([...files, ...below.flatMap((one) => (one.known ? one.value : []))]);
}

function listFolder(connection: Connection, folder: string, token: string | undefined) {
  if (!folder.startsWith('/Volumes/')) {
    return readOne(connection, { method: 'GET', path: '/api/2.0/dbfs/list', query: { path: folder } }, readDbfsFolder);
  }
  const path = `/api/2.0/fs/directories${encodePath(folder)}`;
  return readOne(connection, { method: 'GET', path, query: { page_token: token } }, readVolumeFolder);
}

function logOf(connection: Connection, { path, size }: FileEntry): WorkspaceLog {
  return {
    path,
    size,
    bytes: () => (path.startsWith('/Volumes/') ? volumeBytes(connection, path, size) : dbfsBytes(connection, path, size)),
  };
}

async function* dbfsBytes(connection: Connection, path: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size; ) {
    const query = { path, offset: String(offset), length: String(partBytes) };
    const part = await readOne(connection, { method: 'GET', path: '/api/2.0/dbfs/read', query }, readDbfsPart);
    if (!part.known) throw new Error(part.why);
    if (part.value.length === 0) return;
    offset += part.value.length;
    yield part.value;
  }
}

/** A server that knows no ranges answers with the whole file. */
async function* volumeBytes(connection: Connection, path: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < Math.max(1, size); ) {
    const range = size > rangeBytes ? `bytes=${offset}-${Math.min(size, offset + rangeBytes) - 1}` : undefined;
    const call = { method: 'GET', path: `/api/2.0/fs/files${encodePath(path)}`, ...(range ? { range } : {}) } as const;
    const part = await readBytes(connection, call);
    if (!part.known) throw new Error(part.why);
    yield part.value;
    if (range === undefined || part.value.length === 0 || part.value.length > rangeBytes) return;
    offset += part.value.length;
  }
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
