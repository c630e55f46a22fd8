import type { RolloutReasonCode } from './reason.ts';
import type { Verification } from './verification.ts';

/** One append-only entry about the rollout of the change merged as M. Entries are kept in the apply App's own check run. */
export type RolloutEntry =
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
  | { readonly what: 'adopted'; readonly at: string; readonly run: string }
  | {
      readonly what: 'rerun-intent';
      readonly at: string;
      readonly run: string;
      readonly how: 'repair' | 'run-now';
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
  | { readonly what: 'retry'; readonly at: string; readonly run: string }
  | { readonly what: 'verified'; readonly at: string; readonly run: string; readonly verification: Verification }
  | { readonly what: 'rolled-back'; readonly at: string; readonly run: string; readonly writes: number };

/** Where a merged change stands: the fold of its entries. */
export type RolloutState =
  | 'pending'
  | 'intended'
  | 'applied'
  | 'awaiting-run'
  | 'verified'
  | 'rolling-back'
  | 'rolled-back'
  | 'inconclusive'
  | 'in_doubt'
  | 'refused';
