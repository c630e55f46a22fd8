import type { Run } from '../model/job.ts';
import type { Signal } from '../model/signal.ts';
import { clusterReason, eventsDuring, nodesLost, preemptedNodes } from './cluster-events.ts';
import { type ErrorKind, errorKinds } from './error-kind.ts';
import type { FactType, FactValue } from './expression.ts';
import { failedTasks, kindOfFailure, terminationCode } from './failure.ts';
import type { RunReadings } from './run-readings.ts';

export interface FactMeaning {
  readonly type: FactType;
  readonly unit: string;
  readonly means: string;
  /** Of a text that is one of a closed list: all of them. */
  readonly values?: readonly string[];
}

/** Facts that a runbook may name under `databricks`. The latest finished run is the one judged; cancelled runs are passed over. */
export const runFactMeanings = {
  run_failed: { type: 'double', unit: '0 or 1', means: 'the latest finished run failed (1) or succeeded (0)' },
  run_seconds: { type: 'double', unit: 's', means: 'how long the latest finished run took' },
  run_seconds_usual: { type: 'double', unit: 's', means: 'median of the last 5 successful runs' },
  failures_in_row: { type: 'double', unit: 'runs', means: 'finished runs that failed without a success between them, up to now' },
  run_active: { type: 'bool', unit: '', means: 'a run of the job is active now' },
  run_canceled: { type: 'bool', unit: '', means: 'the newest run was stopped by somebody, or by a limit that is no timeout' },
  error_kind: {
    type: 'string',
    unit: '',
    means: 'what the latest run failed of, as listed below; none when it succeeded',
    values: errorKinds,
  },
  runs_failed_same: { type: 'double', unit: 'runs', means: 'failed runs up to now with the same error_kind; 3 are looked at' },
  termination_code: {
    type: 'string',
    unit: '',
    means: 'termination code of the failed task, else of the run, such as CLUSTER_ERROR',
  },
  termination_type: { type: 'string', unit: '', means: 'termination type of the run, such as CLIENT_ERROR or CLOUD_FAILURE' },
  attempts: { type: 'double', unit: 'attempts', means: 'attempts of the failed task that were made' },
  cluster_reason: {
    type: 'string',
    unit: '',
    means: 'why the cluster of the failed task was terminated, such as INIT_SCRIPT_FAILURE, or none when it was not',
  },
  nodes_lost: { type: 'double', unit: 'nodes', means: 'NODES_LOST events of the failed cluster while the run lasted' },
  preempted_nodes: { type: 'double', unit: 'nodes', means: 'nodes that the cloud took back, by the reasons of the events' },
  queue_seconds: { type: 'double', unit: 's', means: 'how long the latest finished run waited in the queue of its job' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export type RunFactName = keyof typeof runFactMeanings;

const goodRuns = 5;

/** Reads every fact; what cannot be told is null. */
export function runFacts(readings: RunReadings): Readonly<Record<RunFactName, FactValue>> {
  const runs = readings.runs.known ? readings.runs.value : null;
  const finished = finishedOf(runs ?? []);
  const [latest] = finished;
  const undecided = runs === null || hidesLatest(runs);
  const judged = latest === undefined || undecided ? null : latest;
  const during = judged !== null && readings.events.known ? eventsDuring(judged, readings.events.value) : null;
  const kind = judged === null ? null : judged.outcome === 'succeeded' ? 'none' : kindOfFailure(judged, readings);
  return {
    run_failed: judged === null ? null : Number(judged.outcome === 'failed'),
    run_seconds: judged === null ? null : secondsOf(judged),
    run_seconds_usual: medianOf(
      finished
        .filter((run) => run.outcome === 'succeeded')
        .slice(0, goodRuns)
        .flatMap((run) => secondsOf(run) ?? []),
    ),
    failures_in_row: undecided ? null : failuresInRow(finished),
    run_active: runs === null ? null : runs.some((run) => run.outcome === 'active'),
    run_canceled: runs === null || runs[0] === undefined ? null : runs[0].outcome === 'canceled',
    error_kind: kind,
    runs_failed_same: kind === 'none' ? 0 : failedSame(kind, finished, readings),
    termination_code: judged === null ? null : terminationCode(judged),
    termination_type: judged?.terminationType ?? null,
    attempts: judged === null ? null : attemptsOf(judged),
    cluster_reason: during === null ? null : clusterReason(during),
    nodes_lost: during === null ? null : nodesLost(during),
    preempted_nodes: during === null ? null : preemptedNodes(during),
    queue_seconds: judged?.queuedSeconds ?? null,
  };
}

function finishedOf(runs: readonly Run[]): readonly Run[] {
  return runs.filter(({ outcome }) => outcome === 'succeeded' || outcome === 'failed');
}

/** The run that facts and stages are about: the latest that succeeded or failed. */
export function latestFinished(runs: readonly Run[]): Run | null {
  return finishedOf(runs)[0] ?? null;
}

/** A name such as `DatabricksJobFailed`: about runs that fail, and about nothing else that a good run would leave open. */
const ABOUT_FAILURE =
  /(?:job|run|task|pipeline|workflow)s?[\s_-]?(?:is[\s_-]?)?fail|fail(?:ed|ing|ure)?s?[\s_-]?(?:of[\s_-]?)?(?:job|run|task|pipeline|workflow)/i;

/**
 * The failed run that an alert without a runbook is about: the latest finished one, or the last that failed before it where the alert's name
 * is about failing runs. Any other alert may be about what a good run does not mend.
 */
export function runBehind({ source, alertname }: Pick<Signal, 'source' | 'alertname'>, runs: readonly Run[]): Run | null {
  const latest = latestFinished(runs);
  if (latest?.outcome === 'failed') return latest;
  const isAboutFailure = source === 'databricks' || ABOUT_FAILURE.test(alertname);
  return (isAboutFailure && runs.find(({ outcome }) => outcome === 'failed')) || null;
}

/** The runs that failed directly before the latest one, the newest first. */
export function failedBefore(runs: readonly Run[]): readonly Run[] {
  const finished = finishedOf(runs);
  return finished.slice(1, Math.max(1, failuresInRow(finished)));
}

/** A newest run with an outcome that we do not know might be a failure or a success: then nothing is said about "the latest". */
function hidesLatest(runs: readonly Run[]): boolean {
  return runs.find((run) => run.outcome !== 'active' && run.outcome !== 'canceled')?.outcome === 'unknown';
}

function attemptsOf(run: Run): number | null {
  const told = failedTasks(run).flatMap(({ attempt }) => attempt ?? []);
  return told.length === 0 ? null : Math.max(...told);
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

/** How many failed runs up to now failed of the same; null where that cannot be told of the latest, or of one before the first other. */
function failedSame(kind: ErrorKind | null, finished: readonly Run[], { earlier }: RunReadings): number | null {
  if (kind === null || earlier === undefined) return null;
  const kinds = failedBefore(finished).flatMap((run, index) => {
    const read = earlier[index];
    return read === undefined ? [] : [kindOfFailure(run, read)];
  });
  const other = kinds.findIndex((one) => one !== kind);
  if (other !== -1 && kinds[other] === null) return null;
  return 1 + (other === -1 ? kinds.length : other);
}
