import type { GateFacts } from '../model/gate.ts';
import type { Reason } from '../model/reason.ts';
import type { Target } from '../model/target.ts';
import { denialOf } from './gate/denial.ts';
import { isUnread } from './unread.ts';

/**
 * Why a change that its merge put into force should not be: where the merge is the apply there is nothing left to hold back, only to tell. The gate is
 * asked as it stood when it was merged, so that a window that closed since is no fault; an approval since counts. What could not be read
 * is told instead, without `in_force`. Empty: it may be in force, or its target is applied otherwise.
 */
export function inForceReasons(facts: GateFacts, { appliedBy }: Pick<Target, 'appliedBy'>, path: string): readonly Reason[] {
  if (appliedBy !== 'merge') return [];
  const { pull, pushed } = facts.change;
  const told: Reason = {
    code: 'in_force',
    subject: path,
    expected: 'an open gate before the merge, which applies this target',
    observed: pushed ? 'pushed without a pull request' : 'merged all the same',
  };
  if (pushed) return [told];
  const mergedAt = pull.known ? pull.value.mergedAt : null;
  if (pull.known && mergedAt === null) return [];
  const reasons = denialOf({ ...facts, live: { ...facts.live, now: mergedAt ?? facts.live.now } });
  if (reasons.length === 0) return [];
  const unread = reasons.filter(isUnread);
  return unread.length > 0 ? unread : [told, ...reasons];
}
