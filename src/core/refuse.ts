import type { Reason, ReasonCode } from '../model/reason.ts';

/** An outcome without a value: its reason, with what was expected and what was found in words for people. */
export function refuse<Code extends ReasonCode>(
  code: Code,
  subject: string,
  expected: string,
  observed: string,
): { readonly ok: false; readonly reason: Reason<Code> } {
  return { ok: false, reason: { code, subject, expected, observed } };
}
