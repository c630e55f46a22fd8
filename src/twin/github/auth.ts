import { randomBytes } from 'node:crypto';
import { appOfJwt } from './jwt.ts';
import type { Actor } from './nouns.ts';
import { Refusal } from './refusal.ts';
import type { Permissions, SeedApp } from './seed.ts';
import { ACTIONS_APP, ACTIONS_BOT, accountOf, botOf, type World } from './world.ts';

interface Issued {
  readonly actor: Actor;
  readonly expires: number;
}

/** The tokens that the twin gave out. */
export interface Tokens {
  installation(app: SeedApp, permissions: Permissions): { readonly token: string; readonly expiresAt: string };
  actions(permissions: Permissions): string;
  /** Ends the token by which this actor came. */
  revokeOf(actor: Actor): void;
  actorOf(authorization: string | undefined): Actor;
}

const HOUR = 3_600_000;
/** A job's token lives as long as its job, at most a day. */
const DAY = 24 * HOUR;
const NOBODY: Actor = { kind: 'anonymous', name: 'anonymous', account: null, app: null, grants: {}, role: 'none' };

export function createTokens(world: World): Tokens {
  const issued = new Map<string, Issued>();
  const issue = (prefix: string, actor: Actor, lifetime: number) => {
    const token = prefix + randomBytes(18).toString('hex');
    const expires = world.tokenTime().getTime() + lifetime;
    issued.set(token, { actor, expires });
    return { token, expiresAt: new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z') };
  };
  return {
    installation: (app, permissions) => issue('ghs_', installationActor(app, permissions), HOUR),
    actions: (permissions) => issue('ghs_', actionsActor(permissions), DAY).token,
    revokeOf: (actor) => {
      for (const [token, one] of issued) if (one.actor === actor) issued.delete(token);
    },
    actorOf: (authorization) => {
      const token = tokenOf(authorization);
      if (token === null) return NOBODY;
      if (token.split('.').length === 3) return appActor(appOfJwt(token, world.seed.apps, world.tokenTime()));
      const found = issued.get(token);
      if (found !== undefined && found.expires > world.tokenTime().getTime()) return found.actor;
      return person(world, token);
    },
  };
}

/** "Bearer x", "token x", or Basic with the token as password. */
export function tokenOf(authorization: string | undefined): string | null {
  const [scheme = '', rest = ''] = (authorization ?? '').split(' ');
  if (rest === '') return null;
  if (scheme.toLowerCase() !== 'basic') return rest;
  return Buffer.from(rest, 'base64').toString().split(':')[1] ?? '';
}

function person(world: World, token: string): Actor {
  const user = world.seed.users.find((one) => one.token === token);
  if (user === undefined) throw new Refusal(401, 'Bad credentials');
  const account = accountOf(world, user.login);
  return { kind: 'user', name: `user:${user.login}`, account, app: null, grants: {}, role: user.permission };
}

function appActor(app: SeedApp): Actor {
  return { kind: 'app', name: `app:${app.id}`, account: null, app, grants: {}, role: 'none' };
}

function installationActor(app: SeedApp, permissions: Permissions): Actor {
  const grants: Permissions = { ...permissions, metadata: 'read' };
  return { kind: 'installation', name: `app:${app.id}`, account: botOf(app), app, grants, role: 'none' };
}

function actionsActor(permissions: Permissions): Actor {
  const grants: Permissions = { ...permissions, metadata: 'read' };
  return { kind: 'actions', name: 'actions', account: ACTIONS_BOT, app: ACTIONS_APP, grants, role: 'none' };
}
