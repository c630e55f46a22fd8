import type { DiagnosisOutcome } from './diagnosis.ts';

/** The instant at which every case is looked at, ISO; a Friday night. Its alert began five minutes before. */
export const SUITE_INSTANT = '2026-11-20T03:00:00Z';

/** A series one value a minute, the last one at the moment of the alert; null where nothing was scraped. */
export interface RecordedSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** What Databricks tells of a run's end: termination code and type, the message of the run, and the two texts of its failed task. */
export interface RecordedFailure {
  readonly code: string;
  readonly type: string;
  readonly message: string;
  readonly error: string;
  readonly trace: string;
}

/** An event of the run's cluster; `reason` is a termination reason's code and type, where the event has one. */
export interface RecordedEvent {
  readonly type: string;
  readonly reason: { readonly code: string; readonly type: string } | null;
}

/** Tasks of one stage: most are alike, some stand out. Milliseconds and bytes of one task. */
export interface RecordedStage {
  readonly name: string;
  readonly reads: 'files' | 'shuffle';
  readonly tasks: number;
  readonly taskMs: number;
  readonly taskBytes: number;
  readonly outliers: { readonly tasks: number; readonly ms: number; readonly bytes: number } | null;
  /** Attempts that died; the stage then ends by them. */
  readonly failedAttempts: number;
  /** Tasks that only a second attempt of the stage ran, because the first lost output of the stages before it; 0: there was one attempt. */
  readonly retried: number;
  /** Bytes spilled from memory, all tasks together, and by whom. */
  readonly spilled: number;
  readonly spilledBy: 'all' | 'outliers';
  /** Share of the run time that went into garbage collection. */
  readonly gc: number;
  /** Bytes written for the next stage, for each byte read. */
  readonly shuffleWrite: number;
  /** Tasks that ran at once. */
  readonly slots: number;
}

/** A run that ended `ago` minutes before the alert, or goes on since its start where it has no `minutes`. */
export interface RecordedRun {
  readonly startedAgo: number;
  readonly minutes: number | null;
  readonly result: 'succeeded' | 'failed' | 'canceled' | 'timed-out' | 'active';
  readonly failure: RecordedFailure | null;
  readonly events: readonly RecordedEvent[];
  readonly stages: readonly RecordedStage[];
  /** Which task it was that ran, and failed. */
  readonly task: string | null;
}

/** What the systems showed when the alert came. */
export interface RecordedWorld {
  readonly series: readonly RecordedSeries[];
  readonly runs: readonly RecordedRun[];
}

/** What is right: the outcome, the cause that comes first, and what may be proposed. */
export interface RightAnswer {
  /** Nothing may be proposed: neither a change nor an action nor advice. */
  readonly noChange: boolean;
  readonly outcomes: readonly DiagnosisOutcome[];
  /** The first cause's rule; null: none. */
  readonly cause: string | null;
  readonly runbook: string | null;
  /** Remedies that are right; empty with `noChange`. */
  readonly remedies: readonly string[];
  readonly forbidden: readonly string[];
  /** Signals that the first cause has to cite. */
  readonly evidence: readonly string[];
  /** The new value of the change, where only one is right. */
  readonly value: string | null;
}

/** One question to an investigation, and its answer. */
export interface SuiteCase {
  readonly type: string;
  readonly name: string;
  readonly file: string;
  /** The body that Alertmanager would send. */
  readonly alert: unknown;
  /** The text of .github/sluice.yml. */
  readonly config: string;
  readonly files: Readonly<Record<string, string>>;
  readonly job: { readonly id: string; readonly settings: string } | null;
  readonly world: RecordedWorld;
  readonly answer: RightAnswer;
}
