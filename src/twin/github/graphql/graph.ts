import { GraphQLError } from 'graphql';
import type { Actor, Issue, Pull } from '../nouns.ts';
import { allows } from '../permissions.ts';
import { type Need, needs } from '../route.ts';
import type { World } from '../world.ts';

/** What every node is made from: the world, who asks, and the two nodes that the others lead back to. */
export interface Graph {
  readonly world: World;
  readonly actor: Actor;
  readonly repository: () => unknown;
  readonly pull: (issue: Issue, pull: Pull) => unknown;
}

export const READ_CONTENT = needs('read', 'contents:read');
export const READ_ISSUE = needs('read', 'issues:read');
export const READ_PULL = needs('read', 'pull_requests:read');
export const WRITE_PULL = needs('write', 'pull_requests:write');
export const READ_QUEUE = needs('read', 'merge_queues:read');
export const WRITE_QUEUE = needs('write', 'merge_queues:write');
export const READ_MEMBERS = needs('read', 'members:read');

/** An error of GitHub's GraphQL, whose `type` clients look at. */
export function refuse(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function check(actor: Actor, need: Need): void {
  if (!allows(actor, need)) throw refuse('FORBIDDEN', 'Resource not accessible by integration');
}
