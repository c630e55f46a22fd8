import type { Account, Issue, Pull } from './nouns.ts';

/** A pull request in the merge queue of its base. */
export interface QueueEntry {
  readonly id: number;
  readonly issue: Issue;
  readonly pull: Pull;
  readonly headSha: string;
  readonly enqueuer: Account;
  readonly enqueuedAt: string;
  /** What the queue made of it; null until its turn comes, or comes again. */
  group: MergeGroup | null;
}

export interface MergeGroup {
  readonly sha: string;
  /** What it stands on: the entry before it, or the base branch. */
  readonly parent: string;
  readonly ref: string;
  readonly at: string;
}
