import type { GateReasonCode, Reason } from '../../model/reason.ts';

export type GateReason = Reason<GateReasonCode>;

/** Why an approval does not count. */
export interface Drop {
  readonly code: GateReasonCode;
  readonly detail: string;
}

export function reason(code: GateReasonCode, subject: string, expected: string, observed: string): GateReason {
  return { code, subject, expected, observed };
}

/** A fact that could not be read blocks under its own name. */
export function unread(subject: string, why: string): GateReason {
  return reason('facts_unavailable', subject, 'readable', why);
}
