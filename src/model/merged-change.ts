import type { ChangeRecord } from './record.ts';

/** A change at HEAD and the first-parent commit that brought it there. */
export interface MergedChange {
  /** The record's path; for a person's change without one, its target's first changed file. */
  readonly path: string;
  readonly record: ChangeRecord;
  readonly merge: string;
  /** Position on the first-parent history: 0 is HEAD. */
  readonly order: number;
  /** A person merged it without a record: this one was derived from the files themselves. */
  readonly derived: boolean;
}

/** A first-parent commit that changed some of the files asked for, with a record or without. */
export interface TouchedFiles {
  readonly merge: string;
  readonly order: number;
  /** Object ids on both sides; null: not there. */
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
}

/** What the default branch has brought, newest first. */
export interface Merged {
  readonly tip: string;
  readonly changes: readonly MergedChange[];
  readonly touched: readonly TouchedFiles[];
  /** False when the branch is longer than was read, within the time that is looked back. */
  readonly whole: boolean;
  /** Records at HEAD that nothing can be done with: altered since their merge, unreadable, or too old to be found. */
  readonly lost: readonly { readonly path: string; readonly why: string }[];
}

/** What changed the files that decide who decides, newest first. */
export interface PolicyHistory extends Pick<Merged, 'touched'> {
  /** Why a commit that is not among these may have changed them, by GitHub's own log of pushes; null: none did, or dates were believed. */
  readonly unseen: string | null;
}
