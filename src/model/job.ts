/** A Databricks job as read: its settings are raw JSON text, because ids and numbers must keep their lexemes. */
export interface Job {
  /** int64 as text. */
  readonly id: string;
  readonly name: string;
  /** All pages joined; JobSettings as JSON text. */
  readonly settings: string;
  /** Set by a bundle or a UI lock; a direct write is refused then. */
  readonly managedBy: 'bundle' | 'ui-lock' | null;
}

export type RunOutcome = 'succeeded' | 'failed' | 'canceled' | 'active' | 'unknown';

export interface Run {
  readonly id: string;
  readonly jobId: string;
  readonly outcome: RunOutcome;
  /** ISO instants; null where Databricks has none yet. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly terminationCode: string | null;
  readonly terminationType: string | null;
  readonly message: string;
  readonly tasks: readonly TaskRun[];
  readonly repairs: readonly { readonly id: string; readonly startedAt: string }[];
  /** How long it waited in the job's queue; absent where the source does not tell. */
  readonly queuedSeconds?: number;
}

export interface TaskRun {
  readonly runId: string;
  readonly taskKey: string;
  readonly outcome: RunOutcome;
  readonly clusterId: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why this task ended, which says more than the run's own code and message; absent where the source does not tell. */
  readonly terminationCode?: string;
  readonly message?: string;
  /** 1 for the first; absent where the source does not tell. */
  readonly attempt?: number;
}

export interface TaskError {
  readonly error: string;
  readonly trace: string;
}

export interface NodeType {
  readonly id: string;
  readonly memoryMb: number;
  readonly cores: number;
}

/** One Spark stage's tasks in quantiles; bytes and milliseconds. `quantiles` are at 0, 0.25, 0.5, 0.75, 0.95 and 1. */
export interface StageSummary {
  readonly stageId: number;
  readonly attempt: number;
  readonly name: string;
  readonly status: 'complete' | 'failed' | 'active' | 'unknown';
  readonly tasks: number;
  readonly failedTasks: number;
  readonly durationMs: number;
  readonly taskMs: StageQuantiles;
  readonly shuffleReadBytes: StageQuantiles;
  readonly inputBytes: StageQuantiles;
  readonly totalShuffleReadBytes: number;
  readonly totalInputBytes: number;
  /** Absent where the source does not tell. */
  readonly totalShuffleWriteBytes?: number;
  /** Ids of the stages whose shuffle output this one reads. Absent where the source does not tell. */
  readonly parents?: readonly number[];
  readonly memorySpilledBytes: number;
  readonly diskSpilledBytes: number;
  /** NaN where the source does not tell. */
  readonly gcMs: number;
  readonly runMs: number;
  /** Most execution memory that one task held at once. Absent where the source does not tell. */
  readonly peakExecutionMemoryBytes?: number;
  /** Spark's own words for why the stage failed, cut; outside text. */
  readonly failure?: string;
  /** Where it was read: such as `event log of application_1_2` or a History Server's address. */
  readonly source?: string;
  /** Why the source may hold more than was read. What is computed from a part of the stages is not known. */
  readonly partial?: string;
}

export interface StageQuantiles {
  readonly min: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly max: number;
}
