import type { GateFacts, Person } from '../../model/gate.ts';
import { ownersOfPaths, pathsToOwn } from './owners.ts';
import { commandsIn, isOwnWords } from './spoken.ts';

/**
 * The owner who said `/retry` after an instant: a person who owns a path of the change under every policy, in an unedited comment of their
 * own. Null when nobody did, or when it cannot be told.
 */
export function retriedBy(facts: Pick<GateFacts, 'change' | 'followUp'>, since: string): Person | null {
  const { comments, delta, policies } = facts.change;
  const { record } = facts.followUp;
  if (!comments.known || !delta.known || !record.known || policies.length === 0) return null;
  const owners = policies.map((policy) => {
    const paths = pathsToOwn(policy, delta.value, record.value);
    return new Set(ownersOfPaths(policy, paths, facts.followUp).paths.flatMap((path) => path.people));
  });
  const said = commandsIn(comments.value).find(
    ({ comment, command }) =>
      command.name === 'retry' &&
      isOwnWords(comment) &&
      Date.parse(comment.createdAt) > Date.parse(since) &&
      owners.every((people) => people.has(comment.author?.id ?? 0)),
  );
  return said?.comment.author ?? null;
}
