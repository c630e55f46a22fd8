import type { Change, JobAction, ReasonedChange } from './change.ts';
import type { Risk } from './config.ts';
import type { BlockedRule, Cause, Diagnosis } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import type { RerunHow } from './record.ts';
import type { VerificationSpec } from './verification.ts';

export interface FileEdit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Unified diff of the two. */
  readonly diff: string;
}

/** Worker-hours of one run before and after, where both could be computed from evidence. */
export interface Cost {
  readonly before: number | null;
  readonly after: number | null;
  readonly note: string;
  /** Ids of the evidence that it was computed from. */
  readonly evidence: readonly string[];
}

export interface RejectedRemedy {
  readonly remedy: string;
  readonly why: string;
}

/** One step with which a person carries a plan out by hand; `jobId` is null where no live job could be read. */
export type HandStep =
  /** `setting` is `POINTER=VALUE` as `sluice edit` takes it. */
  | { readonly do: 'set'; readonly file: string; readonly setting: string }
  /** Only a person's editor can make it. */
  | { readonly do: 'edit'; readonly file: string; readonly selector: string; readonly value: string | null }
  | { readonly do: 'propose'; readonly pipeline: boolean }
  | { readonly do: 'deploy'; readonly bundleTarget: string }
  | { readonly do: 'repair'; readonly runId: string }
  | { readonly do: 'cancel-active' | 'run-now'; readonly jobId: string | null };

interface PlanCommon {
  readonly target: string;
  readonly runbook: { readonly id: string; readonly blob: string } | null;
  /** The runbook's remedy that this is. */
  readonly remedy: string;
  readonly title: string;
  readonly cause: Cause;
  readonly risk: Risk;
  readonly impact: string;
  readonly cost: Cost;
  readonly rejected: readonly RejectedRemedy[];
  readonly alsoChanges: readonly string[];
}

/** What Sluice proposes: edit files, act on a run, or tell people what only they can do. */
export type Plan =
  | (PlanCommon & {
      readonly kind: 'change';
      readonly changes: readonly ReasonedChange[];
      readonly inverse: readonly Change[];
      readonly edits: readonly FileEdit[];
      readonly verification: VerificationSpec;
      readonly baseline: Readonly<Record<string, number | null>>;
      readonly baseSettingsDigest: string | null;
      readonly rerun: { readonly how: RerunHow; readonly runId: string | null } | null;
      readonly steps: readonly HandStep[];
    })
  | (PlanCommon & {
      readonly kind: 'action';
      readonly action: JobAction;
      readonly verification: VerificationSpec;
      readonly baseline: Readonly<Record<string, number | null>>;
      readonly steps: readonly HandStep[];
    })
  | (PlanCommon & {
      readonly kind: 'advice';
      readonly who: string;
      readonly what: string;
      /** Ids of the evidence behind a number in `what`; empty where it has none. */
      readonly evidence: readonly string[];
    });

/** Everything one investigation found; the document behind `sluice investigate --json`. */
export interface Investigation {
  readonly diagnosis: Diagnosis;
  /** Rules that could not be judged, while nothing is confirmed: what to read to know more. */
  readonly blocked: readonly BlockedRule[];
  readonly evidence: readonly Evidence[];
  readonly plan: Plan | null;
  readonly rejected: readonly RejectedRemedy[];
  /** Which runbooks answered the alert: one and the ones it was preferred to, a tie, or none of those considered. */
  readonly match: { readonly found: 'one' | 'tie' | 'none'; readonly runbooks: readonly string[] };
}
