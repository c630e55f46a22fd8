import type { ApprovalPolicy } from '../../model/config.ts';
import type { CommentFact, GateFacts, PullFacts } from '../../model/gate.ts';
import { changeDigest } from '../digest.ts';
import type { Drop } from './reason.ts';

/** Hex digits of a whole SHA-1: what a reader of fewer saw may be one of several commits. */
const WHOLE = 40;

/**
 * The content that an approval names: the head itself, an older head that differs from it by merges of the base alone, or nothing (step 6).
 * `sha` is in small letters, as the grammar of commands gives it; null where the approval names none.
 */
export function shaDrop(
  facts: GateFacts,
  policy: ApprovalPolicy,
  pull: PullFacts,
  comment: CommentFact,
  sha: string | null,
): Drop | null {
  if (sha === null)
    return policy.requireSha || !bareCounts(facts, pull, comment) ? wrong(`name the commit: /approve ${pull.headSha}`) : null;
  if (pull.headSha.startsWith(sha)) return shortDrop(facts, pull.headSha, comment, sha);
  const { ancestors } = facts.followUp;
  const older = ancestors.known ? ancestors.value.find((one) => one.sha.startsWith(sha)) : undefined;
  const { delta } = facts.change;
  if (!older) return wrong(`${sha} is not ${pull.headSha} nor an earlier head of it`);
  if (older.onlyBaseMerges && delta.known && changeDigest(older.delta) === changeDigest(delta.value))
    return shortDrop(facts, older.sha, comment, sha);
  return { code: 'approval_stale', detail: `${sha} was approved; the head is now ${pull.headSha} with other content` };
}

/**
 * Two commits that share 12 digits are made in seconds, so a short name counts only where it can have meant one commit: no other commit and no
 * other head of the branch begins so, and the one named was the head when the comment was written.
 */
function shortDrop(facts: GateFacts, named: string, comment: CommentFact, sha: string): Drop | null {
  if (sha.length === WHOLE) return null;
  const { commits, pushes } = facts.change;
  if (!commits.known || !pushes.known) return wrong(`${allDigits(named)}: what else ${sha} may mean cannot be told`);
  const others = [...commits.value.map((one) => one.sha), ...pushes.value.flatMap(({ before, after }) => [before, after])];
  if (others.some((other) => other !== named && other.startsWith(sha)))
    return wrong(`${allDigits(named)}: another commit begins with ${sha} too`);
  const wasHead = pushes.value.some(({ after, at }) => after === named && Date.parse(at) <= Date.parse(comment.createdAt));
  return wasHead ? null : wrong(`${allDigits(named)}: no push before the comment is known to have made it the head`);
}

function allDigits(named: string): string {
  return `name all ${WHOLE} digits, /approve ${named}`;
}

function wrong(detail: string): Drop {
  return { code: 'approval_wrong_sha', detail };
}

/** A bare `/approve` counts only after exactly one push, by our App, of this head, before the comment. Missing activity: no. */
function bareCounts(facts: GateFacts, pull: PullFacts, comment: CommentFact): boolean {
  const { pushes } = facts.change;
  if (!pushes.known) return false;
  const [push, another] = pushes.value;
  return (
    another === undefined &&
    !!push?.actor &&
    facts.live.ours.includes(push.actor.id) &&
    push.after === pull.headSha &&
    Date.parse(push.at) < Date.parse(comment.createdAt)
  );
}
