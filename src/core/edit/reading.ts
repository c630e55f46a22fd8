import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Format } from './format.ts';
import type { TreeNode } from './tree.ts';

interface Reading {
  readonly format: Format;
  readonly text: string;
  readonly read: Outcome<TreeNode, EditReasonCode>;
}

/** One edit looks at a text five times: to find its root, its value, its place, and twice to hold the result against it. */
const recent: Reading[] = [];
const MOST = 4;

/** What the format reads in this text. The last few answers are kept; a tree is never changed, so nobody can tell. */
export function readOnce(format: Format, text: string): Outcome<TreeNode, EditReasonCode> {
  const known = recent.find((one) => one.format === format && one.text === text);
  if (known !== undefined) return known.read;
  const read = format.read(text);
  recent.unshift({ format, text, read });
  recent.length = Math.min(recent.length, MOST);
  return read;
}
