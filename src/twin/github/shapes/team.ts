import type { Fields } from '../json.ts';
import type { Account } from '../nouns.ts';
import type { SeedTeam } from '../seed.ts';
import type { World } from '../world.ts';
import { accountOf } from '../world.ts';
import { nodeId, organizationShape } from './account.ts';

export function findTeam(world: World, slug: string): SeedTeam | null {
  if (world.seed.ownerType === 'User') return null;
  return (world.seed.teams ?? []).find((team) => team.slug === slug.toLowerCase()) ?? null;
}

/** A team and every team below it: members of child teams are members. */
export function family(world: World, team: SeedTeam): readonly SeedTeam[] {
  const children = (world.seed.teams ?? []).filter((one) => one.parent === team.slug);
  return [team, ...children.flatMap((child) => family(world, child))];
}

/** Logins with their state in these teams; active anywhere is active. */
export function statesOf(teams: readonly SeedTeam[]): ReadonlyMap<string, 'active' | 'pending'> {
  const found = new Map<string, 'active' | 'pending'>();
  for (const one of teams)
    for (const member of one.members) if (found.get(member.login) !== 'active') found.set(member.login, member.state ?? 'active');
  return found;
}

/** Who accepted the invitation to one of these teams. */
export function membersOf(world: World, teams: readonly SeedTeam[]): readonly Account[] {
  const active = [...statesOf(teams)].filter(([, state]) => state === 'active');
  return active.flatMap(([login]) => accountOf(world, login) ?? []);
}

/** A team without a permission of its own has its parent's. */
export function teamPermission(world: World, given: SeedTeam): NonNullable<SeedTeam['permission']> | null {
  if (given.permission !== undefined) return given.permission;
  const parent = given.parent === undefined ? null : findTeam(world, given.parent);
  return parent === null ? null : teamPermission(world, parent);
}

export function teamId(world: World, team: SeedTeam): number {
  return 7000 + (world.seed.teams ?? []).indexOf(team);
}

export function teamShape(world: World, team: SeedTeam): Fields {
  const url = `${world.url}/organizations/9000/team/${teamId(world, team)}`;
  const parent = team.parent === undefined ? null : findTeam(world, team.parent);
  return {
    id: teamId(world, team),
    node_id: nodeId('T', team.slug),
    url,
    html_url: `${world.url}/orgs/${world.owner}/teams/${team.slug}`,
    name: team.slug,
    slug: team.slug,
    description: '',
    privacy: team.privacy ?? 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    type: 'organization',
    organization_id: accountOf(world, world.owner)?.id ?? 0,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: parent === null ? null : simpleTeam(teamShape(world, parent)),
  };
}

function simpleTeam(team: Fields): Fields {
  const { parent: _, ...simple } = team;
  return simple;
}

export function fullTeamShape(world: World, team: SeedTeam): Fields {
  const organization = {
    ...organizationShape(world),
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${world.url}/${world.owner}`,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    archived_at: null,
    type: 'Organization',
  };
  return {
    ...teamShape(world, team),
    members_count: team.members.length,
    repos_count: 1,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    organization,
  };
}
