import type { Signal } from './signal.ts';

interface Place {
  readonly owner: string;
  readonly repo: string;
  /** What must be answered in order: one conversation, or one merged change. */
  readonly key: string;
}

/** Where a webhook tells us to look. Its contents are not believed; live facts are read when it is answered. */
export type Wake = Place &
  (
    | { readonly what: 'pull'; readonly number: number }
    /** What GitHub itself, or an owner's word, asks of a pull request may be otherwise now; `appId`: whose check told us. */
    | { readonly what: 'protection'; readonly number: number; readonly appId: number | null }
    /** A commit status was set: GitHub names the commit, and no pull request. */
    | { readonly what: 'status'; readonly id: number; readonly sha: string }
    /** The default branch moved, or who may do what: every open pull request may stand otherwise. `all`: what is guarded may have changed too. */
    | { readonly what: 'open'; readonly all: boolean }
    /** The merge queue made a commit of pull requests and waits for our check on it. */
    | { readonly what: 'group'; readonly branch: string; readonly head: string }
    | { readonly what: 'rollout'; readonly sha: string; readonly target: string; readonly appId: number }
    | {
        readonly what: 'comment';
        readonly action: 'created' | 'edited' | 'deleted';
        readonly number: number;
        readonly isPull: boolean;
        readonly byBot: boolean;
        readonly comment: { readonly id: number; readonly body: string; readonly login: string; readonly userId: number };
      }
  );

/** Alerts as one sender told them in one go. */
export interface Alerts {
  /** When they came in: what comes in later is newer, whatever its own times say. */
  readonly at: string;
  readonly signals: readonly Signal[];
  /** Alerts that the sender, or our own bound, left out. */
  readonly truncated: number;
}

/** One thing that woke us, as the inbox keeps it until it is answered. */
export type Delivery = { readonly id: string /** What must be answered in order. */; readonly key: string } & (
  | { readonly kind: 'webhook'; readonly wake: Wake }
  | ({ readonly kind: 'alerts'; readonly repository: string } & Alerts)
  /** Every repository of this account that has us installed is looked at; null: of all accounts. */
  | { readonly kind: 'installed'; readonly owner: string | null }
);
