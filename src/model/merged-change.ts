import type { ChangeRecord } from './record.ts';

/** A change record at HEAD and the first-parent commit that brought it there. */
export interface MergedChange {
  readonly path: string;
  readonly record: ChangeRecord;
  readonly merge: string;
  /** Position on the first-parent history: 0 is HEAD. */
  readonly order: number;
}
