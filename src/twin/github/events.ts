import type { Fields, Json } from './json.ts';
import type { Account, Actor, Comment, Issue, Pull } from './nouns.ts';
import { organizationShape, userShape } from './shapes/account.ts';
import { commentShape, issueShape } from './shapes/issue.ts';
import { pullShape } from './shapes/pull.ts';
import { repositoryShape } from './shapes/repository.ts';
import { announce, type World } from './world.ts';

type Extra = Readonly<Record<string, Json>>;

/** Who did it, by which token: what every event needs to be told. */
export interface Doer {
  readonly actor: Actor;
  readonly account: Account;
}

/** Sends an event with what every payload carries. */
export function tell(world: World, by: Doer, name: string, payload: Extra, repository: Fields = repositoryShape(world)): void {
  const organization: Extra = world.seed.ownerType === 'User' ? {} : { organization: organizationShape(world) };
  const whole = { ...payload, repository, ...organization, sender: userShape(world, by.account) };
  announce(world, name, by.actor, by.account, whole);
}

export function tellIssue(world: World, by: Doer, action: string, issue: Issue, extra: Extra = {}): void {
  if (issue.pull !== null) tellPull(world, by, action, issue, issue.pull, extra);
  else tell(world, by, 'issues', { action, issue: issueShape(world, issue), ...extra });
}

export function tellPull(world: World, by: Doer, action: string, issue: Issue, pull: Pull, extra: Extra = {}): void {
  tell(world, by, 'pull_request', {
    action,
    number: issue.number,
    pull_request: pullShape(world, issue, pull, false),
    ...extra,
  });
}

export function tellComment(world: World, by: Doer, action: string, issue: Issue, comment: Comment, extra: Extra = {}): void {
  tell(world, by, 'issue_comment', {
    action,
    issue: issueShape(world, issue),
    comment: commentShape(world, comment),
    ...extra,
  });
}

/** An entry of the issue's timeline, which nobody can edit afterwards. */
export function recordEvent(world: World, by: Doer, issue: Issue, event: string, data: Extra = {}): void {
  const at = world.now();
  issue.updatedAt = at;
  issue.events.push({ id: world.nextId(), event, actor: by.account, app: by.actor.app, createdAt: at, data });
}
