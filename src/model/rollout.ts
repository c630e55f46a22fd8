import type { GlassUse } from './break-glass.ts';
import type { RolloutReasonCode } from './reason.ts';
import type { RerunHow } from './record.ts';
import type { Verification } from './verification.ts';

/** What one merge brought to one target: a person's merge may change several. */
export interface RolloutKey {
  readonly merge: string;
  readonly target: string;
}

/** One append-only entry about the rollout of the change merged as M. Entries are kept in the apply App's own check run. */
export type RolloutEntry =
  /** The first entry of a person's change: whose it is, and how many values of the job it changes. Null: no pull request brought it. */
  | {
      readonly what: 'derived';
      readonly at: string;
      readonly run: string;
      readonly pull: number | null;
      readonly changes: number;
    }
  /** The gate let it pass because two people broke the glass; noted before anything that it lets through. */
  | { readonly what: 'broke-glass'; readonly at: string; readonly run: string; readonly use: GlassUse }
  | {
      readonly what: 'intent';
      readonly at: string;
      readonly run: string;
      readonly before: string;
      readonly after: string;
      readonly direction: 'apply' | 'rollback';
    }
  | {
      readonly what: 'written';
      readonly at: string;
      readonly run: string;
      readonly writes: number;
      readonly direction: 'apply' | 'rollback';
    }
  | { readonly what: 'adopted'; readonly at: string; readonly run: string; readonly direction: 'apply' | 'rollback' }
  /** `subject` is a job or, for a repair and a cancel, a run. The two steps of `cancel-and-run` have intents of their own. */
  | {
      readonly what: 'rerun-intent';
      readonly at: string;
      readonly run: string;
      readonly how: RerunHow | 'cancel';
      readonly subject: string;
    }
  | { readonly what: 'rerun'; readonly at: string; readonly run: string; readonly id: string | null }
  | {
      readonly what: 'refused';
      readonly at: string;
      readonly run: string;
      readonly code: RolloutReasonCode | string;
      readonly detail: string;
    }
  /** Nothing is left to do: the record asks for no verification. */
  | { readonly what: 'done'; readonly at: string; readonly run: string }
  | { readonly what: 'retry'; readonly at: string; readonly run: string }
  /** The change did not help, and only a Proposal may take it back: nothing is written from here on. */
  | { readonly what: 'proposal-due'; readonly at: string; readonly run: string }
  | { readonly what: 'verified'; readonly at: string; readonly run: string; readonly verification: Verification };

/** Where a merged change stands: the fold of its entries. */
export type RolloutState =
  | 'pending'
  | 'intended'
  | 'applied'
  | 'awaiting-run'
  | 'verified'
  | 'rolling-back'
  | 'rolled-back'
  | 'rollback-due'
  | 'inconclusive'
  | 'in_doubt'
  | 'refused';

/** A rollout as the fold of its entries. */
export interface Rollout {
  readonly state: RolloutState;
  /** The intent that no later entry settled, in either direction. */
  readonly openIntent: Extract<RolloutEntry, { what: 'intent' }> | null;
  readonly appliedAt: string | null;
  readonly writes: number;
  /** Of the change; after its rollback, of that. */
  readonly rerun: 'none' | 'intended' | 'done';
  /** The attempt that noted the newest intent of a rerun; null: none did. */
  readonly rerunBy: string | null;
  /** When the rerun was first intended. */
  readonly rerunAt: string | null;
  /** The stream's run that is cancelled so that another one is started; null: none is. */
  readonly stopping: string | null;
  readonly lastRefusal: Extract<RolloutEntry, { what: 'refused' }> | null;
  readonly verification: Extract<RolloutEntry, { what: 'verified' }> | null;
}
