import { pullsWith } from '../associated.ts';
import { diffFiles } from '../git/diff.ts';
import { commitsBetween, log, mergeBase } from '../git/history.ts';
import { listRefs, readRef, resolveCommit } from '../git/refs.ts';
import type { Fields } from '../json.ts';
import { notFound, Refusal } from '../refusal.ts';
import { rulesFor } from '../requirements.ts';
import { type Answer, type Call, needs, ok, paged, param, REPO, type Route } from '../route.ts';
import { commitOf, commitShape, detailedCommitShape, fileShape } from '../shapes/commit.ts';
import { simplePullShape } from '../shapes/pull.ts';
import { pageUrl, repositoryUrl } from '../shapes/repository.ts';
import { rulesOf } from '../shapes/rules.ts';
import type { World } from '../world.ts';

const READ = needs('read', 'contents:read');

export const COMMIT_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${REPO}/commits`, need: READ, run: listCommits },
  { method: 'GET', path: `${REPO}/commits/{ref}`, need: READ, run: getCommit },
  {
    method: 'GET',
    path: `${REPO}/commits/{commit_sha}/pulls`,
    need: needs('read', 'pull_requests:read'),
    run: pullsOf,
  },
  { method: 'GET', path: `${REPO}/compare/{basehead}`, need: READ, run: compare },
  { method: 'GET', path: `${REPO}/branches`, need: READ, run: branches },
  { method: 'GET', path: `${REPO}/branches/{branch}`, need: READ, run: branch },
  { method: 'GET', path: `${REPO}/rules/branches/{branch}`, need: needs('read', 'metadata:read'), run: rules },
];

export function commitParam(call: Call, name: string): string {
  const text = param(call, name);
  const sha = resolveCommit(call.world.git, text);
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${text}`);
  return sha;
}

function listCommits(call: Call): Answer {
  const { git } = call.world;
  const head = resolveCommit(git, call.query.get('sha') ?? 'main');
  if (head === null) throw notFound();
  const instant = (name: string, otherwise: number) => Date.parse(call.query.get(name) ?? '') || otherwise;
  const [since, until] = [instant('since', 0), instant('until', Number.POSITIVE_INFINITY)];
  const login = call.query.get('author');
  const found = log(git, head, call.query.get('path')).filter((sha) => {
    const commit = commitOf(call.world, sha);
    const at = Date.parse(commit.committer.date);
    return at >= since && at <= until && (login === null || commit.author.name === login || commit.author.email.includes(login));
  });
  return paged(call, found, (sha) => commitShape(call.world, sha));
}

function getCommit(call: Call): Answer {
  const sha = commitParam(call, 'ref');
  if (call.accept.includes('vnd.github.sha'))
    return { status: 200, raw: Buffer.from(sha), headers: { 'content-type': 'application/vnd.github.sha' } };
  return ok(detailedCommitShape(call.world, sha));
}

function pullsOf(call: Call): Answer {
  const found = pullsWith(call.world, commitParam(call, 'commit_sha'));
  return paged(call, found, (issue) => (issue.pull === null ? {} : simplePullShape(call.world, issue, issue.pull)));
}

function compare(call: Call): Answer {
  const { world } = call;
  const [baseName = '', headName = ''] = param(call, 'basehead').split('...');
  const side = (name: string) => resolveCommit(world.git, name.replace(/^[^/:]+:/, ''));
  const [base, head] = [side(baseName), side(headName)];
  const fork = base === null || head === null ? null : mergeBase(world.git, base, head);
  if (base === null || head === null || fork === null) throw notFound();
  const ahead = commitsBetween(world.git, base, head);
  const behind = commitsBetween(world.git, head, base).length;
  const status =
    ahead.length === 0 && behind === 0 ? 'identical' : behind === 0 ? 'ahead' : ahead.length === 0 ? 'behind' : 'diverged';
  const page = `${pageUrl(world)}/compare/${baseName}...${headName}`;
  const listed = paged(call, ahead, (sha) => commitShape(world, sha));
  const body = {
    url: `${repositoryUrl(world)}/compare/${baseName}...${headName}`,
    html_url: page,
    permalink_url: `${pageUrl(world)}/compare/${base.slice(0, 7)}...${head.slice(0, 7)}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitShape(world, base),
    merge_base_commit: commitShape(world, fork),
    status,
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: listed.body ?? [],
    files: diffFiles(world.git, fork, head)
      .slice(0, 300)
      .map((file) => fileShape(world, head, file)),
  };
  return { ...listed, body };
}

function branches(call: Call): Answer {
  const { world } = call;
  const found = listRefs(world.git, 'refs/heads/').map(({ ref, sha }) => ({ name: ref.slice('refs/heads/'.length), sha }));
  const guarded = call.query.get('protected');
  const kept = found.filter((one) => guarded === null || String(rulesFor(world, one.name) !== null) === guarded);
  return paged(call, kept, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repositoryUrl(world)}/commits/${sha}` },
    protected: rulesFor(world, name) !== null,
  }));
}

function branch(call: Call): Answer {
  const name = param(call, 'branch');
  const sha = readRef(call.world.git, `refs/heads/${name}`);
  if (sha === null) throw new Refusal(404, 'Branch not found');
  return ok(branchShape(call.world, name, sha));
}

function branchShape(world: World, name: string, sha: string): Fields {
  const url = `${repositoryUrl(world)}/branches/${name}`;
  const guarded = rulesFor(world, name);
  const contexts = (guarded?.requiredChecks ?? []).map((check) => check.context);
  return {
    name,
    commit: commitShape(world, sha),
    _links: { self: url, html: `${pageUrl(world)}/tree/${name}` },
    protected: guarded !== null,
    protection: { enabled: guarded !== null, required_status_checks: { enforcement_level: 'non_admins', contexts, checks: [] } },
    protection_url: `${url}/protection`,
  };
}

function rules(call: Call): Answer {
  return paged(call, rulesOf(call.world, param(call, 'branch')), (rule) => rule);
}
