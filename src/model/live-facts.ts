import type { Known } from './known.ts';
import type { GateReasonCode, Reason } from './reason.ts';

/** What the outside says now: it can make a sound proposal stale. */
export interface LiveFacts {
  /** ISO instant of this evaluation: one for all rules. */
  readonly now: string;
  /** The record's target as each policy that was read derives it, in their order: one of them alone proves nothing. */
  readonly targets: readonly TargetFact[];
  readonly recovered: Known<boolean>;
  /** A later record for the same job at HEAD, or target files that no longer hold the new values. */
  readonly superseded: Known<boolean>;
  /** What stands against the policy that an open change is judged by; at apply it is asked by itself. */
  readonly policy: readonly Reason<GateReasonCode>[];
  /** Our own Apps' bot accounts (numeric ids): they propose and never approve. */
  readonly ours: readonly number[];
  /** The App whose check run the gate's word is; null where the process was not told. */
  readonly appId: number | null;
  readonly asked: Known<Asked>;
}

/** Where a policy says that the change goes. */
export interface TargetFact {
  /** The commit of the policy. */
  readonly commit: string;
  /** Host of the target's workspace as this process is configured; null: the target has no workspace. */
  readonly host: Known<string | null>;
  /** The live job; null: the target stands for none. */
  readonly jobId: Known<string | null>;
}

/** Numeric ids of people with a hand in the proposal beyond its commits. */
export interface Asked {
  /** Who shaped the content: `/revise`, a hint the model used, a change through MCP. Never an approver of it. */
  readonly shapers: readonly number[];
  /** Who asked for the investigation: barred at medium and high risk. */
  readonly askers: readonly number[];
}
