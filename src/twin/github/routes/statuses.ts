import { tell } from '../events.ts';
import { type Fields, textOf } from '../json.ts';
import type { CommitStatus } from '../nouns.ts';
import { invalid } from '../refusal.ts';
import { statusesOn } from '../requirements.ts';
import { type Answer, type Call, needs, ok, paged, REPO, type Route, required, writer } from '../route.ts';
import { nodeId, userShape } from '../shapes/account.ts';
import { commitShape } from '../shapes/commit.ts';
import { minimalRepositoryShape, repositoryUrl } from '../shapes/repository.ts';
import type { World } from '../world.ts';
import { commitParam } from './commits.ts';

const READ = needs('read', 'statuses:read');

export const STATUS_ROUTES: readonly Route[] = [
  { method: 'POST', path: `${REPO}/statuses/{sha}`, need: needs('write', 'statuses:write'), run: create },
  { method: 'GET', path: `${REPO}/commits/{ref}/statuses`, need: READ, run: list },
  { method: 'GET', path: `${REPO}/commits/{ref}/status`, need: READ, run: combined },
];

function statusShape(world: World, status: CommitStatus): Fields {
  return {
    url: `${repositoryUrl(world)}/statuses/${status.sha}`,
    avatar_url: `${world.url}/avatars/u/${status.creator.id}?v=4`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

function create(call: Call): Answer {
  const { world } = call;
  const sha = commitParam(call, 'sha');
  const state = required(call, 'state');
  if (!['error', 'failure', 'pending', 'success'].includes(state)) throw invalid('Status', 'state', 'inclusion');
  const status: CommitStatus = {
    id: world.nextId(),
    sha,
    state,
    context: textOf(call.body.context) ?? 'default',
    description: textOf(call.body.description),
    targetUrl: textOf(call.body.target_url),
    creator: writer(call),
    app: call.actor.app,
    createdAt: world.now(),
  };
  world.statuses.push(status);
  const { id, context, description, createdAt, targetUrl } = status;
  const name = `${world.owner}/${world.repo}`;
  const times = { created_at: createdAt, updated_at: createdAt };
  const more = { id, sha, name, target_url: targetUrl, context, description, state, branches: [], ...times };
  tell(world, { actor: call.actor, account: status.creator }, 'status', { ...more, commit: commitShape(world, sha) });
  return ok({ ...statusShape(world, status), creator: userShape(world, status.creator) }, 201);
}

function list(call: Call): Answer {
  const { world } = call;
  const sha = commitParam(call, 'ref');
  const found = world.statuses.filter((one) => one.sha === sha).toReversed();
  return paged(call, found, (one) => ({ ...statusShape(world, one), creator: userShape(world, one.creator) }));
}

/** The last status of each context; pending when there is none. */
function combined(call: Call): Answer {
  const { world } = call;
  const sha = commitParam(call, 'ref');
  const latest = statusesOn(world, sha);
  const states = new Set(latest.map((one) => one.state));
  const bad = states.has('failure') || states.has('error');
  const state = bad ? 'failure' : latest.length === 0 || states.has('pending') ? 'pending' : 'success';
  const root = repositoryUrl(world);
  const fixed = { state, sha, total_count: latest.length, repository: minimalRepositoryShape(world) };
  const urls = { commit_url: `${root}/commits/${sha}`, url: `${root}/commits/${sha}/status` };
  return paged(
    call,
    latest,
    (one) => statusShape(world, one),
    (statuses) => ({ ...fixed, ...urls, statuses }),
  );
}
