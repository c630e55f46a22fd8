import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { PathStep } from '../selector.ts';
import type { Format } from './format.ts';
import { findPlace, type Place } from './place.ts';
import { type Entry, entriesOf, type TreeNode } from './tree.ts';

/** An edit that was made, with what was known before it. A lexeme of null means removed, an old one of null added. */
export interface MadeEdit {
  readonly format: Format;
  readonly before: string;
  readonly root: TreeNode;
  readonly place: Place;
  readonly after: string;
  readonly path: readonly PathStep[];
  readonly old: string | null;
  readonly lexeme: string | null;
}

export interface Located {
  readonly root: TreeNode;
  readonly place: Place;
}

export function locate(format: Format, text: string, path: readonly PathStep[]): Outcome<Located, EditReasonCode> {
  const read = format.read(text);
  if (!read.ok) return read;
  const place = findPlace(read.value, path);
  return place.ok ? { ok: true, value: { root: read.value, place: place.value } } : place;
}

/**
 * Reads the edited text again. Answers where the value stands in it (0 when it was removed), or null unless exactly the intended value
 * changed and, for a set or added value, the inverse gives the old text back byte for byte.
 */
export function verifiedAt(edit: MadeEdit): number | null {
  const again = locate(edit.format, edit.after, edit.path);
  if (!again.ok) return null;
  const { root, place } = again.value;
  if (!sameBeside(entriesOf(edit.root, edit.before), entriesOf(root, edit.after), edit.place.path)) return null;
  const node = place.node;
  if (edit.lexeme === null) return node === null ? 0 : null;
  if (node === null || edit.after.slice(node.start, node.end) !== edit.lexeme || node.interpolated || node.shared) return null;
  const isFit = edit.old === null ? isLeafChain(node) : node.kind === 'scalar';
  return place.path === edit.place.path && isFit && undone(edit, place, node) === edit.before ? node.start : null;
}

function undone(edit: MadeEdit, place: Place, node: TreeNode): string | null {
  const back = edit.old === null ? edit.format.remove(edit.after, place) : { start: node.start, end: node.end, text: edit.old };
  return back === null ? null : edit.after.slice(0, back.start) + back.text + edit.after.slice(back.end);
}

/** A scalar, or the maps of one member each that had to be made for it: an edit never brings in a second value. */
export function isLeafChain(node: TreeNode): boolean {
  const [only, ...others] = node.members;
  return node.kind === 'scalar' || (node.kind === 'map' && only !== undefined && others.length === 0 && isLeafChain(only.value));
}

/** Both documents hold the same values except at and below `path`. An empty YAML value may become a map there, and the reverse. */
function sameBeside(before: readonly Entry[], after: readonly Entry[], path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const beside = (entries: readonly Entry[]) => entries.filter((one) => one.path !== path && !one.path.startsWith(`${path}/`));
  const [left, right] = [beside(before), beside(after)];
  const isEmptied = (one: Entry, two: Entry) => one.path === parent && [one.text, two.text].sort().join() === 'null:,{';
  return (
    left.length === right.length &&
    left.every((one, index) => {
      const two = right[index];
      return two !== undefined && one.path === two.path && (one.text === two.text || isEmptied(one, two));
    })
  );
}
