import { codeownersErrors } from '../codeowners.ts';
import { tell } from '../events.ts';
import { readRef } from '../git/refs.ts';
import { textOf } from '../json.ts';
import { invalid, notFound } from '../refusal.ts';
import { type Answer, type Call, needs, nothing, ok, param, REPO, type Route, required, writer } from '../route.ts';
import { nodeId, userShape } from '../shapes/account.ts';
import { fullRepositoryShape } from '../shapes/repository.ts';
import { accountOf } from '../world.ts';

const METADATA = needs('read', 'metadata:read');
const CONTENTS = needs('read', 'contents:read');

export const REPOSITORY_ROUTES: readonly Route[] = [
  { method: 'GET', path: REPO, need: METADATA, run: (call) => ok(fullRepositoryShape(call.world)) },
  { method: 'GET', path: `${REPO}/activity`, need: CONTENTS, run: activity },
  { method: 'GET', path: `${REPO}/collaborators/{username}/permission`, need: METADATA, run: permission },
  { method: 'POST', path: `${REPO}/dispatches`, need: needs('write', 'contents:write'), run: dispatch },
  { method: 'GET', path: `${REPO}/codeowners/errors`, need: CONTENTS, run: codeowners },
];

const DAYS_OF: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** The push log, newest first, paged by cursor. */
function activity(call: Call): Answer {
  const { world, query } = call;
  const wanted = query.get('ref');
  const full = wanted === null ? null : wanted.startsWith('refs/') ? wanted : `refs/heads/${wanted}`;
  const kind = query.get('activity_type');
  const login = query.get('actor');
  const days = DAYS_OF[query.get('time_period') ?? ''] ?? Number.POSITIVE_INFINITY;
  const since = Date.parse(world.now()) - days * 86_400_000;
  const all = world.activity
    .filter((one) => full === null || one.ref === full)
    .filter((one) => kind === null || one.kind === kind)
    .filter((one) => login === null || one.actor.login === login)
    .filter((one) => Date.parse(one.at) >= since);
  const ordered = query.get('direction') === 'asc' ? all : all.toReversed();
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  const cursor = query.get('after');
  const start = cursor === null ? 0 : ordered.findIndex((one) => cursorOf(one.id) === cursor) + 1;
  const page = ordered.slice(start, start + size);
  const last = page.at(-1);
  const next = new URLSearchParams(query);
  if (last !== undefined) next.set('after', cursorOf(last.id));
  const more = start + size < ordered.length;
  const body = page.map((one) => ({
    id: one.id,
    node_id: nodeId('PSH', one.id),
    before: one.before,
    after: one.after,
    ref: one.ref,
    timestamp: one.at,
    activity_type: one.kind,
    actor: userShape(world, one.actor),
  }));
  return { status: 200, body, headers: more ? { link: `<${world.url}${call.path}?${next.toString()}>; rel="next"` } : {} };
}

function cursorOf(id: number): string {
  return Buffer.from(`activity:${id}`).toString('base64url');
}

function permission(call: Call): Answer {
  const account = accountOf(call.world, param(call, 'username'));
  if (account === null || account.type === 'Organization') throw notFound();
  const role = call.world.seed.users.find((user) => user.login === account.login)?.permission ?? 'none';
  const legacy = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
  const rank = ['none', 'read', 'triage', 'write', 'maintain', 'admin'].indexOf(role);
  const names = ['pull', 'triage', 'push', 'maintain', 'admin'];
  const permissions = Object.fromEntries(names.map((name, index) => [name, rank > index]));
  return ok({ permission: legacy, role_name: role, user: { ...userShape(call.world, account), permissions, role_name: role } });
}

function dispatch(call: Call): Answer {
  const action = required(call, 'event_type');
  if (action.length > 100) throw invalid('RepositoryDispatch', 'event_type', 'invalid');
  const payload = call.body.client_payload ?? {};
  const by = { actor: call.actor, account: writer(call) };
  tell(call.world, by, 'repository_dispatch', { action, branch: 'main', client_payload: payload });
  return nothing();
}

function codeowners(call: Call): Answer {
  const sha = readRef(call.world.git, `refs/heads/${textOf(call.query.get('ref')) ?? 'main'}`);
  const errors = sha === null ? null : codeownersErrors(call.world, sha);
  if (errors === null) throw notFound();
  return ok({ errors });
}
