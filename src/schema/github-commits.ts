import * as z from 'zod/mini';
import type { Person } from '../model/gate.ts';

const Account = z.nullable(z.object({ id: z.optional(z.number()), login: z.optional(z.string()), type: z.optional(z.string()) }));

const PullCommit = z.object({
  sha: z.string(),
  parents: z.array(z.object({ sha: z.string() })),
  author: Account,
  committer: Account,
  commit: z.object({ message: z.string() }),
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
}

export function parsePullCommits(answer: unknown): ListedCommit[] {
  return z
    .array(PullCommit)
    .parse(answer)
    .map((one) => ({
      sha: one.sha,
      parents: one.parents.map((parent) => parent.sha),
      author: personOf(one.author),
      committer: personOf(one.committer),
      message: one.commit.message,
    }));
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

export function parseAccounts(answer: unknown): Person[] {
  return z
    .array(Account)
    .parse(answer)
    .flatMap((account) => personOf(account) ?? []);
}

export function parseCommits(answer: unknown): { readonly sha: string; readonly parents: readonly string[] }[] {
  return z
    .array(z.object({ sha: z.string(), parents: z.array(z.object({ sha: z.string() })) }))
    .parse(answer)
    .map(({ sha, parents }) => ({ sha, parents: parents.map((parent) => parent.sha) }));
}

export function parseSpeakers(answer: unknown): { readonly person: Person; readonly body: string }[] {
  return z
    .array(z.object({ user: Account, body: z.optional(z.string()) }))
    .parse(answer)
    .flatMap(({ user, body }) => {
      const person = personOf(user);
      return person ? [{ person, body: body ?? '' }] : [];
    });
}
