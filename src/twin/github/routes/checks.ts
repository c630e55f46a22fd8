import { tell } from '../events.ts';
import { type Fields, fieldsOf, textOf } from '../json.ts';
import type { CheckRun } from '../nouns.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { latestRuns, runsOn } from '../requirements.ts';
import { type Answer, type Call, idParam, needs, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { nodeId } from '../shapes/account.ts';
import { appShape } from '../shapes/app.ts';
import { checkShape, pullsHeadedBy, suiteId } from '../shapes/check.ts';
import { simpleCommitShape } from '../shapes/commit.ts';
import { minimalRepositoryShape, repositoryUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';
import { commitParam } from './commits.ts';

const RUNS = `${REPO}/check-runs`;
const READ = needs('read', 'checks:read');
const WRITE = needs('admin', 'checks:write');
const CONCLUSIONS = ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', 'action_required'];

export const CHECK_ROUTES: readonly Route[] = [
  { method: 'POST', path: RUNS, need: WRITE, run: create },
  { method: 'GET', path: `${RUNS}/{check_run_id}`, need: READ, run: (call) => ok(checkShape(call.world, checkParam(call))) },
  { method: 'PATCH', path: `${RUNS}/{check_run_id}`, need: WRITE, run: update },
  { method: 'GET', path: `${REPO}/commits/{ref}/check-runs`, need: READ, run: listRuns },
  { method: 'GET', path: `${REPO}/commits/{ref}/check-suites`, need: READ, run: listSuites },
];

function checkParam(call: Call): CheckRun {
  const run = call.world.checks.get(idParam(call, 'check_run_id'));
  if (run === undefined) throw notFound();
  return run;
}

/** Only Apps have checks; GITHUB_TOKEN writes as the App github-actions, whichever workflow it runs in. */
function create(call: Call): Answer {
  const { world, actor } = call;
  if (actor.app === null) throw new Refusal(403, 'You must authenticate via a GitHub App.');
  const sha = required(call, 'head_sha');
  if (world.git.read(sha)?.type !== 'commit') throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const run: CheckRun = {
    id: world.nextId(),
    sha,
    app: actor.app,
    startedAt: textOf(call.body.started_at) ?? world.now(),
    name: required(call, 'name'),
    status: 'queued',
    conclusion: null,
    completedAt: null,
    externalId: '',
    detailsUrl: null,
    title: null,
    summary: null,
    text: null,
  };
  change(world, run, call.body);
  world.checks.set(run.id, run);
  announceRun(call, run, 'created');
  if (run.status === 'completed') announceRun(call, run, 'completed');
  return ok(checkShape(world, run), 201);
}

function update(call: Call): Answer {
  const run = checkParam(call);
  if (call.actor.app?.id !== run.app.id) throw new Refusal(403, 'Resource not accessible by integration');
  const before = run.status;
  change(call.world, run, call.body);
  if (run.status === 'completed' && before !== 'completed') announceRun(call, run, 'completed');
  return ok(checkShape(call.world, run));
}

function change(world: World, run: CheckRun, body: Fields): void {
  const { status } = body;
  const conclusion = textOf(body.conclusion);
  if (conclusion !== null && !CONCLUSIONS.includes(conclusion)) throw invalid('CheckRun', 'conclusion', 'invalid');
  if (status === 'completed' && conclusion === null) throw invalid('CheckRun', 'conclusion', 'missing_field');
  run.name = textOf(body.name) ?? run.name;
  run.externalId = textOf(body.external_id) ?? run.externalId;
  run.detailsUrl = textOf(body.details_url) ?? run.detailsUrl;
  if (status === 'queued' || status === 'in_progress') {
    Object.assign(run, { status, conclusion: null, completedAt: null });
  }
  if (conclusion !== null) {
    run.status = 'completed';
    run.conclusion = conclusion;
    run.completedAt = textOf(body.completed_at) ?? world.now();
  }
  if (body.output === undefined) return;
  const output = fieldsOf(body.output);
  run.title = textOf(output.title) ?? run.title;
  run.summary = textOf(output.summary) ?? run.summary;
  run.text = textOf(output.text) ?? run.text;
  for (const part of [run.summary, run.text])
    if ((part ?? '').length > 65535) throw new Refusal(422, 'Only 65535 characters are allowed');
}

function announceRun(call: Call, run: CheckRun, action: 'created' | 'completed'): void {
  const { world } = call;
  const { pull_requests, ...shape } = checkShape(world, run);
  const check_suite = { ...suiteOf(world, run), pull_requests: pull_requests ?? [] };
  tell(world, { actor: call.actor, account: writer(call) }, 'check_run', {
    action,
    check_run: { ...shape, check_suite, pull_requests: pull_requests ?? [] },
  });
  if (action === 'completed') announceSuite(call, run);
}

/** A suite is told of once nothing in it runs any more. */
function announceSuite(call: Call, run: CheckRun): void {
  const { world } = call;
  if (runsOn(world, run.sha).some((one) => one.app.id === run.app.id && one.status !== 'completed')) return;
  const check_suite = suiteShape(world, run);
  tell(world, { actor: call.actor, account: writer(call) }, 'check_suite', { action: 'completed', check_suite });
}

function suiteOf(world: World, run: CheckRun): Fields {
  const id = suiteId(run);
  return {
    id,
    node_id: nodeId('CS', id),
    head_branch: 'main',
    head_sha: run.sha,
    status: run.status,
    conclusion: run.conclusion,
    url: `${repositoryUrl(world)}/check-suites/${id}`,
    before: null,
    after: run.sha,
    pull_requests: pullsHeadedBy(world, run.sha),
    app: appShape(world, run.app),
    created_at: run.startedAt,
    updated_at: run.completedAt ?? run.startedAt,
  };
}

function runsOf(call: Call): readonly CheckRun[] {
  const sha = commitParam(call, 'ref');
  return runsOn(call.world, sha);
}

/** `filter=latest` (the default) keeps one run of a name for each App. */
function listRuns(call: Call): Answer {
  const { query } = call;
  const app = query.get('app_id');
  const kept = runsOf(call)
    .filter((run) => query.get('check_name') === null || run.name === query.get('check_name'))
    .filter((run) => query.get('status') === null || run.status === query.get('status'))
    .filter((run) => app === null || run.app.id === Number(app));
  const latest = latestRuns(kept);
  const found = (query.get('filter') === 'all' ? kept : latest).toReversed();
  const wrap = (check_runs: Fields['check_runs']) => ({ total_count: found.length, check_runs: check_runs ?? [] });
  return paged(call, found, (run) => checkShape(call.world, run), wrap);
}

function listSuites(call: Call): Answer {
  const { world } = call;
  const latest = [...new Map(runsOf(call).map((run) => [run.app.id, run])).values()];
  const wrap = (check_suites: Fields['check_suites']) => ({ total_count: latest.length, check_suites: check_suites ?? [] });
  return paged(call, latest, (run) => suiteShape(world, run), wrap);
}

function suiteShape(world: World, run: CheckRun): Fields {
  return {
    ...suiteOf(world, run),
    repository: minimalRepositoryShape(world),
    head_commit: simpleCommitShape(world, run.sha),
    latest_check_runs_count: 1,
    check_runs_url: `${repositoryUrl(world)}/check-suites/${suiteId(run)}/check-runs`,
  };
}
