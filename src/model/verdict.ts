import type { BrokenGlass } from './break-glass.ts';
import type { Person } from './gate.ts';
import type { QueueFacts } from './merge-queue.ts';
import type { GateReasonCode, Reason } from './reason.ts';

export interface Approval {
  readonly commentId: number;
  readonly person: Person;
  readonly sha: string;
  readonly at: string;
}

export interface DroppedApproval {
  readonly commentId: number;
  readonly login: string;
  readonly code: GateReasonCode;
  readonly detail: string;
}

/** The gate's answer, with everything a person needs to see why. */
export interface Verdict {
  readonly verdict: 'allow' | 'wait' | 'deny';
  readonly reasons: readonly Reason<GateReasonCode>[];
  /** Those of the reasons that GitHub enforces by itself: they hold our own merge, and never our check. */
  readonly wants: readonly Reason<GateReasonCode>[];
  /** What stands in nobody's way here but will keep a merged change from being applied. */
  readonly notes: readonly Reason[];
  readonly head: string | null;
  readonly digest: string | null;
  readonly counted: readonly Approval[];
  readonly dropped: readonly DroppedApproval[];
  /** Null: nothing was lifted. */
  readonly brokenGlass: BrokenGlass | null;
  /** For each changed path the owners that may approve it; empty: nobody owns it. */
  readonly needed: readonly {
    readonly path: string;
    readonly owners: readonly string[];
    readonly approvedBy: readonly string[];
  }[];
  readonly required: number;
  readonly opensAt: string | null;
  /** False when no changed file belongs to a target: the gate has nothing to say. */
  readonly applies: boolean;
  /** Null: the base branch has no merge queue, or it was not asked for one. */
  readonly queue: QueueFacts | null;
}

/** What our check run says. */
export type GateConclusion = 'success' | 'failure' | 'action_required';

/** What Sluice itself holds against a change. Where nothing is left of it our check is green: other checks may be waiting for it. */
export function ownReasons({ reasons, wants }: Pick<Verdict, 'reasons' | 'wants'>): readonly Reason<GateReasonCode>[] {
  return reasons.filter((one) => !wants.includes(one));
}
