import * as z from 'zod/mini';
import type { CommentFact, Person, TimelineFact } from '../model/gate.ts';
import { type Known, known, unknown } from '../model/known.ts';

export const Actor = z.nullable(
  z.object({ __typename: z.string(), login: z.string(), databaseId: z.optional(z.nullable(z.number())) }),
);
export const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.nullable(z.string()) });

const Edits = z.nullable(
  z.object({
    totalCount: z.number(),
    nodes: z.nullable(z.array(z.nullable(z.object({ diff: z.nullable(z.string()), deletedAt: z.nullable(z.string()) })))),
  }),
);

const CommentNode = z.object({
  databaseId: z.number(),
  body: z.string(),
  createdAt: z.string(),
  lastEditedAt: z.nullable(z.string()),
  includesCreatedEdit: z.boolean(),
  createdViaEmail: z.boolean(),
  author: Actor,
  userContentEdits: Edits,
});

const EventNode = z.object({
  __typename: z.string(),
  createdAt: z.string(),
  actor: Actor,
  deletedCommentAuthor: z.optional(Actor),
});

/** The comments and events of a pull request or an issue, one page of each. */
export const Conversation = z.object({
  comments: z.object({ totalCount: z.number(), pageInfo: PageInfo, nodes: z.array(CommentNode) }),
  timelineItems: z.object({ totalCount: z.number(), pageInfo: PageInfo, nodes: z.array(EventNode) }),
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

export interface ConversationPage {
  readonly comments: PageOf<CommentFact>;
  readonly timeline: PageOf<TimelineFact>;
}

/** One page of a conversation as GraphQL gives it. `viaApp` is REST's to say and false here. */
export function conversationPage({ comments, timelineItems }: z.infer<typeof Conversation>): ConversationPage {
  return {
    comments: page(comments, comments.nodes.map(commentOf)),
    timeline: page(timelineItems, timelineItems.nodes.map(eventOf)),
  };
}

/** The same for one thread that was asked for alone, as `thread`. */
export function parseThread(answer: unknown): ConversationPage {
  return conversationPage(z.object({ repository: z.object({ thread: Conversation }) }).parse(answer).repository.thread);
}

export function parseRestComments(answer: unknown): { readonly id: number; readonly viaApp: boolean }[] {
  return z
    .array(RestComment)
    .parse(answer)
    .map((comment) => ({ id: comment.id, viaApp: (comment.performed_via_github_app ?? null) !== null }));
}

/** A ghost (deleted account) or an actor without a numeric id is nobody. */
export function personOf(actor: z.infer<typeof Actor>): Person | null {
  return actor && typeof actor.databaseId === 'number'
    ? { id: actor.databaseId, login: actor.login, type: actor.__typename }
    : null;
}

function page<T>(
  connection: { readonly totalCount: number; readonly pageInfo: z.infer<typeof PageInfo> },
  nodes: readonly T[],
): PageOf<T> {
  return { nodes, total: connection.totalCount, more: connection.pageInfo.hasNextPage, end: connection.pageInfo.endCursor };
}

function commentOf(node: z.infer<typeof CommentNode>): CommentFact {
  const { databaseId, author, userContentEdits, ...rest } = node;
  const former = formerTexts(userContentEdits, node);
  return { id: databaseId, author: personOf(author), viaApp: false, ...rest, former };
}

/** Every version's text but the present one. GitHub lists none for a comment that was never edited. */
function formerTexts(
  edits: z.infer<typeof Edits>,
  node: { readonly body: string; readonly lastEditedAt: string | null },
): Known<readonly string[]> {
  if (node.lastEditedAt === null) return known([]);
  const listed = edits?.nodes ?? [];
  if (!edits || edits.totalCount === 0 || listed.length !== edits.totalCount) return unknown('not every version is listed');
  const texts = listed.map((edit) => (edit && edit.deletedAt === null ? edit.diff : null));
  if (texts.includes(null)) return unknown('a version was deleted');
  return known(texts.flatMap((text) => (text === null || text === node.body ? [] : [text])));
}

function eventOf(node: z.infer<typeof EventNode>): TimelineFact {
  const what = EVENTS[node.__typename];
  if (!what) throw new Error(`an event of unknown kind ${node.__typename}`);
  return { what, at: node.createdAt, actor: personOf(node.actor), author: personOf(node.deletedCommentAuthor ?? null) };
}
