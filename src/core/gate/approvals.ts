import type { Command } from '../../model/command.ts';
import type { ApprovalPolicy, Risk } from '../../model/config.ts';
import type { CommentFact, GateFacts, Person, PullFacts } from '../../model/gate.ts';
import type { Approval, DroppedApproval } from '../../model/verdict.ts';
import { shaDrop } from './named.ts';
import type { Drop } from './reason.ts';
import { commandsIn, editedAt, hidesNo, isByPerson } from './spoken.ts';

export interface Counted {
  readonly counted: readonly Approval[];
  /** Sound in every way but their age. */
  readonly expired: readonly Approval[];
  readonly dropped: readonly DroppedApproval[];
}

/**
 * Steps 5 and 6 of algorithm A for one pull request: which `/approve` comments count, and for each other one why not. Ownership is
 * asked by the caller through `owns`, because it depends on the policy being asked. Those that break the glass are counted elsewhere.
 */
export function countApprovals(facts: GateFacts, policy: ApprovalPolicy, risk: Risk, owns: (person: Person) => boolean): Counted {
  const { pull, comments } = facts.change;
  if (!pull.known || !comments.known) return { counted: [], expired: [], dropped: [] };
  const [counted, expired] = [new Map<number, Approval>(), new Map<number, Approval>()];
  const dropped: DroppedApproval[] = [];
  for (const { comment, command } of commandsIn(comments.value)) {
    const { id: commentId, author: person, createdAt: at } = comment;
    if (command.name === 'unapprove' && person) for (const kept of [counted, expired]) kept.delete(person.id);
    if (command.name !== 'approve' || command.breakGlass) continue;
    const why = dropReason(facts, policy, risk, pull.value, comment, command) ?? (person && !owns(person) ? NOT_OWNER : null);
    const late = why ?? ageDrop(facts, policy, comment);
    if (late) dropped.push({ commentId, login: person?.login ?? 'ghost', ...late });
    if (!why && person) (late ? expired : counted).set(person.id, { commentId, person, sha: pull.value.headSha, at });
  }
  return voided(facts, { counted: [...counted.values()], expired: [...expired.values()], dropped });
}

const NOT_OWNER: Drop = { code: 'approval_not_owner', detail: 'owns none of the changed files' };

function dropReason(
  facts: GateFacts,
  policy: ApprovalPolicy,
  risk: Risk,
  pull: PullFacts,
  comment: CommentFact,
  command: Extract<Command, { name: 'approve' }>,
): Drop | null {
  const spoken = spokenDrop(facts, comment) ?? shaDrop(facts, policy, pull, comment, command.sha);
  return spoken ?? (comment.author ? personDrop(facts, risk, pull, comment.author) : null);
}

/** Only people approve, in their own unedited words. */
export function spokenDrop(facts: GateFacts, comment: CommentFact): Drop | null {
  if (comment.author?.type !== 'User' || comment.viaApp || facts.live.ours.includes(comment.author.id))
    return { code: 'approval_bot', detail: 'only people approve' };
  if (editedAt(comment) === null && !comment.createdViaEmail) return null;
  return {
    code: 'approval_edited',
    detail: comment.createdViaEmail ? 'sent by e-mail' : `edited at ${comment.lastEditedAt ?? 'creation'}`,
  };
}

export function ageDrop(facts: GateFacts, policy: ApprovalPolicy, comment: CommentFact): Drop | null {
  const ageHours = (Date.parse(facts.live.now) - Date.parse(comment.createdAt)) / 3_600_000;
  if (ageHours < policy.expireAfterHours) return null;
  return { code: 'approval_expired', detail: `given ${Math.floor(ageHours)} h ago, valid for ${policy.expireAfterHours} h` };
}

/** Four eyes: nobody approves what they wrote, pushed or shaped; commits that merge the base alone make nobody an author. */
export function personDrop(facts: GateFacts, risk: Risk, pull: PullFacts, person: Person): Drop | null {
  if (person.id === pull.author.id) return { code: 'approval_self', detail: 'opened this pull request' };
  const { commits, pushes } = facts.change;
  if (commits.known && commits.value.some((commit) => !commit.mergesBase && commit.people.some((one) => one?.id === person.id)))
    return { code: 'approval_committer', detail: 'wrote or committed a commit of it' };
  if (pushes.known && pushes.value.some((push) => !push.mergesBase && push.actor?.id === person.id))
    return { code: 'approval_committer', detail: 'pushed to its branch' };
  const asked = facts.live.asked.known ? facts.live.asked.value : null;
  if (asked?.shapers.includes(person.id)) return { code: 'approval_committer', detail: 'shaped its content' };
  if (risk !== 'low' && asked?.askers.includes(person.id))
    return { code: 'approval_asked', detail: `asked for it; barred at ${risk} risk` };
  return null;
}

function voided(facts: GateFacts, given: Counted): Counted {
  const detail = voidedBecause(facts, given.counted.length > 0 ? given.counted : given.expired);
  if (detail === null) return given;
  return { counted: [], expired: [], dropped: [...given.dropped, ...fallen(given.counted, detail)] };
}

/**
 * A comment deleted or edited after the oldest approval, or a `/hold` or `/unapprove` edited at any time, may have been somebody's no: all
 * fall. What an edited comment said before is read where GitHub shows it; where it does not, it counts as a no. Null: they stand.
 */
export function voidedBecause(facts: GateFacts, approvals: readonly Approval[]): string | null {
  const oldest = Math.min(...approvals.map((one) => Date.parse(one.at)));
  const { timeline, comments } = facts.change;
  const since = (at: string | null) => at !== null && Date.parse(at) >= oldest;
  const event = timeline.known && timeline.value.find((one) => one.what !== 'head_force_pushed' && since(one.at));
  const edited = comments.known && comments.value.find((one) => hidesNo(one) || (isByPerson(one) && since(editedAt(one))));
  if (event) return `${event.what === 'base_changed' ? 'the base branch was changed' : 'a comment was deleted'} at ${event.at}`;
  return edited ? `comment ${edited.id} was edited` : null;
}

export function fallen(approvals: readonly Approval[], detail: string): DroppedApproval[] {
  return approvals.map(({ commentId, person: { login } }) => ({ commentId, login, code: 'approval_deleted', detail }));
}
