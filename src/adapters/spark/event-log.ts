import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Run, StageSummary } from '../../model/job.ts';
import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { StageReader } from '../../ports.ts';
import { readSparkEvent } from '../../schema/spark-event.ts';
import { foldStages } from './fold-stages.ts';

/** A file of JSON lines, plain or gzip (by its name's ending). */
export interface EventLog {
  readonly path: string;
  bytes(): AsyncIterable<Uint8Array>;
}

/** Finds the event logs of a cluster: at its log destination, or in a folder that somebody copied them to. */
export interface EventLogSource {
  logs(clusterId: string): Promise<Known<readonly EventLog[]>>;
}

/** A run with more clusters, or a log with more text, is not read to its end: what it would say is unknown, not half known. */
const mostClusters = 8;
const mostBytes = 512 * 1024 * 1024;

/** Stage quantiles from event logs. Several clusters of a run are read side by side; one that cannot be read makes the whole unknown. */
export function createEventLogStages(source: EventLogSource): StageReader {
  return { stages: (run) => stagesOf(source, run) };
}

async function stagesOf(source: EventLogSource, run: Run): Promise<Known<readonly StageSummary[]>> {
  const clusters = [...new Set(run.tasks.flatMap((task) => task.clusterId ?? []))];
  if (clusters.length === 0) return unknown('absent: no task of the run had a cluster');
  if (clusters.length > mostClusters) return unknown(`unreadable: the run had ${clusters.length} clusters`);
  const read = await Promise.all(clusters.map((cluster) => readCluster(source, cluster)));
  const lost = read.find((one) => !one.known);
  if (lost !== undefined && !lost.known) return lost;
  return known(read.flatMap((one) => (one.known ? one.value : [])));
}

async function readCluster(source: EventLogSource, cluster: string): Promise<Known<readonly StageSummary[]>> {
  const found = await source.logs(cluster);
  if (!found.known) return found;
  const logs = found.value.filter((log) => /\/eventlog[^/]*$/.test(`/${log.path}`) || /\.(?:json|gz|log)$/.test(log.path));
  if (logs.length === 0) return unknown('absent: no event log was delivered');
  const fold = foldStages();
  try {
    for (const log of inOrder(logs)) for await (const line of linesOf(log)) fold.add(line);
  } catch (error) {
    return unknown(`unreadable: ${error instanceof Error ? error.message : 'the event log'}`);
  }
  return known(fold.summaries());
}

/** Rolled files carry their time in their names; the one that is still written is plain `eventlog` and the last. */
function inOrder(logs: readonly EventLog[]): readonly EventLog[] {
  const rank = (log: EventLog) => (log.path.endsWith('/eventlog') ? `${log.path.slice(0, -8)}\uffff` : log.path);
  return [...logs].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

async function* linesOf(log: EventLog) {
  const plain = Readable.from(bounded(log.bytes()));
  const unpacked = log.path.endsWith('.gz') ? plain.compose(createGunzip()) : plain;
  for await (const line of createInterface({ input: Readable.from(bounded(unpacked)), crlfDelay: Number.POSITIVE_INFINITY })) {
    const event = readSparkEvent(line);
    if (event !== null) yield event;
  }
}

/** Counted before and after unpacking: a small file may hold a large text. */
async function* bounded(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of parts) {
    size += part.byteLength;
    if (size > mostBytes) throw new Error('the event log is larger than 512 MiB');
    yield part;
  }
}
