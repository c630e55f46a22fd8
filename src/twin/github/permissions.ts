import type { Actor } from './nouns.ts';
import { notFound, Refusal } from './refusal.ts';
import type { Grant, Need, Route } from './route.ts';
import type { Role } from './seed.ts';

const ROLES: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

export function hasRole(role: Role, wanted: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

export function hasGrant(actor: Actor, grant: Grant): boolean {
  const [name = '', level] = grant.split(':');
  const held = actor.grants[name];
  return held === 'write' || (held === 'read' && level === 'read');
}

/** True when the actor may do what needs this. */
export function allows(actor: Actor, need: Need): boolean {
  if (actor.kind === 'user') return hasRole(actor.role, need.role);
  return need.grants.some((grant) => hasGrant(actor, grant));
}

/** GitHub's rules of refusal: strangers see nothing of a private repository, others are told what they lack. */
export function checkNeed(actor: Actor, route: Route): void {
  const { need } = route;
  if (need === 'anyone') return;
  if (need === 'jwt') {
    if (actor.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
    return;
  }
  if (actor.kind === 'app') throw new Refusal(401, 'Bad credentials');
  if (need === 'token') {
    if (actor.kind === 'anonymous') throw new Refusal(401, 'Requires authentication');
    return;
  }
  if (actor.kind === 'anonymous' || (actor.kind === 'user' && actor.role === 'none')) throw notFound();
  if (allows(actor, need)) return;
  if (actor.kind === 'user') throw new Refusal(403, 'Must have push access to the repository');
  throw new Refusal(403, 'Resource not accessible by integration');
}
