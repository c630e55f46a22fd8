import type { Run, TaskError } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { FactType, FactValue } from './expression.ts';

/** What a job's recent runs, the failed task's error and the cluster's events say; each unknown on its own. */
export interface RunReadings {
  readonly runs: Known<readonly Run[]>;
  /** Errors of the failed tasks of the latest finished run; empty when nothing failed. */
  readonly errors: Known<readonly TaskError[]>;
  readonly events: Known<readonly { readonly type: string; readonly at: string; readonly reason: string }[]>;
}

export interface FactMeaning {
  readonly type: FactType;
  readonly unit: string;
  readonly means: string;
}

/** Facts that a runbook may name under `databricks`. The latest finished run is the one judged; cancelled runs are passed over. */
export const runFactMeanings = {
  run_failed: { type: 'double', unit: '0 or 1', means: 'the latest finished run failed (1) or succeeded (0)' },
  run_seconds: { type: 'double', unit: 's', means: 'how long the latest finished run took' },
  run_seconds_usual: { type: 'double', unit: 's', means: 'median of the last 5 successful runs' },
  failures_in_row: { type: 'double', unit: 'runs', means: 'finished runs that failed without a success between them, up to now' },
  run_active: { type: 'bool', unit: '', means: 'a run of the job is active now' },
  error_kind: {
    type: 'string',
    unit: '',
    means:
      'executor_oom, container_killed, driver_oom, broadcast_oom, driver_lost, cluster, other, or none when the latest run succeeded',
  },
  nodes_lost: { type: 'double', unit: 'nodes', means: 'NODES_LOST events of the failed cluster' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export type RunFactName = keyof typeof runFactMeanings;

const goodRuns = 5;

/** Reads every fact; what cannot be told is null. */
export function runFacts(readings: RunReadings): Readonly<Record<RunFactName, FactValue>> {
  const runs = readings.runs.known ? readings.runs.value : null;
  const finished = (runs ?? []).filter((run) => run.outcome === 'succeeded' || run.outcome === 'failed');
  const [latest] = finished;
  const undecided = runs === null || hidesLatest(runs);
  return {
    run_failed: latest === undefined || undecided ? null : Number(latest.outcome === 'failed'),
    run_seconds: latest === undefined || undecided ? null : secondsOf(latest),
    run_seconds_usual: medianOf(
      finished
        .filter((run) => run.outcome === 'succeeded')
        .slice(0, goodRuns)
        .flatMap((run) => secondsOf(run) ?? []),
    ),
    failures_in_row: undecided ? null : failuresInRow(finished),
    run_active: runs === null ? null : runs.some((run) => run.outcome === 'active'),
    error_kind: latest === undefined || undecided ? null : errorKind(latest, readings),
    nodes_lost: readings.events.known ? readings.events.value.filter((event) => event.type === 'NODES_LOST').length : null,
  };
}

/** The run that facts and stages are about: the latest that succeeded or failed. */
export function latestFinished(runs: readonly Run[]): Run | null {
  return runs.find((run) => run.outcome === 'succeeded' || run.outcome === 'failed') ?? null;
}

/** A newest run with an outcome that we do not know might be a failure or a success: then nothing is said about "the latest". */
function hidesLatest(runs: readonly Run[]): boolean {
  return runs.find((run) => run.outcome !== 'active' && run.outcome !== 'canceled')?.outcome === 'unknown';
}

function failuresInRow(finished: readonly Run[]): number {
  const success = finished.findIndex((run) => run.outcome === 'succeeded');
  return success === -1 ? finished.length : success;
}

export function secondsOf(run: Pick<Run, 'startedAt' | 'endedAt'>): number | null {
  if (run.endedAt === null || run.startedAt === '') return null;
  const seconds = (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/**
 * There is no termination code for memory: the texts tell. Order matters, since a broadcast that does not fit also says
 * OutOfMemoryError, and so does the driver. Texts: Spark's TaskSchedulerImpl, BroadcastExchangeExec, YARN's container monitor.
 */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['broadcast_oom', /cannot broadcast the table|not enough memory to build and broadcast|autoBroadcastJoinThreshold/i],
  [
    'driver_oom',
    /driver (?:ran|is) out of memory|DRIVER_OUT_OF_MEMORY|spark\.driver\.maxResultSize|Total size of serialized results/i,
  ],
  ['container_killed', /killed by YARN for exceeding memory limits|exit(?:ed with)? code 137|OOMKilled/i],
  [
    'executor_oom',
    /ExecutorLostFailure[\s\S]*(?:OutOfMemoryError|exited with code 52)|java\.lang\.OutOfMemoryError|SparkOutOfMemoryError/i,
  ],
  [
    'driver_lost',
    /driver (?:is )?(?:up but is )?not responsive|driver is temporarily unavailable|DRIVER_(?:NOT_RESPONDING|UNAVAILABLE)/i,
  ],
];

function errorKind(latest: Run, readings: RunReadings): string | null {
  if (latest.outcome === 'succeeded') return 'none';
  if (!readings.errors.known) return null;
  const events = readings.events.known ? readings.events.value.map((event) => `${event.type} ${event.reason}`) : [];
  const texts = [latest.message, ...readings.errors.value.flatMap((error) => [error.error, error.trace]), ...events].join('\n');
  const found = kinds.find(([, pattern]) => pattern.test(texts));
  if (found !== undefined) return found[0];
  return /^(?:CLUSTER_ERROR|INVALID_CLUSTER_REQUEST|CLOUD_FAILURE|CLUSTER_REQUEST_LIMIT_EXCEEDED)$/.test(
    latest.terminationCode ?? '',
  )
    ? 'cluster'
    : 'other';
}
