import type { Deployment, DeploymentStatus } from '../deployment.ts';
import { tell } from '../events.ts';
import { isAncestor } from '../git/history.ts';
import { readRef, resolveCommit } from '../git/refs.ts';
import { type Fields, textOf, textsOf } from '../json.ts';
import { invalid, notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, needs, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { nodeId, userShape } from '../shapes/account.ts';
import { viaApp } from '../shapes/app.ts';
import { repositoryUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';

const ALL = `${REPO}/deployments`;
const ONE = `${ALL}/{deployment_id}`;
const READ = needs('read', 'deployments:read');
const WRITE = needs('write', 'deployments:write');
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

export const DEPLOYMENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: ALL, need: READ, run: list },
  { method: 'POST', path: ALL, need: WRITE, run: create },
  { method: 'GET', path: ONE, need: READ, run: (call) => ok(shape(call.world, deploymentParam(call))) },
  { method: 'GET', path: `${ONE}/statuses`, need: READ, run: statuses },
  { method: 'POST', path: `${ONE}/statuses`, need: WRITE, run: report },
];

function deploymentParam(call: Call): Deployment {
  const found = call.world.deployments.get(idParam(call, 'deployment_id'));
  if (found === undefined) throw notFound();
  return found;
}

function shape(world: World, one: Deployment): Fields {
  const url = `${repositoryUrl(world)}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: nodeId('DE', one.id),
    sha: one.sha,
    ref: one.ref,
    task: one.task,
    payload: one.payload,
    original_environment: one.environment,
    environment: one.environment,
    transient_environment: false,
    production_environment: false,
    description: one.description,
    creator: userShape(world, one.creator),
    created_at: one.createdAt,
    updated_at: one.statuses.at(-1)?.createdAt ?? one.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world),
    performed_via_github_app: viaApp(world, one.app),
  };
}

function statusShape(world: World, one: Deployment, status: DeploymentStatus): Fields {
  const url = `${repositoryUrl(world)}/deployments/${one.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userShape(world, status.creator),
    description: status.description,
    environment: one.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(world),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: viaApp(world, one.app),
  };
}

function list(call: Call): Answer {
  const { query, world } = call;
  const same = (name: 'sha' | 'ref' | 'task' | 'environment') => (one: Deployment) =>
    query.get(name) === null || one[name] === query.get(name);
  const all = [...world.deployments.values()].toReversed();
  const found = all.filter(same('sha')).filter(same('ref')).filter(same('task')).filter(same('environment'));
  return paged(call, found, (one) => shape(world, one));
}

/** Without `auto_merge: false` GitHub merges the default branch in first; without empty `required_contexts` it wants every status green. */
function create(call: Call): Answer {
  const { world, body } = call;
  const ref = required(call, 'ref');
  const sha = resolveCommit(world.git, ref);
  if (sha === null) throw new Refusal(422, `No ref found for: ${ref}`);
  const main = readRef(world.git, 'refs/heads/main') ?? sha;
  if (body.auto_merge !== false && !isAncestor(world.git, main, sha) && readRef(world.git, `refs/heads/${ref}`) !== null)
    throw new Refusal(409, `Conflict merging main into ${ref}.`);
  const contexts = Array.isArray(body.required_contexts) ? textsOf(body.required_contexts) : null;
  if (!contextsGreen(world, sha, contexts)) throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`);
  const account = writer(call);
  const one: Deployment = {
    id: world.nextId(),
    sha,
    ref,
    task: textOf(body.task) ?? 'deploy',
    environment: textOf(body.environment) ?? 'production',
    description: textOf(body.description),
    payload: body.payload ?? {},
    creator: account,
    app: call.actor.app,
    createdAt: world.now(),
    statuses: [],
  };
  world.deployments.set(one.id, one);
  const none = { workflow: null, workflow_run: null };
  tell(world, { actor: call.actor, account }, 'deployment', { action: 'created', deployment: shape(world, one), ...none });
  return ok(shape(world, one), 201);
}

function contextsGreen(world: World, sha: string, contexts: readonly string[] | null): boolean {
  const latest = new Map(world.statuses.filter((one) => one.sha === sha).map((one) => [one.context, one.state]));
  return [...(contexts ?? latest.keys())].every((name) => latest.get(name) === 'success');
}

function statuses(call: Call): Answer {
  const one = deploymentParam(call);
  return paged(call, one.statuses.toReversed(), (status) => statusShape(call.world, one, status));
}

function report(call: Call): Answer {
  const { world, body } = call;
  const one = deploymentParam(call);
  const state = required(call, 'state');
  if (!STATES.includes(state)) throw invalid('DeploymentStatus', 'state', 'inclusion');
  const description = textOf(body.description) ?? '';
  if (description.length > 140)
    throw invalid('DeploymentStatus', 'description', 'custom', 'description is too long (maximum is 140 characters)');
  const status: DeploymentStatus = {
    id: world.nextId(),
    state,
    description,
    logUrl: textOf(body.log_url) ?? textOf(body.target_url) ?? '',
    environmentUrl: textOf(body.environment_url) ?? '',
    creator: writer(call),
    createdAt: world.now(),
  };
  one.statuses.push(status);
  const both = { deployment: shape(world, one), deployment_status: statusShape(world, one, status) };
  const none = { check_run: null, workflow: null, workflow_run: null };
  tell(world, { actor: call.actor, account: status.creator }, 'deployment_status', { action: 'created', ...both, ...none });
  return ok(statusShape(world, one, status), 201);
}
