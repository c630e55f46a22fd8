import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { EventLogSource } from './event-log.ts';
import type { EventLog } from './log-files.ts';

/** More files than this are no folder of event logs. */
const mostFiles = 5_000;
const pieceBytes = 256 * 1024;

/**
 * Event logs in a local folder or in one file: `<folder>/<cluster id>/…` as copied from a log destination, or any folder that Spark wrote to
 * or that somebody copied logs to.
 */
export function createLogFolder(folder: string): EventLogSource {
  return { logs: (clusterId) => logsBelow(join(folder, safe(clusterId))), all: () => logsBelow(folder) };
}

async function logsBelow(path: string): Promise<Known<readonly EventLog[]>> {
  try {
    if ((await stat(path)).isFile()) return known([logAt(dirname(path), path)]);
    const found: EventLog[] = [];
    for await (const entry of await opendir(path, { recursive: true })) {
      if (entry.isFile()) found.push(logAt(path, join(entry.parentPath, entry.name)));
      if (found.length > mostFiles) return unknown(`unreadable: more than ${mostFiles} files are below ${path}`);
    }
    return known(found.sort((one, other) => (one.path < other.path ? -1 : 1)));
  } catch {
    return unknown(`absent: no folder ${path}`);
  }
}

/** Its path begins with the name of the folder that was given, as that may tell the application. */
function logAt(root: string, path: string): EventLog {
  return {
    path: join(basename(resolve(root)), relative(root, path)),
    bytes: () => createReadStream(path, { highWaterMark: pieceBytes }),
  };
}

/** Cluster ids come from an answer: one that is no plain name is not joined to a path. */
function safe(clusterId: string): string {
  return /^[\w-]+$/.test(clusterId) ? clusterId : 'no-such-cluster';
}
