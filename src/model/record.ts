import type { Change, JobAction, ReasonedChange } from './change.ts';
import type { Risk } from './config.ts';
import type { TargetKind } from './target.ts';
import type { VerificationSpec } from './verification.ts';

/**
 * What is run once a change is in force. For a batch job: the failed run is repaired, or the job is run. For an endless stream `restart`: its
 * active run is cancelled, and Databricks starts the next one by itself; `cancel-and-run`: Databricks would not, so the job is run then.
 */
export type RerunHow = 'repair' | 'run-now' | 'restart' | 'cancel-and-run';

/**
 * `.sluice/changes/<issue>-<n>.json`: what one proposal changes, why, and how it is judged and undone. Kept snake_case because the
 * field names are the file format.
 */
export interface ChangeRecord {
  readonly schema: 1;
  readonly incident: number;
  readonly sequence: number;
  readonly kind: 'change' | 'action' | 'rollback';
  /** Path of the record that this one undoes; only for kind `rollback`. */
  readonly undoes: string | null;
  readonly target: string;
  readonly target_kind: TargetKind;
  readonly repository_id: number;
  readonly workspace: string | null;
  readonly host: string | null;
  /** int64 as text. */
  readonly job_id: string | null;
  readonly runbook: { readonly id: string; readonly blob: string } | null;
  readonly risk: Risk;
  readonly base_settings_digest: string | null;
  readonly changes: readonly ReasonedChange[];
  readonly action: JobAction | null;
  readonly inverse: readonly Change[];
  readonly plan_digest: string;
  readonly baseline: Readonly<Record<string, number | null>>;
  readonly verification: VerificationSpec | null;
  /** What is run once after the apply where the target's `rerun` allows it; `run_id` is the failed run of a repair. */
  readonly rerun: { readonly how: RerunHow; readonly run_id: string | null } | null;
  readonly expires_at: string;
  /** Numeric ids of those who handed the content in through MCP: they approve it as little as its author does. Left out when nobody did. */
  readonly shaped_by?: readonly number[] | undefined;
}

const RECORD_PATH = /^\.sluice\/changes\/([1-9][0-9]*)-([1-9][0-9]*)\.json$/;

/** The one place that a change record may lie at; anything else under `.sluice/` is nobody's. */
export function isRecordPath(path: string): boolean {
  return RECORD_PATH.test(path);
}
