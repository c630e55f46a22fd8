import type { LogFile } from '../pipeline/event-log.ts';
import { deliveredLogs, longestRead } from '../pipeline/event-log.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Answer } from './answer.ts';
import { invalid, ok, Refusal } from './answer.ts';
import type { Call } from './request.ts';
import { countInQuery } from './request.ts';

interface Entry {
  readonly path: string;
  readonly isDirectory: boolean;
  readonly size: number;
  readonly modified: number;
}

/** Files of the workspace: what clusters delivered, and what a test put there. */
export interface FileStore {
  put(path: string, text: string): void;
  find(path: string): LogFile | undefined;
  list(path: string): readonly Entry[] | undefined;
}

export function createFileStore(pipeline: Pipeline | undefined): FileStore {
  const placed = new Map<string, LogFile>();
  const files = (): readonly LogFile[] => [
    ...placed.values(),
    ...(pipeline === undefined ? [] : deliveredLogs(pipeline.runs(), pipeline.now().getTime())),
  ];
  return {
    put: (path, text) => void placed.set(path, { path, text: () => text, modified: pipeline?.now().getTime() ?? 0 }),
    find: (path) => files().find((file) => file.path === path),
    list: (path) => entriesUnder(files(), path),
  };
}

function entriesUnder(files: readonly LogFile[], path: string): readonly Entry[] | undefined {
  const folder = `${path.replace(/\/+$/, '')}/`;
  const found = new Map<string, Entry>();
  for (const file of files) {
    if (!file.path.startsWith(folder)) continue;
    const [name = '', ...rest] = file.path.slice(folder.length).split('/');
    const isDirectory = rest.length > 0;
    found.set(name, {
      path: folder + name,
      isDirectory,
      size: isDirectory ? 0 : Buffer.byteLength(file.text()),
      modified: file.modified,
    });
  }
  return found.size === 0 ? undefined : [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

export function readDbfs(files: FileStore, call: Call): Answer {
  const path = dbfsPath(call);
  const file = files.find(path);
  if (file === undefined) throw missing(path);
  const bytes = Buffer.from(file.text());
  const offset = countInQuery(call, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER, unset: 0 });
  const length = countInQuery(call, 'length', { min: 1, max: Number.MAX_SAFE_INTEGER, unset: longestRead / 2 });
  if (length > longestRead) throw new Refusal(400, 'MAX_READ_SIZE_EXCEEDED', `The maximum read size is ${longestRead} bytes`);
  const part = bytes.subarray(offset, offset + length);
  return ok({ bytes_read: part.length, data: part.toString('base64') });
}

export function listDbfs(files: FileStore, call: Call): Answer {
  const path = dbfsPath(call);
  const file = files.find(path);
  const entries =
    file === undefined
      ? files.list(path)
      : [{ path, isDirectory: false, size: Buffer.byteLength(file.text()), modified: file.modified }];
  if (entries === undefined) throw missing(path);
  return ok({
    files: entries.map((entry) => ({
      path: entry.path,
      is_dir: entry.isDirectory,
      file_size: entry.size,
      modification_time: entry.modified,
    })),
  });
}

function dbfsPath(call: Call): string {
  const path = call.query.get('path')?.replace(/^dbfs:/, '') ?? '';
  if (!path.startsWith('/')) throw invalid('path must be an absolute path');
  return path;
}

/** Files API: GET gives the bytes of a file. */
export function readFile(files: FileStore, path: string): Answer {
  const file = files.find(path);
  if (file === undefined) throw new Refusal(404, 'NOT_FOUND', `The file being accessed is not found: ${path}`);
  return { status: 200, body: Buffer.from(file.text()), headers: { 'content-type': 'application/octet-stream' } };
}

export function readDirectory(files: FileStore, path: string): Answer {
  const entries = files.list(path);
  if (entries === undefined) throw new Refusal(404, 'NOT_FOUND', `The directory being accessed is not found: ${path}`);
  return ok({
    contents: entries.map((entry) => ({
      path: entry.path,
      name: entry.path.split('/').at(-1),
      is_directory: entry.isDirectory,
      ...(entry.isDirectory ? {} : { file_size: entry.size, last_modified: entry.modified }),
    })),
  });
}

function missing(path: string): Refusal {
  return new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `No file or directory exists on path dbfs:${path}.`);
}
