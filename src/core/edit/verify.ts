import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { PathStep } from '../selector.ts';
import type { Format } from './format.ts';
import { findPlace, type Place } from './place.ts';
import { readOnce } from './reading.ts';
import { childPath, type TreeNode } from './tree.ts';

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
  const read = readOnce(format, text);
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
  const beside = { before: edit.before, after: edit.after };
  if (!sameBeside(edit.root, root, edit.place.path.split('/').slice(1), beside)) return null;
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

interface Texts {
  readonly before: string;
  readonly after: string;
}

/**
 * Both documents hold the same values except at and below the path: `tokens` are what is left of it from here, null beside it. An empty
 * YAML value may become the map that holds the edited value, and the reverse.
 */
function sameBeside(one: TreeNode, two: TreeNode, tokens: readonly string[] | null, texts: Texts): boolean {
  const isParent = tokens?.length === 1;
  if (!sameKind(one, two, texts) && !(isParent && isEmptied(one, two))) return false;
  const [token, ...rest] = tokens ?? [];
  const isOn = (key: string) => token !== undefined && childPath('', key) === `/${token}`;
  const beside = ({ members }: TreeNode) => (isParent ? members.filter(({ key }) => !isOn(key)) : members);
  const [left, right] = [beside(one), beside(two)];
  const within = (key: string) => (isOn(key) ? rest : null);
  return (
    left.length === right.length &&
    one.items.length === two.items.length &&
    left.every(({ key, value }, index) => {
      const twin = right[index];
      return twin !== undefined && twin.key === key && sameBeside(value, twin.value, within(key), texts);
    }) &&
    one.items.every((item, index) => {
      const twin = two.items[index];
      return (isParent && isOn(String(index))) || (twin !== undefined && sameBeside(item, twin, within(String(index)), texts));
    })
  );
}

function sameKind(one: TreeNode, two: TreeNode, { before, after }: Texts): boolean {
  if (one.kind !== two.kind || one.type !== two.type) return false;
  if (one.kind === 'alias') return one.text === two.text;
  return one.kind !== 'scalar' || before.slice(one.start, one.end) === after.slice(two.start, two.end);
}

function isEmptied(one: TreeNode, two: TreeNode): boolean {
  const isEmpty = ({ kind, type, start, end }: TreeNode) => kind === 'scalar' && type === 'null' && start === end;
  return (isEmpty(one) && two.kind === 'map') || (isEmpty(two) && one.kind === 'map');
}
