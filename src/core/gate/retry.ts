import type { GateFacts, Person } from '../../model/gate.ts';
import { isRecordPath } from '../../model/record.ts';
import { commandsIn } from './approvals.ts';
import { ownersOfChange } from './owners.ts';

/**
 * The owner who said `/retry` after an instant: a person who owns a changed file under every policy, in an unedited comment of their
 * own. Null when nobody did, or when it cannot be told.
 */
export function retriedBy(facts: GateFacts, since: string): Person | null {
  const { comments, delta, policies } = facts.change;
  if (!comments.known || !delta.known || policies.length === 0) return null;
  const own = delta.value.find((entry) => isRecordPath(entry.path))?.path ?? null;
  const owners = policies.map(
    (policy) => new Set(ownersOfChange(policy, delta.value, own, facts.followUp).paths.flatMap((path) => path.people)),
  );
  const said = commandsIn(comments.value).find(
    ({ comment, command }) =>
      command.name === 'retry' &&
      comment.author?.type === 'User' &&
      !comment.viaApp &&
      comment.lastEditedAt === null &&
      Date.parse(comment.createdAt) > Date.parse(since) &&
      owners.every((people) => people.has(comment.author?.id ?? 0)),
  );
  return said?.comment.author ?? null;
}
