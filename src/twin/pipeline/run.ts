import type { BatchRun } from './batch.ts';
import { cancelled } from './failure.ts';
import type { ClusterShape } from './job.ts';

/** Milliseconds since the epoch, as the Jobs API writes times. */
export type Millis = number;

export type Result =
  | 'SUCCESS'
  | 'FAILED'
  | 'TIMEDOUT'
  | 'CANCELED'
  | 'UPSTREAM_FAILED'
  | 'UPSTREAM_CANCELED'
  | 'MAXIMUM_CONCURRENT_RUNS_REACHED';

/** Why a task failed, in Databricks' words: `code` and `type` of termination_details, and the two texts of get-output. */
export interface Failure {
  readonly code: string;
  readonly type: string;
  readonly message: string;
  readonly error: string;
  readonly trace: string;
}

/** One attempt at a task, planned when its run starts: `end` is null for a stream that runs until somebody stops it. */
export interface TaskAttempt {
  readonly runId: string;
  readonly taskKey: string;
  /** The job's settings that this attempt runs with. */
  readonly settings: string;
  readonly dependsOn: readonly string[];
  readonly attempt: number;
  readonly created: Millis;
  readonly start: Millis;
  readonly end: Millis | null;
  readonly result: Result;
  readonly failure: Failure | null;
  readonly cluster: ClusterInstance | null;
  readonly batch: BatchRun | null;
  /** Bytes that the attempt read, for rules per input byte. */
  readonly inputBytes: number;
}

export interface ClusterInstance {
  readonly clusterId: string;
  readonly sparkContextId: string;
  readonly appId: string;
  readonly shape: ClusterShape;
  readonly created: Millis;
  /** When Spark was up. */
  readonly start: Millis;
  /** What happened to it besides being created, running and ending; `reason` as a termination reason. */
  readonly events?: readonly {
    readonly at: Millis;
    readonly type: string;
    readonly reason: { readonly code: string; readonly type: string } | null;
  }[];
}

export interface Repair {
  readonly repairId: string;
  readonly at: Millis;
  readonly taskRunIds: readonly string[];
}

export interface Run {
  readonly runId: string;
  readonly jobId: string;
  readonly name: string;
  readonly trigger: 'PERIODIC' | 'ONE_TIME' | 'CONTINUOUS' | 'RETRY';
  readonly created: Millis;
  /** Null while it waits in the job's queue. */
  readonly started: Millis | null;
  readonly ended: Millis | null;
  readonly result: Result;
  readonly settings: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Every attempt, repairs included, in the order in which they were made. */
  readonly attempts: readonly TaskAttempt[];
  readonly repairs: readonly Repair[];
}

export type Phase = 'QUEUED' | 'PENDING' | 'RUNNING' | 'TERMINATED' | 'SKIPPED';

export function phaseOf(run: Run, now: Millis): Phase {
  if (run.result === 'MAXIMUM_CONCURRENT_RUNS_REACHED') return 'SKIPPED';
  if (run.started === null) return 'QUEUED';
  if (run.ended !== null && run.ended <= now) return 'TERMINATED';
  return run.attempts.some((attempt) => attempt.start <= now) ? 'RUNNING' : 'PENDING';
}

export function isActive(run: Run, now: Millis): boolean {
  const phase = phaseOf(run, now);
  return phase === 'PENDING' || phase === 'RUNNING';
}

/** The latest attempt at each task, in the order of the tasks. */
export function latestAttempts(run: Run): readonly TaskAttempt[] {
  return [...new Map(run.attempts.map((attempt) => [attempt.taskKey, attempt])).values()];
}

export function resultOf(attempts: readonly TaskAttempt[]): Result {
  const results = attempts.map((attempt) => attempt.result);
  return (
    (['CANCELED', 'TIMEDOUT', 'FAILED'] as const).find((result) => results.includes(result)) ??
    (results.every((result) => result === 'SUCCESS') ? 'SUCCESS' : 'FAILED')
  );
}

/** A cluster of a run and the attempts that ran on it; it ends with the last of them. */
export interface ClusterUse {
  readonly cluster: ClusterInstance;
  readonly attempts: readonly TaskAttempt[];
  readonly end: Millis | null;
}

export function clustersOf(run: Run): readonly ClusterUse[] {
  const uses = new Map<string, TaskAttempt[]>();
  for (const attempt of run.attempts) {
    if (attempt.cluster !== null) uses.set(attempt.cluster.clusterId, [...(uses.get(attempt.cluster.clusterId) ?? []), attempt]);
  }
  return [...uses.values()].flatMap((attempts) => {
    const cluster = attempts[0]?.cluster;
    const ends = attempts.map((attempt) => attempt.end);
    return cluster == null
      ? []
      : [{ cluster, attempts, end: ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0)) }];
  });
}

/** When a run with these attempts ends, and how; null while one of them runs without an end. */
export function endOf(run: Run): Pick<Run, 'ended' | 'result'> {
  const latest = latestAttempts(run);
  const ends = latest.map((attempt) => attempt.end);
  return { ended: ends.includes(null) ? null : Math.max(run.created, ...ends.map((end) => end ?? 0)), result: resultOf(latest) };
}

/** The attempt as it is when its run is stopped at an instant. */
export function cutShort(attempt: TaskAttempt, at: Millis, result: 'CANCELED' | 'TIMEDOUT'): TaskAttempt {
  if (attempt.end !== null && attempt.end <= at) return attempt;
  return { ...attempt, start: Math.min(attempt.start, at), end: at, result, failure: cancelled };
}

/** The run stopped where it exceeds its time limit in seconds (0 = none), but not before `now`. */
export function limited(run: Run, seconds: number, now: Millis): Run {
  const limit = Math.max(now, (run.started ?? now) + seconds * 1000);
  if (seconds === 0 || (run.ended !== null && run.ended <= limit)) return run;
  return {
    ...run,
    ended: limit,
    result: 'TIMEDOUT',
    attempts: run.attempts.map((attempt) => cutShort(attempt, limit, 'TIMEDOUT')),
  };
}
