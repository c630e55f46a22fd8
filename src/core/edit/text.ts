import type { EditReasonCode, Outcome, Reason } from '../../model/reason.ts';
import { refuse } from '../refuse.ts';
import type { PathStep } from '../selector.ts';
import { confFormat } from './conf.ts';
import type { EditFormat, Format } from './format.ts';
import { jsonFormat } from './json.ts';
import { lineOf } from './layout.ts';
import type { Place } from './place.ts';
import { readOnce } from './reading.ts';
import { repeatedKeys, type Splice, type TreeNode } from './tree.ts';
import { isUnderSparkConf, type Scalar, typeScalar } from './value.ts';
import { isLeafChain, locate, verifiedAt } from './verify.ts';
import { yamlFormat } from './yaml.ts';

/**
 * `set` takes the replaced token's type and quoting; `lexeme` is written as it is; `remove` takes the key out. With `missing: 'refuse'`
 * a key that is not there is `pointer_missing` instead of being added.
 */
export type TextEdit =
  | { readonly set: Scalar; readonly missing?: 'refuse' }
  | { readonly lexeme: string; readonly missing?: 'refuse' }
  | { readonly remove: true };

/** An edited text: one range differs. Lexemes are source text, null is "not there"; `line` (from 1) is the changed line in the new text. */
export interface Edited {
  readonly text: string;
  readonly old: string | null;
  readonly new: string | null;
  readonly line: number;
  /** Keys of the path that were not there; more than one means that `new` is a map holding the rest. */
  readonly added: readonly string[];
  readonly warnings: readonly Reason<EditReasonCode>[];
}

type Failure = { readonly ok: false; readonly reason: Reason<EditReasonCode> };
type EditOutcome<T> = Outcome<T, EditReasonCode>;

const FORMATS: Readonly<Record<EditFormat, Format>> = { json: jsonFormat, yaml: yamlFormat, conf: confFormat };
const BOM = '\ufeff';

/**
 * Edits one value by splicing one range; every other byte stays. The result is read again: when anything but the intended value
 * changed, nothing is returned (`no_surface`). Repeated keys beside the path are kept and warned about.
 */
export function spliceValue(format: EditFormat, text: string, path: readonly PathStep[], edit: TextEdit): EditOutcome<Edited> {
  const mark = text.startsWith(BOM) ? BOM : '';
  const edited = editBody(FORMATS[format], text.slice(mark.length), path, edit);
  return edited.ok ? { ok: true, value: { ...edited.value, text: mark + edited.value.text } } : edited;
}

/** The source text of the value at `path`; null when its key is not there. A block of YAML has no token of its own: `type_mismatch`. */
export function lexemeAt(format: EditFormat, text: string, path: readonly PathStep[]): EditOutcome<string | null> {
  const body = text.startsWith(BOM) ? text.slice(1) : text;
  const located = locate(FORMATS[format], body, path);
  if (!located.ok) return located;
  const { node } = located.value.place;
  if (node === null) return { ok: true, value: null };
  if (!node.inline) return refuse('type_mismatch', located.value.place.path, 'a value on one line', 'a block');
  return { ok: true, value: body.slice(node.start, node.end) };
}

/** The line (from 1) of the value at `path`; null when it is not there. */
export function lineAt(format: EditFormat, text: string, path: readonly PathStep[]): number | null {
  const body = text.startsWith(BOM) ? text.slice(1) : text;
  const located = locate(FORMATS[format], body, path);
  const node = located.ok ? located.value.place.node : null;
  return node === null ? null : lineOf(body, node.start);
}

/** Every value of a document, for callers that only read; `text` without a byte order mark. */
export function readTree(format: EditFormat, text: string): EditOutcome<TreeNode> {
  return readOnce(FORMATS[format], text.startsWith(BOM) ? text.slice(1) : text);
}

/** The path up to the first missing key: what an edit adds when parents are missing too. */
function topmost(path: readonly PathStep[], place: Place): readonly PathStep[] {
  return path.slice(0, path.length - Math.max(0, place.missing.length - 1));
}

function editBody(format: Format, text: string, path: readonly PathStep[], edit: TextEdit): EditOutcome<Edited> {
  const located = locate(format, text, path);
  if (!located.ok) return located;
  const { root, place } = located.value;
  const refusal = refuseUnfit(place, edit);
  if (refusal) return refusal;
  const lexeme = 'remove' in edit ? { ok: true as const, value: null } : lexemeFor(format, text, place, path, edit);
  if (!lexeme.ok) return lexeme;
  const splice = spliceFor(format, text, place, lexeme.value);
  if (splice === null) return refuse('no_surface', place.path, 'a place where the layout tells how to edit', 'none');
  const after = text.slice(0, splice.start) + splice.text + text.slice(splice.end);
  const old = place.node ? text.slice(place.node.start, place.node.end) : null;
  const known = { format, before: text, root, place, after, path: topmost(path, place), old, lexeme: lexeme.value };
  const at = verifiedAt(known);
  if (at === null)
    return refuse('no_surface', place.path, 'only this value to change, and back again', 'the layout does not allow it');
  const line = lineOf(after, lexeme.value === null ? splice.start : at);
  return { ok: true, value: { text: after, old, new: lexeme.value, line, added: place.missing, warnings: repeatedKeys(root) } };
}

/** What must be so before anything is written. */
function refuseUnfit(place: Place, edit: TextEdit): Failure | null {
  if (place.node?.interpolated) return refuse('interpolated', place.path, 'a value written in this file', place.node.text);
  if (place.node === null && 'remove' in edit) return refuse('pointer_missing', place.path, 'a key to remove', 'none');
  if (place.node === null && !('remove' in edit) && edit.missing === 'refuse')
    return refuse('pointer_missing', place.path, 'a value to replace', 'none');
  // A plain lexeme cannot say which parents to make for it.
  if ('lexeme' in edit && place.missing.length > 1)
    return refuse('pointer_missing', place.path, 'a map to add the key to', 'none');
  if (place.node && !place.node.inline) return refuse('type_mismatch', place.path, 'a value on one line', place.node.kind);
  const isFit = place.node === null || ('remove' in edit ? isLeafChain(place.node) : place.node.kind === 'scalar');
  if (!isFit) return refuse('type_mismatch', place.path, 'a single value', place.node?.kind ?? '');
  return null;
}

function lexemeFor(
  format: Format,
  text: string,
  place: Place,
  path: readonly PathStep[],
  edit: { set: Scalar } | { lexeme: string },
): EditOutcome<string> {
  if ('lexeme' in edit) return { ok: true, value: edit.lexeme };
  const typed = typeScalar(edit.set, place.node?.type ?? null, isUnderSparkConf(path));
  if (typed === null) return refuse('type_mismatch', place.path, `a ${place.node?.type}`, String(edit.set));
  const lexeme = format.writeScalar(text, place, typed);
  if (lexeme === null) return refuse('type_mismatch', place.path, 'a value that this format can hold on one line', typed.text);
  return { ok: true, value: place.missing.slice(1).reduceRight((inner, key) => format.writeMap(key, inner), lexeme) };
}

function spliceFor(format: Format, text: string, place: Place, lexeme: string | null): Splice | null {
  if (lexeme === null) return format.remove(text, place);
  if (place.node) return { start: place.node.start, end: place.node.end, text: lexeme };
  const [key] = place.missing;
  return key === undefined ? null : format.insert(text, place, key, lexeme);
}
