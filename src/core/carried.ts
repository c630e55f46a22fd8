import type { Change } from '../model/change.ts';
import type { Reason, RolloutReasonCode } from '../model/reason.ts';
import { deriveChanges } from './derive.ts';

/** Most differences that are listed: a job that was never brought into Git would fill pages. */
const MOST_LISTED = 20;

/**
 * What the live job holds otherwise than its merged file says, beside the change itself: it stays as it is and is listed. Values that only
 * the job has are not listed: most are defaults that Databricks adds.
 */
export function carriedBy(
  file: string,
  text: string,
  settings: string,
  changes: readonly Change[],
): readonly Reason<RolloutReasonCode>[] {
  const differences = deriveChanges('json', file, text, settings);
  if (!differences.ok) return [];
  const own = new Set(changes.map((change) => change.selector));
  return differences.value
    .filter((one) => one.old !== null && one.old !== 'null' && !own.has(one.selector))
    .slice(0, MOST_LISTED)
    .map((one) => ({ code: 'settings_changed', subject: one.selector, expected: one.old ?? '', observed: one.new ?? 'absent' }));
}
