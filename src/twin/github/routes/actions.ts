import { tell } from '../events.ts';
import { readRef } from '../git/refs.ts';
import { entryAt } from '../git/tree.ts';
import { type Fields, fieldsOf } from '../json.ts';
import type { WorkflowRun } from '../nouns.ts';
import { notFound, Refusal } from '../refusal.ts';
import {
  type Answer,
  type Call,
  idParam,
  needs,
  nothing,
  ok,
  paged,
  param,
  REPO,
  type Route,
  required,
  writer,
} from '../route.ts';
import { nodeId, userShape } from '../shapes/account.ts';
import { commitOf } from '../shapes/commit.ts';
import { minimalRepositoryShape, pageUrl, repositoryUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';

const READ = needs('read', 'actions:read');

/** Runs are written by the Actions runner beside this server; here they are only shown. */
export const ACTIONS_ROUTES: readonly Route[] = [
  { method: 'GET', path: `${REPO}/actions/runs`, need: READ, run: list },
  { method: 'GET', path: `${REPO}/actions/runs/{run_id}`, need: READ, run: get },
  {
    method: 'POST',
    path: `${REPO}/actions/workflows/{workflow_id}/dispatches`,
    need: needs('write', 'actions:write'),
    run: dispatch,
  },
];

function shape(world: World, run: WorkflowRun): Fields {
  const url = `${repositoryUrl(world)}/actions/runs/${run.id}`;
  const commit = commitOf(world, run.sha);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  const { author, committer, message, tree } = commit;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.path,
    display_title: message.split('\n')[0] ?? '',
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 300,
    url,
    html_url: `${pageUrl(world)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: userShape(world, run.actor),
    run_attempt: run.attempt,
    run_started_at: run.createdAt,
    triggering_actor: userShape(world, run.actor),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${repositoryUrl(world)}/actions/workflows/300`,
    head_commit: {
      id: run.sha,
      tree_id: tree,
      message,
      timestamp: committer.date,
      author: person(author),
      committer: person(committer),
    },
    repository: minimalRepositoryShape(world),
    head_repository: minimalRepositoryShape(world),
  };
}

function list(call: Call): Answer {
  const { query, world } = call;
  const same = (name: string, value: string | null) => query.get(name) === null || query.get(name) === value;
  const found = [...world.runs.values()]
    .filter((run) => same('event', run.event) && same('head_sha', run.sha) && same('branch', run.branch))
    .filter((run) => same('status', run.status) || same('status', run.conclusion))
    .toReversed();
  const wrap = (workflow_runs: Fields['workflow_runs']) => ({ total_count: found.length, workflow_runs: workflow_runs ?? [] });
  return paged(call, found, (run) => shape(world, run), wrap);
}

function get(call: Call): Answer {
  const run = call.world.runs.get(idParam(call, 'run_id'));
  if (run === undefined) throw notFound();
  return ok(shape(call.world, run));
}

function dispatch(call: Call): Answer {
  const { world } = call;
  const file = param(call, 'workflow_id');
  const ref = required(call, 'ref').replace(/^refs\/heads\//, '');
  const sha = readRef(world.git, `refs/heads/${ref}`);
  if (sha === null) throw new Refusal(422, `No ref found for: ${ref}`);
  const workflow = `.github/workflows/${file}`;
  if (entryAt(world.git, commitOf(world, sha).tree, workflow) === null) throw notFound();
  const payload = { inputs: fieldsOf(call.body.inputs), ref: `refs/heads/${ref}`, workflow };
  tell(world, { actor: call.actor, account: writer(call) }, 'workflow_dispatch', payload);
  return nothing();
}
