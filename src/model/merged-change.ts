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

/** A first-parent commit that changed files of a target and brought no record: a person's change, still to be derived. */
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
  /** Every commit that changed one of the files asked for, with a record or without, newest first. */
  readonly touching: readonly { readonly merge: string; readonly files: readonly string[] }[];
  /** Records at HEAD that nothing can be done with: altered since their merge, unreadable, or too old to be found. */
  readonly lost: readonly { readonly path: string; readonly why: string }[];
}
