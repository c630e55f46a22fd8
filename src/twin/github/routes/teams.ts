import { notFound, Refusal } from '../refusal.ts';
import { type Answer, type Call, needs, ok, paged, param, type Route } from '../route.ts';
import type { SeedTeam } from '../seed.ts';
import { userShape } from '../shapes/account.ts';
import { repositoryShape } from '../shapes/repository.ts';
import { family, findTeam, fullTeamShape, membersOf, statesOf, teamId, teamPermission } from '../shapes/team.ts';
import { accountOf } from '../world.ts';

const TEAM = '/orgs/{org}/teams/{team_slug}';
/** GITHUB_TOKEN can never hold `members`, so it reads no team. */
const MEMBERS = needs('read', 'members:read');

export const TEAM_ROUTES: readonly Route[] = [
  { method: 'GET', path: TEAM, need: MEMBERS, run: (call) => ok(fullTeamShape(call.world, team(call))) },
  { method: 'GET', path: `${TEAM}/members`, need: MEMBERS, run: members },
  { method: 'GET', path: `${TEAM}/memberships/{username}`, need: MEMBERS, run: membership },
  { method: 'GET', path: `${TEAM}/repos/{owner}/{repo}`, need: MEMBERS, run: teamRepository },
];

function team(call: Call): SeedTeam {
  if (call.actor.kind === 'actions') throw new Refusal(403, 'Resource not accessible by integration');
  const found = findTeam(call.world, param(call, 'team_slug'));
  if (found === null) throw notFound();
  return found;
}

function members(call: Call): Answer {
  const accounts = membersOf(call.world, family(call.world, team(call)));
  return paged(call, accounts, (account) => userShape(call.world, account));
}

function membership(call: Call): Answer {
  const given = team(call);
  const login = accountOf(call.world, param(call, 'username'))?.login ?? '';
  const state = statesOf(family(call.world, given)).get(login);
  if (state === undefined) throw notFound();
  const url = `${call.world.url}/organizations/9000/team/${teamId(call.world, given)}/memberships/${login}`;
  return ok({ state, role: 'member', url });
}

/** 204 when the team can reach the repository; with the repository media type the answer says how. */
function teamRepository(call: Call): Answer {
  const given = team(call);
  const permission = teamPermission(call.world, given);
  if (permission === null) throw notFound();
  if (!call.accept.includes('vnd.github.v3.repository+json') && !call.accept.includes('vnd.github.repository+json'))
    return { status: 204 };
  const order = ['pull', 'triage', 'push', 'maintain', 'admin'];
  const rank = order.indexOf(permission);
  const permissions = Object.fromEntries(order.map((name, index) => [name, index <= rank]));
  const role = { pull: 'read', triage: 'triage', push: 'write', maintain: 'maintain', admin: 'admin' }[permission];
  return ok({ ...repositoryShape(call.world), permissions, role_name: role });
}
