import * as z from 'zod/mini';
import { PageInfo } from './github-conversation.ts';

const Entry = z.object({
  headCommit: z.nullable(z.object({ oid: z.string() })),
  pullRequest: z.nullable(z.object({ number: z.number() })),
});
const Queue = z.object({
  entries: z.object({ totalCount: z.number(), pageInfo: PageInfo, nodes: z.array(Entry) }),
});

export interface QueuePage {
  /** The branch as it is now. */
  readonly tip: string;
  /** A commit of null: the queue has made none of it yet. */
  readonly entries: readonly { readonly commit: string | null; readonly pull: number }[];
  readonly total: number;
  /** Where the next page begins; null: there is none. */
  readonly next: string | null;
}

/** A page of a branch's merge queue. Throws where there is no such branch or queue, or an entry cannot be told. */
export function parseQueuePage(answer: unknown): QueuePage {
  const Answer = z.object({
    repository: z.object({
      ref: z.nullable(z.object({ target: z.object({ oid: z.string() }) })),
      mergeQueue: z.nullable(Queue),
    }),
  });
  const { ref, mergeQueue } = Answer.parse(answer).repository;
  if (!ref || !mergeQueue) throw new Error('the branch has no merge queue');
  const { totalCount: total, pageInfo, nodes } = mergeQueue.entries;
  const entries = nodes.map(({ headCommit, pullRequest }) => {
    if (!pullRequest) throw new Error('an entry of the merge queue shows no pull request');
    return { commit: headCommit?.oid ?? null, pull: pullRequest.number };
  });
  return { tip: ref.target.oid, entries, total, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** The id by which GraphQL names a pull request. */
export function parsePullId(answer: unknown): string {
  const Answer = z.object({ repository: z.object({ pullRequest: z.object({ id: z.string() }) }) });
  return Answer.parse(answer).repository.pullRequest.id;
}
