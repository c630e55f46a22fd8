import type { Account } from '../nouns.ts';
import type { SeedTeam } from '../seed.ts';
import { nodeId } from '../shapes/account.ts';
import { family, findTeam, membersOf, teamId, teamPermission } from '../shapes/team.ts';
import { accountOf } from '../world.ts';
import { actorNode } from './commit.ts';
import { connection, type Slice } from './connection.ts';
import { check, type Graph, READ_MEMBERS, refuse } from './graph.ts';

interface MemberSlice extends Slice {
  readonly membership: 'ALL' | 'CHILD_TEAM' | 'IMMEDIATE';
  readonly orderBy?: { readonly direction: 'ASC' | 'DESC' } | null;
  readonly query?: string | null;
  readonly role?: 'MAINTAINER' | 'MEMBER' | null;
}

interface RepositorySlice extends Slice {
  readonly query?: string | null;
}

const PERMISSIONS = { pull: 'READ', triage: 'TRIAGE', push: 'WRITE', maintain: 'MAINTAIN', admin: 'ADMIN' } as const;

/** The organisation that owns the repository; every other one cannot be resolved. */
export function organizationNode(graph: Graph, login: string) {
  const account = accountOf(graph.world, login);
  if (account?.type !== 'Organization')
    throw refuse('NOT_FOUND', `Could not resolve to an Organization with the login of '${login}'.`);
  const team = ({ slug }: { slug: string }) => {
    // GITHUB_TOKEN can never hold `members`, so it reads no team.
    if (graph.actor.kind === 'actions') throw refuse('FORBIDDEN', 'Resource not accessible by integration');
    check(graph.actor, READ_MEMBERS);
    const found = findTeam(graph.world, slug);
    return found === null ? null : teamNode(graph, found);
  };
  return { ...actorNode(graph.world, account), team };
}

function teamNode(graph: Graph, team: SeedTeam): object {
  const { world } = graph;
  const parent = team.parent === undefined ? null : findTeam(world, team.parent);
  return {
    __typename: 'Team',
    id: nodeId('T', team.slug),
    databaseId: teamId(world, team),
    slug: team.slug,
    name: team.slug,
    privacy: team.privacy === 'secret' ? 'SECRET' : 'VISIBLE',
    combinedSlug: `${world.owner}/${team.slug}`,
    organization: () => organizationNode(graph, world.owner),
    parentTeam: parent === null ? null : () => teamNode(graph, parent),
    members: (slice: MemberSlice) => members(graph, team, slice),
    repositories: (slice: RepositorySlice) => repositories(graph, team, slice),
  };
}

/** Who belongs to the team itself, to a team below it, or (by default) to any of them; invitations do not count. */
function members(graph: Graph, team: SeedTeam, slice: MemberSlice) {
  const { world } = graph;
  const all = family(world, team);
  const teams = { ALL: all, IMMEDIATE: [team], CHILD_TEAM: all.slice(1) }[slice.membership];
  const people = membersOf(world, teams).filter((one) => one.type === 'User' && one.login.includes(slice.query ?? ''));
  const role = 'MEMBER'; // the twin's teams have no maintainers
  const found = slice.role === 'MAINTAINER' ? [] : people;
  const page = connection(ordered(found, slice.orderBy?.direction), slice, (one) => actorNode(world, one));
  const path = (login: string | undefined) => `/orgs/${world.owner}/people/${login}`;
  const edges = page.edges.map((edge) => ({
    ...edge,
    role,
    memberAccessResourcePath: path(edge.node?.login),
    memberAccessUrl: `${world.url}${path(edge.node?.login)}`,
  }));
  return { ...page, edges };
}

/** By login: the twin does not know when somebody joined. */
function ordered(people: readonly Account[], direction: 'ASC' | 'DESC' | undefined): readonly Account[] {
  if (direction === undefined) return people;
  const sorted = [...people].sort((a, b) => a.login.localeCompare(b.login));
  return direction === 'ASC' ? sorted : sorted.reverse();
}

/** The one repository, if the team has a permission on it, its own or its parent's. */
function repositories(graph: Graph, team: SeedTeam, slice: RepositorySlice) {
  const held = teamPermission(graph.world, team);
  const named = graph.world.repo.toLowerCase().includes((slice.query ?? '').toLowerCase());
  const permissions = held === null || !named ? [] : [PERMISSIONS[held]];
  const page = connection(permissions, slice, (permission) => ({ permission, node: graph.repository }));
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, ...node }));
  return { ...page, edges, nodes: page.nodes.map(() => graph.repository()) };
}
