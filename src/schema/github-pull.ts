import * as z from 'zod/mini';
import type { PullFacts } from '../model/gate.ts';
import { Actor, Conversation, type ConversationPage, conversationPage, personOf } from './github-conversation.ts';

const RepositoryId = z.nullable(z.object({ databaseId: z.nullable(z.number()) }));

const Pull = z.extend(Conversation, {
  number: z.number(),
  state: z.string(),
  author: Actor,
  baseRefName: z.string(),
  headRefName: z.string(),
  headRefOid: z.string(),
  baseRepository: RepositoryId,
  headRepository: RepositoryId,
  mergedAt: z.nullable(z.string()),
  mergeCommit: z.nullable(z.object({ oid: z.string() })),
});

const Tip = z.nullable(z.object({ name: z.string(), target: z.nullable(z.object({ oid: z.string() })) }));

export interface SeenPull {
  readonly pull: PullFacts;
  readonly first: ConversationPage;
}

/** A page of a list of pull requests. */
export function parseNumbers(page: unknown): readonly number[] {
  return z
    .array(z.object({ number: z.number() }))
    .parse(page)
    .map(({ number }) => number);
}

/** The tip of the default branch, and an open pull request with the first page of its conversation; null: no such pull request. */
export function parseOpenPull(answer: unknown): { readonly tip: string | null; readonly seen: SeenPull | null } {
  const Answer = z.object({ repository: z.object({ defaultBranchRef: Tip, pullRequest: z.nullable(Pull) }) });
  const { defaultBranchRef, pullRequest } = Answer.parse(answer).repository;
  return { tip: defaultBranchRef?.target?.oid ?? null, seen: pullRequest && seenPull(pullRequest) };
}

export interface SeenMerge {
  readonly tip: string | null;
  readonly parents: readonly string[];
  readonly pulls: readonly SeenPull[];
  /** How many pull requests GitHub associates with the commit, listed or not. */
  readonly total: number;
}

/** The same around a commit on the default branch, with every pull request that GitHub associates with it; null: no such commit. */
export function parseMergedPull(answer: unknown): SeenMerge | null {
  const Commit = z.object({
    parents: z.object({ totalCount: z.number(), nodes: z.array(z.object({ oid: z.string() })) }),
    associatedPullRequests: z.object({ totalCount: z.number(), nodes: z.array(Pull) }),
  });
  const Answer = z.object({ repository: z.object({ defaultBranchRef: Tip, object: z.nullable(Commit) }) });
  const { defaultBranchRef, object } = Answer.parse(answer).repository;
  if (!object) return null;
  const { parents, associatedPullRequests: listed } = object;
  if (parents.totalCount !== parents.nodes.length) throw new Error(`${parents.totalCount} parents, not all listed`);
  return {
    tip: defaultBranchRef?.target?.oid ?? null,
    parents: parents.nodes.map(({ oid }) => oid),
    pulls: listed.nodes.map(seenPull),
    total: listed.totalCount,
  };
}

function seenPull(node: z.infer<typeof Pull>): SeenPull {
  const author = personOf(node.author);
  if (!author) throw new Error(`#${node.number} has no author that can be told`);
  const { number, baseRefName: baseRef, headRefName: headRef, headRefOid: headSha, mergedAt } = node;
  const pull: PullFacts = {
    ...{ number, author, baseRef, headRef, headSha, mergedAt },
    state: node.state === 'OPEN' ? 'open' : 'closed',
    baseRepositoryId: node.baseRepository?.databaseId ?? 0,
    headRepositoryId: node.headRepository?.databaseId ?? null,
    mergeSha: node.mergeCommit?.oid ?? null,
  };
  return { pull, first: conversationPage(node) };
}
