import { closeMentioned } from '../closing.ts';
import { combine } from '../combination.ts';
import { tellPull } from '../events.ts';
import { mergeCommit } from '../git/combine.ts';
import { isAncestor } from '../git/history.ts';
import { readRef } from '../git/refs.ts';
import { textOf } from '../json.ts';
import { unmet } from '../mergeability.ts';
import { hasGrant } from '../permissions.ts';
import { push, settleMerge } from '../pushes.ts';
import { notFound, Refusal } from '../refusal.ts';
import { bypasses, rulesFor } from '../requirements.ts';
import { type Answer, type Call, needs, nothing, ok, REPO, type Route, writer } from '../route.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import { githubSignature, signatureOf } from '../signatures.ts';
import { type Found, pullParam } from './pulls.ts';

const PULL = `${REPO}/pulls/{pull_number}`;

export const MERGE_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${PULL}/merge`, need: needs('read', 'pull_requests:read', 'contents:read'), run: isMerged },
  { method: 'PUT', path: `${PULL}/merge`, need: needs('write', 'contents:write'), run: merge },
  { method: 'PUT', path: `${PULL}/update-branch`, need: needs('write', 'pull_requests:write'), run: updateBranch },
];

function isMerged(call: Call): Answer {
  if (pullParam(call).pull.merge === null) throw notFound();
  return nothing();
}

function merge(call: Call): Answer {
  const { world, body } = call;
  const { issue, pull } = pullParam(call);
  const method = textOf(body.merge_method) ?? 'merge';
  if (method !== 'merge' && method !== 'squash' && method !== 'rebase') throw new Refusal(422, `Invalid merge_method: ${method}`);
  checkMergeable({ issue, pull }, call);
  const expected = textOf(body.sha);
  if (expected !== null && expected !== pull.headSha)
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  const base = readRef(world.git, `refs/heads/${pull.baseRef}`) ?? '';
  const said = { title: textOf(body.commit_title), words: textOf(body.commit_message) };
  const sha = combine(world, { issue, pull }, { base, method, by: writer(call), ...said });
  if (sha === null) throw new Refusal(405, 'Pull Request is not mergeable');
  const by = { actor: call.actor, account: writer(call) };
  settleMerge(world, by, issue, pull, sha);
  push(world, { by, ref: `refs/heads/${pull.baseRef}`, after: sha, kind: 'pr_merge' });
  tellPull(world, by, 'closed', issue, pull);
  if (pull.baseRef === 'main') closeMentioned(world, by, issue.body ?? '');
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function checkMergeable({ issue, pull }: Found, call: Call): void {
  const refuse = (why: string) => new Refusal(405, why);
  if (pull.merge !== null || issue.state === 'closed') throw refuse('Pull Request is not mergeable');
  if (pull.draft) throw refuse('Pull Request is still a draft');
  const found = rulesFor(call.world, pull.baseRef);
  const rules = found !== null && bypasses(found, call.actor) ? null : found;
  const violated = [
    ...(rules?.mergeQueue !== undefined ? ['Changes must be made through the merge queue'] : []),
    ...(rules === null ? [] : unmet(call.world, pull)),
  ];
  if (violated.length > 0) throw refuse(`Repository rule violations found\n\n${violated.join('\n\n')}\n\n`);
  const base = readRef(call.world.git, `refs/heads/${pull.baseRef}`);
  if (base === null) throw refuse('Base branch was modified. Review and try the merge again.');
  if (rules?.strictChecks === true && !isAncestor(call.world.git, base, pull.headSha))
    throw refuse('Head branch is out of date.');
}

/** Merges the base into the head branch, in the caller's name. */
function updateBranch(call: Call): Answer {
  const { world } = call;
  const { issue, pull } = pullParam(call);
  const expected = textOf(call.body.expected_head_sha);
  if (expected !== null && expected !== pull.headSha) throw new Refusal(422, 'expected head sha didn’t match current head ref.');
  if (call.actor.kind !== 'user' && !hasGrant(call.actor, 'contents:write'))
    throw new Refusal(403, 'Resource not accessible by integration');
  const base = readRef(world.git, `refs/heads/${pull.baseRef}`);
  if (base === null || issue.state === 'closed') throw new Refusal(422, 'Pull request is closed');
  if (isAncestor(world.git, base, pull.headSha)) throw new Refusal(422, 'There are no new commits on the base branch.');
  const at = world.now();
  const message = `Merge branch '${pull.baseRef}' into ${pull.headRef}`;
  const both = { base: pull.headSha, head: base, author: signatureOf(writer(call), at), committer: githubSignature(at), message };
  const sha = mergeCommit(world.git, both);
  if (sha === null) throw new Refusal(422, 'merge conflict between base and head');
  push(world, { by: { actor: call.actor, account: writer(call) }, ref: `refs/heads/${pull.headRef}`, after: sha });
  return ok({ message: 'Updating pull request branch.', url: `${repositoryUrl(world)}/pulls/${issue.number}` }, 202);
}
