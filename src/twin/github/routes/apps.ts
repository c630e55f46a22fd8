import type { Tokens } from '../auth.ts';
import { fieldsOf, textsOf } from '../json.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, idParam, nothing, ok, paged, REPO, type Route } from '../route.ts';
import type { Level, SeedApp } from '../seed.ts';
import { publicUserShape } from '../shapes/account.ts';
import { allPermissions, appShape, installationShape } from '../shapes/app.ts';
import { repositoryShape } from '../shapes/repository.ts';
import { accountOf } from '../world.ts';

/** Identity: Apps and their installations, users, rate limits. */
export function appRoutes(tokens: Tokens): readonly Route[] {
  return [
    { method: 'GET', path: '/app', need: 'jwt', run: (call) => ok(appShape(call.world, appOf(call))) },
    { method: 'GET', path: '/app/installations', need: 'jwt', run: installations },
    { method: 'GET', path: '/app/installations/{installation_id}', need: 'jwt', run: installation },
    {
      method: 'POST',
      path: '/app/installations/{installation_id}/access_tokens',
      need: 'jwt',
      run: (call) => createToken(call, tokens),
    },
    { method: 'GET', path: `${REPO}/installation`, need: 'jwt', run: ownInstallation },
    { method: 'GET', path: '/orgs/{org}/installation', need: 'jwt', run: ownInstallation },
    { method: 'GET', path: '/installation/repositories', need: 'token', run: repositories },
    { method: 'DELETE', path: '/installation/token', need: 'token', run: (call) => revoke(call, tokens) },
    { method: 'GET', path: '/rate_limit', need: 'anyone', run: rateLimit },
    { method: 'GET', path: '/user', need: 'token', run: self },
    { method: 'GET', path: '/users/{username}', need: 'token', run: user },
  ];
}

function appOf(call: Call): SeedApp {
  if (call.actor.app === null) throw notFound();
  return call.actor.app;
}

function installations(call: Call): Answer {
  return paged(call, [appOf(call)], (app) => installationShape(call.world, app));
}

function installation(call: Call): Answer {
  const app = appOf(call);
  if (app.installationId !== idParam(call, 'installation_id')) throw notFound();
  return ok(installationShape(call.world, app));
}

function ownInstallation(call: Call): Answer {
  return ok(installationShape(call.world, appOf(call)));
}

/** A token may ask for less than the App has, never for more. */
function createToken(call: Call, tokens: Tokens): Answer {
  const app = appOf(call);
  if (app.installationId !== idParam(call, 'installation_id')) throw notFound();
  const wanted = call.body.permissions;
  const permissions = wanted === undefined || wanted === null ? allPermissions(app.permissions) : narrowed(app, fieldsOf(wanted));
  const names = textsOf(call.body.repositories);
  if (names.some((name) => name !== call.world.repo))
    throw new Refusal(422, 'There is at least one repository that does not exist');
  const { token, expiresAt } = tokens.installation(app, permissions);
  const chosen = names.length === 0 && call.body.repository_ids === undefined ? 'all' : 'selected';
  const repositories = chosen === 'all' ? {} : { repositories: [repositoryShape(call.world)] };
  return ok({ token, expires_at: expiresAt, permissions, repository_selection: chosen, ...repositories }, 201);
}

function narrowed(app: SeedApp, wanted: Readonly<Record<string, unknown>>): Readonly<Record<string, Level>> {
  const held = allPermissions(app.permissions);
  const entries = Object.entries(wanted).map(([name, level]): [string, Level] => {
    const has = held[name];
    const fits = has !== undefined && (level === 'read' || (level === 'write' && has === 'write'));
    if (!fits) throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    return [name, level === 'write' ? 'write' : 'read'];
  });
  return Object.fromEntries(entries);
}

function repositories(call: Call): Answer {
  if (call.actor.kind !== 'installation') throw new Refusal(403, 'Resource not accessible by integration');
  return ok({ total_count: 1, repository_selection: 'all', repositories: [repositoryShape(call.world)] });
}

function rateLimit(call: Call): Answer {
  const reset = Math.floor(call.world.tokenTime().getTime() / 1000) + 3600;
  const core = { limit: 15000, used: 0, remaining: 15000, reset };
  const search = { limit: 30, used: 0, remaining: 30, reset };
  return ok({ resources: { core, search, graphql: core }, rate: core });
}

function self(call: Call): Answer {
  const { account, kind } = call.actor;
  if (account === null || kind !== 'user') throw new Refusal(403, 'Resource not accessible by integration');
  return ok(publicUserShape(call.world, account));
}

function user(call: Call): Answer {
  const account = accountOf(call.world, call.params.username ?? '');
  if (account === null || account.type === 'Organization') throw notFound();
  return ok(publicUserShape(call.world, account));
}

function revoke(call: Call, tokens: Tokens): Answer {
  if (call.actor.kind !== 'installation') throw new Refusal(403, 'Resource not accessible by integration');
  tokens.revokeOf(call.actor);
  return nothing();
}
