import * as z from 'zod/mini';
import { PageInfo } from './github-conversation.ts';

const Entry = z.nullable(z.object({ oid: z.string() }));
const Commit = z.looseObject({
  oid: z.string(),
  committedDate: z.string(),
  tree: z.object({ oid: z.string() }),
  parents: z.object({ nodes: z.array(z.object({ oid: z.string() })) }),
});
const Branch = z.object({ name: z.string() });
const History = z.object({ history: z.object({ pageInfo: PageInfo, nodes: z.array(Commit) }) });

export interface TrunkCommit {
  readonly sha: string;
  readonly tree: string;
  /** When it was committed, as its committer says. */
  readonly date: string;
  /** The first parent; null for the very first commit. */
  readonly parent: string | null;
  /** Object ids of the watched places, in the order they were asked for; null where there is nothing. */
  readonly places: readonly (string | null)[];
}

export interface TrunkPage {
  readonly tip: string;
  /** The default branch's name. */
  readonly branch: string;
  readonly commits: readonly TrunkCommit[];
  readonly next: string | null;
}

/** One page of a branch's history; `places` is how many were asked for, as d0, d1, …. */
export function parseTrunk(answer: unknown, places: number): TrunkPage {
  const Target = z.extend(History, { oid: z.string() });
  const Answer = z.object({ repository: z.object({ defaultBranchRef: z.nullable(z.extend(Branch, { target: Target })) }) });
  const found = Answer.parse(answer).repository.defaultBranchRef;
  if (!found) throw new Error('the default branch has no tip');
  return pageOf(found.target.oid, found.name, found.target, places);
}

/** A later page, which is asked for by the tip that the first one showed. */
export function parseTrunkFrom(answer: unknown, tip: string, places: number): TrunkPage {
  const Answer = z.object({ repository: z.object({ defaultBranchRef: z.nullable(Branch), object: z.nullable(History) }) });
  const { object, defaultBranchRef } = Answer.parse(answer).repository;
  if (!object || !defaultBranchRef) throw new Error(`no commit ${tip}`);
  return pageOf(tip, defaultBranchRef.name, object, places);
}

function pageOf(tip: string, branch: string, { history }: z.infer<typeof History>, places: number): TrunkPage {
  const names = Array.from({ length: places }, (_, place) => `d${place}`);
  const commits = history.nodes.map((node) => ({
    sha: node.oid,
    tree: node.tree.oid,
    date: node.committedDate,
    parent: node.parents.nodes[0]?.oid ?? null,
    places: names.map((name) => Entry.parse(node[name] ?? null)?.oid ?? null),
  }));
  return { tip, branch, commits, next: history.pageInfo.hasNextPage ? history.pageInfo.endCursor : null };
}
