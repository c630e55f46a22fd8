import type { CommentFact, TimelineFact } from '../../model/gate.ts';
import { parseConversation, parseRestComments } from '../../schema/github-conversation.ts';
import type { GithubReads } from './reads.ts';

const CONVERSATION = `
query($owner: String!, $repo: String!, $number: Int!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $comments) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          databaseId body createdAt lastEditedAt includesCreatedEdit createdViaEmail
          author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
        }
      }
      timelineItems(first: 100, after: $timeline, itemTypes: [COMMENT_DELETED_EVENT, BASE_REF_CHANGED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT]) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          __typename
          ... on CommentDeletedEvent { createdAt actor { __typename login ... on User { databaseId } ... on Bot { databaseId } } }
          ... on BaseRefChangedEvent { createdAt actor { __typename login ... on User { databaseId } ... on Bot { databaseId } } }
          ... on HeadRefForcePushedEvent { createdAt actor { __typename login ... on User { databaseId } ... on Bot { databaseId } } }
        }
      }
    }
  }
}`;

const MOST_PAGES = 50;
/** Wider than the command's own grammar: a comment that this misses cannot be an approval. Bots quote the command, and never approve. */
export function mayApprove(comment: CommentFact): boolean {
  return comment.author?.type === 'User' && comment.body.includes('/approve');
}

export interface Conversation {
  readonly comments: readonly CommentFact[];
  readonly timeline: readonly TimelineFact[];
}

/**
 * Every comment and every event that can void an approval. GraphQL knows edits and e-mail, REST knows whether an App spoke for a
 * person; both must list the same comments, as many as GitHub counts. Throws when anything is missing.
 */
export async function conversationOf(reads: GithubReads, number: number): Promise<Conversation> {
  for (let attempt = 1; ; attempt++) {
    const graph = await graphConversation(reads, number);
    // Whether an App spoke for a person matters for approvals only.
    if (!graph.comments.some(mayApprove)) return graph;
    const rest = await reads.pages(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { issue_number: number },
      parseRestComments,
    );
    const joined = join(graph, new Map(rest.map((comment) => [comment.id, comment.viaApp])));
    if (joined) return joined;
    // A comment may come between the two reads; two disagreements in a row are something else.
    if (attempt === 2) throw new Error(`REST lists ${rest.length} comments, GraphQL ${graph.comments.length}`);
  }
}

/** Both lists as one; null when they do not hold the same comments. */
function join(graph: Conversation, viaApp: ReadonlyMap<number, boolean>): Conversation | null {
  if (viaApp.size !== graph.comments.length || graph.comments.some((comment) => !viaApp.has(comment.id))) return null;
  return { ...graph, comments: graph.comments.map((comment) => ({ ...comment, viaApp: viaApp.get(comment.id) ?? true })) };
}

async function graphConversation(reads: GithubReads, number: number): Promise<Conversation> {
  const comments: CommentFact[] = [];
  const timeline: TimelineFact[] = [];
  let cursors: { readonly comments: string | null; readonly timeline: string | null } = { comments: null, timeline: null };
  for (let page = 0; page < MOST_PAGES; page++) {
    const seen = parseConversation(await reads.query(CONVERSATION, { number, ...cursors }));
    comments.push(...seen.comments.nodes);
    timeline.push(...seen.timeline.nodes);
    if (!seen.comments.more && !seen.timeline.more) {
      if (comments.length !== seen.comments.total)
        throw new Error(`${comments.length} of ${seen.comments.total} comments could be read`);
      if (timeline.length !== seen.timeline.total)
        throw new Error(`${timeline.length} of ${seen.timeline.total} events could be read`);
      return { comments, timeline };
    }
    cursors = { comments: seen.comments.end ?? cursors.comments, timeline: seen.timeline.end ?? cursors.timeline };
  }
  throw new Error(`more than ${MOST_PAGES} pages of comments`);
}
