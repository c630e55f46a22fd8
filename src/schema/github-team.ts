import * as z from 'zod/mini';
import type { Permission, Person } from '../model/gate.ts';
import { PageInfo } from './github-conversation.ts';

const Team = z.nullable(
  z.object({
    privacy: z.string(),
    members: z.object({
      totalCount: z.number(),
      pageInfo: PageInfo,
      nodes: z.array(z.object({ databaseId: z.number(), login: z.string() })),
    }),
    repositories: z.object({
      pageInfo: PageInfo,
      edges: z.array(z.object({ permission: z.string(), node: z.object({ databaseId: z.nullable(z.number()) }) })),
    }),
  }),
);

export interface TeamPage {
  readonly isSecret: boolean;
  readonly members: readonly Person[];
  readonly total: number;
  /** Where the next page of members starts; null: there is none. */
  readonly next: string | null;
  /** What the team may do in the repository; null: this page of repositories does not show it and there are more. */
  readonly permission: Permission | null;
}

/** One page of a team's active members (child teams included), and what it may do in a repository; null: no such team. */
export function parseTeam(answer: unknown, repositoryId: number): TeamPage | null {
  const Answer = z.object({ organization: z.nullable(z.object({ team: Team })) });
  const team = Answer.parse(answer).organization?.team ?? null;
  if (!team) return null;
  const { members, privacy, repositories } = team;
  const found = repositories.edges.find((edge) => edge.node.databaseId === repositoryId)?.permission.toLowerCase();
  return {
    // Whatever is not called visible is not.
    isSecret: privacy !== 'VISIBLE',
    members: members.nodes.map(({ databaseId: id, login }) => ({ id, login, type: 'User' })),
    total: members.totalCount,
    next: members.pageInfo.hasNextPage ? members.pageInfo.endCursor : null,
    permission: found === undefined ? (repositories.pageInfo.hasNextPage ? null : 'none') : permissionOf(found, found),
  };
}

/** `permission` knows only admin, write, read and none; `role_name` tells maintain and triage apart. Unknown roles are none. */
export function permissionOf(role: string, permission: string): Permission {
  const names: readonly Permission[] = ['admin', 'maintain', 'write', 'triage', 'read'];
  return names.find((name) => name === role) ?? names.find((name) => name === permission) ?? 'none';
}
