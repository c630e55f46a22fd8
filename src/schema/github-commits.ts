import * as z from 'zod/mini';
import type { Person } from '../model/gate.ts';

const Account = z.nullable(z.object({ id: z.optional(z.number()), login: z.optional(z.string()), type: z.optional(z.string()) }));

const Commit = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
  author: Account,
  committer: Account,
  commit: z.object({ message: z.string(), tree: z.object({ sha: z.string() }) }),
});

const Activity = z.object({
  activity_type: z.string(),
  actor: Account,
  before: z.string(),
  after: z.string(),
  timestamp: z.string(),
});

export interface ListedCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: Person | null;
  readonly committer: Person | null;
  readonly message: string;
  readonly tree: string;
}

/** One page of a comparison: where the two sides part, and the commits that only the head has. */
export function parseComparison(answer: unknown): {
  readonly mergeBase: ListedCommit;
  readonly commits: readonly ListedCommit[];
  readonly total: number;
} {
  const Comparison = z.object({ merge_base_commit: Commit, total_commits: z.number(), commits: z.array(Commit) });
  const { merge_base_commit, total_commits, commits } = Comparison.parse(answer);
  return { mergeBase: commitOf(merge_base_commit), commits: commits.map(commitOf), total: total_commits };
}

function commitOf(one: z.infer<typeof Commit>): ListedCommit {
  return {
    sha: one.sha,
    parents: one.parents.map((parent) => parent.sha),
    author: personOf(one.author),
    committer: personOf(one.committer),
    message: one.commit.message,
    tree: one.commit.tree.sha,
  };
}

export function parseActivity(answer: unknown): {
  readonly what: string;
  readonly actor: Person | null;
  readonly before: string;
  readonly after: string;
  readonly at: string;
}[] {
  return z
    .array(Activity)
    .parse(answer)
    .map((one) => ({
      what: one.activity_type,
      actor: personOf(one.actor),
      before: one.before,
      after: one.after,
      at: one.timestamp,
    }));
}

/** GitHub answers `{}` or null for an address without an account: nobody. */
export function personOf(account: z.infer<typeof Account>): Person | null {
  return account && account.id !== undefined && account.login !== undefined
    ? { id: account.id, login: account.login, type: account.type ?? 'User' }
    : null;
}
