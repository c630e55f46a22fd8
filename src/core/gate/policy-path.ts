/** Paths that decide who decides: never part of a change that an agent wrote, and never without an owner. */
const POLICY_PATH = /^(\.github\/|\.sluice\/|runbooks\/)|(^|\/)CODEOWNERS$/;

export function isPolicyPath(path: string): boolean {
  return POLICY_PATH.test(path);
}
