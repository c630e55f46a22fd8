import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Place } from './place.ts';
import type { Splice, TreeNode } from './tree.ts';
import type { TypedScalar } from './value.ts';

export type EditFormat = 'json' | 'yaml' | 'conf';

/** What the editor needs to know about a file format. `text` never starts with a byte order mark: the editor takes it off. */
export interface Format {
  read(text: string): Outcome<TreeNode, EditReasonCode>;
  /** The token for a value, in the quoting of the one it replaces, or of its neighbours when it is new. Null: it cannot be written. */
  writeScalar(text: string, place: Place, value: TypedScalar): string | null;
  /** A map of one member on one line: what a missing parent is written as. */
  writeMap(key: string, lexeme: string): string;
  /** The splice that adds the first missing key of `place`; null: there is no safe way in this file. */
  insert(text: string, place: Place, key: string, lexeme: string): Splice | null;
  remove(text: string, place: Place): Splice | null;
}
