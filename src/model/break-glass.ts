import type { GateReasonCode, Reason } from './reason.ts';

/** One of the people named for it, and why: outside text. */
export interface GlassBreaker {
  readonly login: string;
  readonly reason: string;
}

/** Two people named in the policy let a change pass without an owner, or outside its time: who, why, and what was lifted. */
export interface BrokenGlass {
  readonly people: readonly GlassBreaker[];
  /** What would have stood in the way. */
  readonly lifted: readonly Reason<GateReasonCode>[];
}

/** The use of break-glass for exactly one content. */
export interface GlassUse {
  readonly pull: number;
  readonly head: string;
  readonly digest: string;
  readonly glass: BrokenGlass;
}
