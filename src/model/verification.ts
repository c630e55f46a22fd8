/** One measured expectation over the time before and after a change. */
export interface VerificationCheck {
  readonly name: string;
  readonly source: 'prometheus' | 'databricks' | 'spark';
  /** PromQL with its parameters already quoted, or the name of a run's fact (`run_failed`, `run_seconds`) or its stages' (`skew_ratio`). */
  readonly query: string;
  readonly unit: string;
  /** CEL over `before` and `after` (numbers): true means improved. */
  readonly expect: string;
  /** CEL over `before` and `after`: true means worse. */
  readonly worse: string;
}

export interface VerificationSpec {
  readonly kind: 'batch' | 'streaming';
  readonly checks: readonly VerificationCheck[];
  /** Minutes after the apply before a streaming job is judged. */
  readonly settle_minutes: number;
  /** Minutes after which an unjudged change is inconclusive. */
  readonly within_minutes: number;
}

export type VerificationVerdict = 'improved' | 'unchanged' | 'worse' | 'inconclusive' | 'awaiting-run';

export interface CheckResult {
  readonly name: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
  /** `as-expected`: a guard. It is as it should be, and was so before the change. */
  readonly verdict: 'improved' | 'as-expected' | 'unchanged' | 'worse' | 'inconclusive';
}

export interface Verification {
  readonly verdict: VerificationVerdict;
  readonly checks: readonly CheckResult[];
  /** The run that was judged; null for streaming. */
  readonly runId: string | null;
  readonly at: string;
  /** While the verdict is `awaiting-run`: when the run that will be judged should have ended, or the metrics have settled; null: cannot be told. */
  readonly expectedAt: string | null;
}
