import type { Outcome } from '../../src/model/reason.ts';

/** The value of an outcome that a test expects to be good. */
export function valueIn<T>(outcome: Outcome<T, string>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.reason));
  return outcome.value;
}
