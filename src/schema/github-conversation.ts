import * as z from 'zod/mini';
import type { CommentFact, Person, TimelineFact } from '../model/gate.ts';

const Actor = z.nullable(z.object({ __typename: z.string(), login: z.string(), databaseId: z.optional(z.nullable(z.number())) }));
const Page = z.object({ hasNextPage: z.boolean(), endCursor: z.nullable(z.string()) });

const CommentNode = z.object({
  databaseId: z.number(),
  body: z.string(),
  createdAt: z.string(),
  lastEditedAt: z.nullable(z.string()),
  includesCreatedEdit: z.boolean(),
  createdViaEmail: z.boolean(),
  author: Actor,
});

const EventNode = z.object({ __typename: z.string(), createdAt: z.string(), actor: Actor });

const Answer = z.object({
  repository: z.object({
    pullRequest: z.object({
      comments: z.object({ totalCount: z.number(), pageInfo: Page, nodes: z.array(CommentNode) }),
      timelineItems: z.object({ totalCount: z.number(), pageInfo: Page, nodes: z.array(EventNode) }),
    }),
  }),
});

const RestComment = z.object({ id: z.number(), performed_via_github_app: z.optional(z.nullable(z.object({ id: z.number() }))) });

const EVENTS: Readonly<Record<string, TimelineFact['what']>> = {
  CommentDeletedEvent: 'comment_deleted',
  BaseRefChangedEvent: 'base_changed',
  HeadRefForcePushedEvent: 'head_force_pushed',
};

interface PageOf<T> {
  readonly nodes: readonly T[];
  readonly total: number;
  readonly more: boolean;
  readonly end: string | null;
}

/** One page of a pull request's conversation as GraphQL gives it. `viaApp` is REST's to say and false here. */
export function parseConversation(answer: unknown): {
  readonly comments: PageOf<CommentFact>;
  readonly timeline: PageOf<TimelineFact>;
} {
  const { comments, timelineItems } = Answer.parse(answer).repository.pullRequest;
  return {
    comments: page(comments, comments.nodes.map(commentOf)),
    timeline: page(timelineItems, timelineItems.nodes.map(eventOf)),
  };
}

export function parseRestComments(answer: unknown): { readonly id: number; readonly viaApp: boolean }[] {
  return z
    .array(RestComment)
    .parse(answer)
    .map((comment) => ({ id: comment.id, viaApp: (comment.performed_via_github_app ?? null) !== null }));
}

function page<T>(
  connection: { readonly totalCount: number; readonly pageInfo: z.infer<typeof Page> },
  nodes: readonly T[],
): PageOf<T> {
  return { nodes, total: connection.totalCount, more: connection.pageInfo.hasNextPage, end: connection.pageInfo.endCursor };
}

/** A ghost (deleted account) or an actor without a numeric id is nobody. */
function personOf(actor: z.infer<typeof Actor>): Person | null {
  return actor && typeof actor.databaseId === 'number'
    ? { id: actor.databaseId, login: actor.login, type: actor.__typename }
    : null;
}

function commentOf(node: z.infer<typeof CommentNode>): CommentFact {
  const { databaseId, author, ...rest } = node;
  return { id: databaseId, author: personOf(author), viaApp: false, ...rest };
}

function eventOf(node: z.infer<typeof EventNode>): TimelineFact {
  const what = EVENTS[node.__typename];
  if (!what) throw new Error(`an event of unknown kind ${node.__typename}`);
  return { what, at: node.createdAt, actor: personOf(node.actor) };
}
