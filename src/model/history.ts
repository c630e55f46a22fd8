import type { DiagnosisOutcome } from './diagnosis.ts';
import type { Signal } from './signal.ts';

/** Who did something: an account by its numeric id, or Sluice itself. */
export interface Actor {
  readonly id: number;
  readonly login: string;
}

/** One append-only entry about an incident, kept as a signed mark in a comment of our App. State is the fold of these. */
export type HistoryEntry =
  | { readonly what: 'opened'; readonly at: string; readonly identity: string; readonly target: string | null }
  | { readonly what: 'signal'; readonly at: string; readonly signal: Signal }
  | { readonly what: 'reopened'; readonly at: string }
  | {
      readonly what: 'investigated';
      readonly at: string;
      readonly outcome: DiagnosisOutcome;
      readonly cause: string | null;
      readonly asker: Actor | null;
      /** What the asker wanted to be looked at: outside text, kept as data. */
      readonly hint: string | null;
      /** A proposal follows: until it is noted, the answer is not whole. */
      readonly acting: boolean;
    }
  /** Keeps quiet until then; an instant that is past ends an earlier one. */
  | { readonly what: 'snoozed'; readonly at: string; readonly by: Actor; readonly until: string }
  /** People were told how to tune an alert that comes and goes. */
  | { readonly what: 'advised'; readonly at: string; readonly why: 'flapping' }
  | { readonly what: 'blocked'; readonly at: string; readonly code: string }
  | {
      readonly what: 'proposed';
      readonly at: string;
      readonly pull: number;
      readonly branch: string;
      readonly head: string;
      readonly record: string;
      readonly kind: 'change' | 'action' | 'rollback';
    }
  | { readonly what: 'planned'; readonly at: string; readonly pull: number; readonly head: string }
  | { readonly what: 'answered'; readonly at: string; readonly comment: number }
  | {
      readonly what: 'merged';
      readonly at: string;
      readonly pull: number;
      readonly merge: string;
      /** Logins of those whose approvals counted. */
      readonly approvers: readonly string[];
      /** Our comment there that says where it stands; null: there was none yet. */
      readonly status: number | null;
    }
  /** The thread was told, and the issue that an owner closes was opened. */
  | {
      readonly what: 'broke-glass';
      readonly at: string;
      readonly pull: number;
      readonly head: string;
      readonly issue: number;
    }
  | { readonly what: 'rollout'; readonly at: string; readonly merge: string; readonly state: string }
  | { readonly what: 'closed'; readonly at: string; readonly why: 'verified' | 'healthy' | 'dismissed' | 'rolled-back' };

/** Where an incident stands, folded from its entries. */
export interface IncidentState {
  readonly identity: string | null;
  readonly target: string | null;
  readonly openedAt: string | null;
  readonly closedAt: string | null;
  /** The newest signal; null before the first. */
  readonly signal: Signal | null;
  /** When the alert came back: after a resolve, or after its incident was closed. */
  readonly flaps: readonly string[];
  readonly snoozedUntil: string | null;
  readonly advised: boolean;
  readonly investigations: number;
  readonly outcome: DiagnosisOutcome | null;
  /** A proposal was announced and is not there yet. */
  readonly owed: boolean;
  /** The newest thing that stood in the way of an answer; null: nothing did. */
  readonly blocked: string | null;
  readonly proposals: readonly Extract<HistoryEntry, { what: 'proposed' }>[];
  /** Pull requests that were proposed and not merged when the incident was dismissed: they are closed, and count for nothing any more. */
  readonly withdrawn: readonly number[];
  readonly merges: readonly Extract<HistoryEntry, { what: 'merged' }>[];
  readonly rollout: string | null;
  readonly answered: readonly number[];
  readonly plannedHeads: readonly string[];
  readonly askers: readonly number[];
}

/** The entries that could be believed, and how many marks could not. */
export interface History {
  readonly entries: readonly HistoryEntry[];
  readonly forged: number;
}
