import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { EventLog, EventLogSource } from './event-log.ts';

/**
 * Event logs in a local folder: `<folder>/<cluster id>/…` as copied from a log destination, or, where there is no such folder, all
 * files below `folder` as the one application they came from.
 */
export function createLogFolder(folder: string): EventLogSource {
  return {
    logs: async (clusterId) => (await logsBelow(join(folder, safe(clusterId)))) ?? (await logsBelow(folder)) ?? missing(folder),
  };
}

async function logsBelow(folder: string): Promise<Known<readonly EventLog[]> | null> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return known(files.slice(0, 200).map((path) => ({ path, bytes: () => createReadStream(path) })));
  } catch {
    return null;
  }
}

/** Cluster ids come from an answer: one that is no plain name is not joined to a path. */
function safe(clusterId: string): string {
  return /^[\w-]+$/.test(clusterId) ? clusterId : 'no-such-cluster';
}

function missing(folder: string): Known<never> {
  return unknown(`absent: no folder ${folder}`);
}
