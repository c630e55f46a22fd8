import { closeIssue, closeMentioned } from './closing.ts';
import { type Doer, recordEvent, tell, tellPull } from './events.ts';
import { readCommit } from './git/commit.ts';
import { diffFiles } from './git/diff.ts';
import { arrivedIn, commitsBetween, isAncestor } from './git/history.ts';
import { readRef, writeRef } from './git/refs.ts';
import type { Fields } from './json.ts';
import type { Activity, Issue, Pull } from './nouns.ts';
import { Refusal } from './refusal.ts';
import { bypasses, rulesFor } from './requirements.ts';
import type { Call } from './route.ts';
import { accountByEmail, commitOf, emailOf } from './shapes/commit.ts';
import { pageUrl, repositoryShape, repositoryUrl } from './shapes/repository.ts';
import type { World } from './world.ts';

export const ZERO = '0'.repeat(40);

export interface Push {
  readonly by: Doer;
  readonly ref: string;
  /** null deletes the ref. */
  readonly after: string | null;
  readonly kind?: Activity['kind'];
}

/** Moves a ref and does everything that GitHub does then: activity, webhooks, pull requests that follow. */
export function push(world: World, given: Push): void {
  const before = readRef(world.git, given.ref);
  if (before === given.after) return;
  const forced = before !== null && given.after !== null && !isAncestor(world.git, before, given.after);
  writeRef(world.git, given.ref, given.after);
  if (given.ref.startsWith('refs/heads/')) log(world, given, before, forced);
  tellPush(world, given, before, forced);
  if (!given.ref.startsWith('refs/heads/')) return;
  const branch = given.ref.slice('refs/heads/'.length);
  followHeads(world, given, branch, forced);
  if (given.after !== null) markArrived(world, given.by, branch, given.after);
  if (branch === 'main' && given.after !== null && before !== null) closeByMessages(world, given.by, before, given.after);
}

/** Refuses a push that the branch's rules forbid; merges of pull requests do not come here. */
export function checkPush(
  { world, actor }: Pick<Call, 'world' | 'actor'>,
  ref: string,
  after: string | null,
  status: 409 | 422,
): void {
  const rules = rulesFor(world, ref.replace('refs/heads/', ''));
  const before = readRef(world.git, ref);
  if (rules === null || before === null || bypasses(rules, actor)) return;
  const refuse = (why: string) => new Refusal(status, `Repository rule violations found\n\n${why}`);
  if (after === null && rules.noDeletion === true) throw refuse('Cannot delete this branch');
  if (after === null) return;
  if (rules.mergeQueue !== undefined) throw refuse('Changes must be made through the merge queue');
  if ((rules.requiredReviews ?? 0) > 0) throw refuse('Changes must be made through a pull request.');
  if ((rules.requiredChecks ?? []).length > 0) throw refuse('Required status checks are expected.');
  if (rules.noForcePush === true && !isAncestor(world.git, before, after)) throw refuse('Cannot force-push to this branch');
}

function log(world: World, given: Push, before: string | null, forced: boolean): void {
  const natural = before === null ? 'branch_creation' : given.after === null ? 'branch_deletion' : forced ? 'force_push' : 'push';
  world.activity.push({
    id: world.nextId(),
    before: before ?? ZERO,
    after: given.after ?? ZERO,
    ref: given.ref,
    at: world.now(),
    kind: given.kind ?? natural,
    actor: given.by.account,
  });
}

function tellPush(world: World, given: Push, before: string | null, forced: boolean): void {
  const after = given.after;
  const refType = given.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const short = given.ref.replace(/^refs\/(heads|tags)\//, '');
  const fresh = after === null ? [] : commitsBetween(world.git, before ?? readRef(world.git, 'refs/heads/main') ?? after, after);
  const commits = fresh.slice(-20).map((sha) => pushedCommit(world, sha));
  const { account } = given.by;
  const pusher = { name: account.login, email: emailOf(account) };
  const repository = { ...repositoryShape(world), created_at: seconds(world.createdAt), pushed_at: seconds(world.now()) };
  const body = {
    ref: given.ref,
    before: before ?? ZERO,
    after: after ?? ZERO,
    created: before === null,
    deleted: after === null,
    forced,
    base_ref: null,
    compare: `${pageUrl(world)}/compare/${(before ?? ZERO).slice(0, 12)}...${(after ?? ZERO).slice(0, 12)}`,
    commits,
    head_commit: after === null ? null : pushedCommit(world, after),
    pusher,
  };
  tell(world, given.by, 'push', body, { ...repository, stargazers: 0, master_branch: 'main', organization: world.owner });
  const shared = { ref: short, ref_type: refType, pusher_type: 'user' };
  if (before === null) tell(world, given.by, 'create', { ...shared, master_branch: 'main', description: null });
  if (after === null) tell(world, given.by, 'delete', shared);
}

function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}

function pushedCommit(world: World, sha: string): Fields {
  const commit = commitOf(world, sha);
  const files = diffFiles(world.git, commit.parents[0] ?? null, sha);
  const person = (who: { name: string; email: string; date: string }) => {
    const account = accountByEmail(world, who.email);
    const known = account === null ? {} : { username: account.login };
    return { name: who.name, email: who.email, date: who.date, ...known };
  };
  const paths = (status: string) => files.filter((file) => file.status === status).map((file) => file.path);
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryUrl(world)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}

/** Open pull requests from this branch follow it; without the branch they close. */
function followHeads(world: World, given: Push, branch: string, forced: boolean): void {
  for (const issue of world.issues.values()) {
    const { pull } = issue;
    if (pull === null || issue.state === 'closed' || pull.merge !== null) continue;
    if (given.after === null && (pull.headRef === branch || pull.baseRef === branch)) closeIssue(world, given.by, issue, null);
    else if (pull.headRef === branch && given.after !== null) moveHead(world, given.by, issue, pull, given.after, forced);
  }
}

function moveHead(world: World, by: Doer, issue: Issue, pull: Pull, after: string, forced: boolean): void {
  const before = pull.headSha;
  if (before === after) return;
  pull.headSha = after;
  pull.baseSha = readRef(world.git, `refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  issue.updatedAt = world.now();
  writeRef(world.git, `refs/pull/${issue.number}/head`, after);
  if (forced) recordEvent(world, by, issue, 'head_ref_force_pushed', { before, after });
  if (rulesFor(world, pull.baseRef)?.dismissStaleReviews === true)
    for (const review of pull.reviews) if (review.state === 'APPROVED') review.state = 'DISMISSED';
  tellPull(world, by, 'synchronize', issue, pull, { before, after });
}

/** A pull request whose head reached its base by a plain push counts as merged: `merged` alone proves nothing. */
function markArrived(world: World, by: Doer, branch: string, tip: string): void {
  for (const issue of world.issues.values()) {
    const { pull } = issue;
    if (pull === null || issue.state === 'closed' || pull.baseRef !== branch || pull.merge !== null) continue;
    if (!isAncestor(world.git, pull.headSha, tip)) continue;
    settleMerge(world, by, issue, pull, arrivedIn(world.git, pull.headSha, tip));
    tellPull(world, by, 'closed', issue, pull);
  }
}

/** Writes down that a pull request is merged. The webhook follows the push, so it is the caller's. */
export function settleMerge(world: World, by: Doer, issue: Issue, pull: Pull, sha: string): void {
  const at = world.now();
  pull.merge = { at, by: by.account, sha };
  issue.state = 'closed';
  issue.closedAt = at;
  issue.closedBy = by.account;
  recordEvent(world, by, issue, 'merged', { commit_id: sha });
  recordEvent(world, by, issue, 'closed', {});
}

function closeByMessages(world: World, by: Doer, before: string, after: string): void {
  for (const sha of commitsBetween(world.git, before, after))
    closeMentioned(world, by, readCommit(world.git, sha)?.message ?? '');
}
