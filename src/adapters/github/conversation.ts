import type { CommentFact, Person, TimelineFact } from '../../model/gate.ts';
import { type ConversationPage, parseRestComments, parseThread } from '../../schema/github-conversation.ts';
import type { GithubReads } from './reads.ts';

/** Who did it, with the numeric id of the account. */
export const ACTOR = '{ __typename login ... on User { databaseId } ... on Bot { databaseId } }';
const PAGE = 'totalCount pageInfo { hasNextPage endCursor }';
const COMMENTS = `${PAGE} nodes {
  databaseId body createdAt lastEditedAt includesCreatedEdit createdViaEmail author ${ACTOR}
  userContentEdits(first: 30) { totalCount nodes { diff deletedAt } }
}`;
const DELETED = `... on CommentDeletedEvent { createdAt actor ${ACTOR} deletedCommentAuthor ${ACTOR} }`;

/** What is read of a pull request's conversation in one page; the cursors are variables of the query. */
export const PULL_CONVERSATION = `
comments(first: 100, after: $comments) { ${COMMENTS} }
timelineItems(first: 100, after: $timeline, itemTypes: [COMMENT_DELETED_EVENT, BASE_REF_CHANGED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT]) {
  ${PAGE} nodes { __typename ${DELETED}
    ... on BaseRefChangedEvent { createdAt actor ${ACTOR} }
    ... on HeadRefForcePushedEvent { createdAt actor ${ACTOR} }
  }
}`;
const ISSUE_CONVERSATION = `
comments(first: 100, after: $comments) { ${COMMENTS} }
timelineItems(first: 100, after: $timeline, itemTypes: [COMMENT_DELETED_EVENT]) { ${PAGE} nodes { __typename ${DELETED} } }`;

const threadQuery = (kind: 'pullRequest' | 'issue', conversation: string) => `
query($owner: String!, $repo: String!, $number: Int!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $repo) { thread: ${kind}(number: $number) { ${conversation} } }
}`;
const PULL_THREAD = threadQuery('pullRequest', PULL_CONVERSATION);
const ISSUE_THREAD = threadQuery('issue', ISSUE_CONVERSATION);

const MOST_PAGES = 50;

/**
 * Wider than the commands' own grammar: a comment that this misses neither approves nor takes a /hold back. Bots quote commands, and never give
 * them. A /hold that ends the hold for a deleted comment holds itself, whoever spoke it.
 */
export function mayDecide(comment: CommentFact): boolean {
  return comment.author?.type === 'User' && /\/(approve|retry)/.test(comment.body);
}

export interface Conversation {
  readonly comments: readonly CommentFact[];
  readonly timeline: readonly TimelineFact[];
}

/**
 * Every comment and every event that can void an approval, after a first page that was read with the pull request. GraphQL knows edits
 * and e-mail, REST knows whether an App spoke for a person; both must list the same comments. Throws when anything is missing.
 */
export async function conversationOf(reads: GithubReads, number: number, first: ConversationPage): Promise<Conversation> {
  for (let attempt = 1; ; attempt++) {
    const graph = await wholeThread(reads, PULL_THREAD, number, attempt === 1 ? first : null);
    // Whether an App spoke for a person matters for what decides only.
    if (!graph.comments.some(mayDecide)) return graph;
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

/** Who said what on an incident's issue. A deleted comment's author said something that cannot be told: its text is null. */
export async function speakersOf(
  reads: GithubReads,
  issue: number,
): Promise<readonly { readonly person: Person; readonly texts: readonly string[] | null }[]> {
  const { comments, timeline } = await wholeThread(reads, ISSUE_THREAD, issue, null);
  // On an issue nothing but deletions is asked for.
  if (timeline.some(({ author }) => author === null)) throw new Error('a comment was deleted, and whose it was cannot be told');
  return [
    ...comments.flatMap(({ author, body, former }) =>
      author ? [{ person: author, texts: former.known ? [body, ...former.value] : null }] : [],
    ),
    ...timeline.flatMap(({ author: person }) => (person ? [{ person, texts: null }] : [])),
  ];
}

/** Both lists as one; null when they do not hold the same comments. */
function join(graph: Conversation, viaApp: ReadonlyMap<number, boolean>): Conversation | null {
  if (viaApp.size !== graph.comments.length || graph.comments.some((comment) => !viaApp.has(comment.id))) return null;
  return { ...graph, comments: graph.comments.map((comment) => ({ ...comment, viaApp: viaApp.get(comment.id) ?? true })) };
}

/** All pages of a thread; both lists must be as long as GitHub counts them. */
async function wholeThread(
  reads: GithubReads,
  query: string,
  number: number,
  first: ConversationPage | null,
): Promise<Conversation> {
  const comments: CommentFact[] = [];
  const timeline: TimelineFact[] = [];
  let cursors: { readonly comments: string | null; readonly timeline: string | null } = { comments: null, timeline: null };
  for (let count = 0; count < MOST_PAGES; count++) {
    const seen = count === 0 && first ? first : parseThread(await reads.query(query, { number, ...cursors }));
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
