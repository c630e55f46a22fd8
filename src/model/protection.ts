import type { QueueFacts } from './merge-queue.ts';

/** The check run in which the gate reports, and which a ruleset may require of our App. */
export const GATE_CHECK = 'sluice/gate';

/** The newest check run of one App and name on the head, or its one commit status of a name. */
export interface CheckFact {
  readonly name: string;
  readonly kind: 'run' | 'status';
  /** Numeric id of the App that wrote a check run; null: a commit status, or an App that is gone. */
  readonly appId: number | null;
  /** The App's slug, or the login that set a status. */
  readonly writer: string;
  /** GitHub wants it to pass before this pull request is merged, by a ruleset or by a branch protection. */
  readonly required: boolean;
  readonly standing: 'passed' | 'failed' | 'unsettled';
  /** GitHub's own word, such as `timed_out`. */
  readonly said: string;
}

/** One required check of an active ruleset. */
export interface RequiredCheck {
  readonly name: string;
  /** The only App whose word counts; null: anybody's. */
  readonly appId: number | null;
}

/** What GitHub itself wants before an open pull request is merged, and what of it is there. */
export interface ProtectionFacts {
  /** Null: GitHub wants no review, and nobody asked for changes. */
  readonly review: 'approved' | 'changes_requested' | 'review_required' | null;
  /** False also while GitHub still computes it: a merge that conflicts is refused anyway. */
  readonly conflicts: boolean;
  /** The base has commits that the head lacks. */
  readonly behind: boolean;
  /** A head that is behind may not be merged. */
  readonly strict: boolean;
  /** Null: the base branch has no merge queue. */
  readonly queue: QueueFacts | null;
  readonly rules: readonly RequiredCheck[];
  /** The head's checks that are required or bear our name. */
  readonly checks: readonly CheckFact[];
}
