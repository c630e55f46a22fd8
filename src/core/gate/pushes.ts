import type { ChangeFacts, PushFact } from '../../model/gate.ts';
import { type GateReason, unread } from './reason.ts';

/** What a branch that is made stood on before, as git writes it. */
const NO_COMMIT = '0'.repeat(40);

/**
 * Commit authors can be made up; who pushed is the one thing that a writer cannot choose, so every push must be known: from the making of the
 * branch, each on what another one left, up to the head.
 */
export function pushReasons({ pushes, pull }: Pick<ChangeFacts, 'pushes' | 'pull'>): GateReason[] {
  if (!pushes.known) return [unread('pushes', pushes.why)];
  const reaches = pull.known && pushes.value.some((push) => push.after === pull.value.headSha);
  if (!reaches) return [unread('pushes', 'none of them ends in the head')];
  const reached = reachedBy(pushes.value);
  const loose = pushes.value.find((push) => !reached.has(push.before));
  return loose
    ? [
        unread(
          'pushes',
          `nobody is known to have pushed ${loose.before}; push the content to a new branch if GitHub has forgotten who did`,
        ),
      ]
    : [];
}

/** What the branch can be told to have stood on since it was made. */
function reachedBy(pushes: readonly PushFact[]): ReadonlySet<string> {
  const reached = new Set([NO_COMMIT]);
  // The walk goes on over what it adds.
  for (const commit of reached) for (const { before, after } of pushes) if (before === commit) reached.add(after);
  return reached;
}
