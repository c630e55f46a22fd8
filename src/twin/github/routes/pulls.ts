import { closeIssue, reopenIssue } from '../closing.ts';
import { recordEvent, tellPull } from '../events.ts';
import { diffFiles } from '../git/diff.ts';
import { commitsBetween, isAncestor, mergeBase } from '../git/history.ts';
import { readRef, writeRef } from '../git/refs.ts';
import { textOf, textsOf } from '../json.ts';
import type { Issue, Pull } from '../nouns.ts';
import { allows } from '../permissions.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, needs, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { userShape } from '../shapes/account.ts';
import { commitShape, fileShape } from '../shapes/commit.ts';
import { pullShape, simplePullShape } from '../shapes/pull.ts';
import { teamShape } from '../shapes/team.ts';
import { accountOf } from '../world.ts';
import { editWords, newIssue, nextNumber, sorted } from './issues.ts';

const PULLS = `${REPO}/pulls`;
const PULL = `${PULLS}/{pull_number}`;
const REVIEWERS = `${PULL}/requested_reviewers`;
const READ = needs('read', 'pull_requests:read');
export const WRITE_PULL = needs('write', 'pull_requests:write');

export const PULL_ROUTES: readonly Route[] = [
  { method: 'GET', path: PULLS, need: READ, run: list },
  { method: 'POST', path: PULLS, need: needs('read', 'pull_requests:write'), run: create },
  { method: 'GET', path: PULL, need: READ, run: get },
  { method: 'PATCH', path: PULL, need: needs('read', 'pull_requests:write'), run: update },
  { method: 'GET', path: `${PULL}/files`, need: READ, run: files },
  { method: 'GET', path: `${PULL}/commits`, need: READ, run: commits },
  { method: 'GET', path: REVIEWERS, need: READ, run: reviewers },
  { method: 'POST', path: REVIEWERS, need: WRITE_PULL, run: (call) => request(call, true) },
  { method: 'DELETE', path: REVIEWERS, need: WRITE_PULL, run: (call) => request(call, false) },
];

export interface Found {
  readonly issue: Issue;
  readonly pull: Pull;
}

export function pullParam(call: Call): Found {
  const issue = call.world.issues.get(idParam(call, 'pull_number'));
  if (issue === undefined || issue.pull === null) throw notFound();
  return { issue, pull: issue.pull };
}

function list(call: Call): Answer {
  const { query, world } = call;
  const state = query.get('state') ?? 'open';
  const head = query.get('head')?.replace(/^[^:]+:/, '') ?? null;
  const base = query.get('base');
  const found = [...world.issues.values()].filter(({ pull, ...issue }) => {
    if (pull === null || (state !== 'all' && issue.state !== state)) return false;
    return (head === null || pull.headRef === head) && (base === null || pull.baseRef === base);
  });
  return paged(call, sorted(query, found), (issue) => (issue.pull === null ? {} : simplePullShape(world, issue, issue.pull)));
}

function create(call: Call): Answer {
  const { world } = call;
  const headRef = required(call, 'head').replace(new RegExp(`^${world.owner}:`, 'i'), '');
  const baseRef = required(call, 'base');
  const headSha = readRef(world.git, `refs/heads/${headRef}`);
  const baseSha = readRef(world.git, `refs/heads/${baseRef}`);
  if (headSha === null) throw invalid('PullRequest', 'head', 'invalid');
  if (baseSha === null) throw invalid('PullRequest', 'base', 'invalid');
  const same = (issue: Issue) => issue.state === 'open' && issue.pull?.headRef === headRef && issue.pull.baseRef === baseRef;
  const custom = (message: string) => invalid('PullRequest', 'head', 'custom', message);
  if ([...world.issues.values()].some(same)) throw custom(`A pull request already exists for ${world.owner}:${headRef}.`);
  if (isAncestor(world.git, headSha, baseSha)) throw custom(`No commits between ${baseRef} and ${headRef}`);
  if (mergeBase(world.git, baseSha, headSha) === null)
    throw custom(`The ${headRef} branch has no history in common with ${baseRef}`);
  const pull: Pull = {
    id: world.nextId(),
    headRef,
    headSha,
    baseRef,
    baseSha,
    reviews: [],
    remarks: [],
    draft: call.body.draft === true,
    reviewers: [],
    teams: [],
    probed: null,
    merge: null,
  };
  const issue = newIssue(call, pull, nextNumber(world));
  writeRef(world.git, `refs/pull/${issue.number}/head`, headSha);
  tellPull(world, { actor: call.actor, account: issue.author }, 'opened', issue, pull);
  return ok(pullShape(world, issue, pull, false), 201);
}

function get(call: Call): Answer {
  const { issue, pull } = pullParam(call);
  return ok(pullShape(call.world, issue, pull, true));
}

function update(call: Call): Answer {
  const { world, body } = call;
  const { issue, pull } = pullParam(call);
  const by = { actor: call.actor, account: writer(call) };
  const own = issue.author.id === by.account.id;
  if (!own && !allows(call.actor, WRITE_PULL)) throw new Refusal(403, 'Must have push access to the repository');
  const state = textOf(body.state);
  if (state !== null && state !== 'open' && state !== 'closed') throw invalid('PullRequest', 'state', 'invalid');
  editWords(call, issue);
  const base = textOf(body.base);
  if (base !== null && base !== pull.baseRef) changeBase(call, { issue, pull }, base);
  if (state === 'closed' && issue.state === 'open') closeIssue(world, by, issue, null);
  if (state === 'open' && issue.state === 'closed') {
    const branch = readRef(world.git, `refs/heads/${pull.headRef}`);
    if (pull.merge !== null || branch === null) throw invalid('PullRequest', 'state', 'invalid', 'state cannot be changed.');
    pull.headSha = branch;
    reopenIssue(world, by, issue);
  }
  return ok(pullShape(world, issue, pull, false));
}

function changeBase(call: Call, { issue, pull }: Found, base: string): void {
  const sha = readRef(call.world.git, `refs/heads/${base}`);
  if (sha === null || issue.state === 'closed') throw invalid('PullRequest', 'base', 'invalid');
  const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
  const by = { actor: call.actor, account: writer(call) };
  recordEvent(call.world, by, issue, 'base_ref_changed', { from: pull.baseRef, to: base });
  pull.baseRef = base;
  pull.baseSha = sha;
  tellPull(call.world, by, 'edited', issue, pull, { changes: { base: from } });
}

/** GitHub lists 3,000 files at most and says nothing about the rest. */
function files(call: Call): Answer {
  const { world } = call;
  const { pull } = pullParam(call);
  const changed = diffFiles(world.git, mergeBase(world.git, pull.baseSha, pull.headSha), pull.headSha).slice(0, 3000);
  return paged(call, changed, (file) => fileShape(world, pull.headSha, file));
}

/** At most 250, oldest first. */
function commits(call: Call): Answer {
  const { pull } = pullParam(call);
  const found = commitsBetween(call.world.git, pull.baseSha, pull.headSha).slice(0, 250);
  return paged(call, found, (sha) => commitShape(call.world, sha));
}

function reviewers(call: Call): Answer {
  const { world } = call;
  const { pull } = pullParam(call);
  const users = pull.reviewers.flatMap((login) => accountOf(world, login) ?? []).map((account) => userShape(world, account));
  const teams = (world.seed.teams ?? []).filter((team) => pull.teams.includes(team.slug)).map((team) => teamShape(world, team));
  return ok({ users, teams });
}

function request(call: Call, wanted: boolean): Answer {
  const { world } = call;
  const { issue, pull } = pullParam(call);
  const logins = textsOf(call.body.reviewers);
  const teams = textsOf(call.body.team_reviewers);
  if (logins.some((login) => accountOf(world, login) === null))
    throw new Refusal(
      422,
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
    );
  if (wanted && logins.includes(issue.author.login))
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  const joined = (old: readonly string[], named: readonly string[]) =>
    wanted ? [...new Set([...old, ...named])] : old.filter((one) => !named.includes(one));
  pull.reviewers = joined(pull.reviewers, logins);
  pull.teams = joined(pull.teams, teams);
  const by = { actor: call.actor, account: writer(call) };
  for (const login of logins) {
    const account = accountOf(world, login);
    if (account === null) continue;
    const extra = { requested_reviewer: userShape(world, account) };
    recordEvent(world, by, issue, wanted ? 'review_requested' : 'review_request_removed', {
      ...extra,
      review_requester: userShape(world, by.account),
    });
    tellPull(world, by, wanted ? 'review_requested' : 'review_request_removed', issue, pull, extra);
  }
  return ok(simplePullShape(world, issue, pull), wanted ? 201 : 200);
}
