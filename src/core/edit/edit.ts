import type { Change, SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome, Reason } from '../../model/reason.ts';
import { formatSelector, type PathStep, parseSelector } from '../selector.ts';
import type { EditFormat } from './format.ts';
import { findPlace } from './place.ts';
import { fromFileRoot, fromSettingsRoot, shadowedBy } from './root.ts';
import { type Edited, lexemeAt, lineAt, readTree, spliceValue, type TextEdit } from './text.ts';
import { childPath } from './tree.ts';
import type { Scalar } from './value.ts';

export type { EditFormat } from './format.ts';
export { formatOf } from './root.ts';
export type { Edited, TextEdit } from './text.ts';
export type { Scalar } from './value.ts';

type EditOutcome<T> = Outcome<T, EditReasonCode>;

/** The bundle target that the edit is for; without one, an override in any target refuses the edit. */
export interface EditOptions {
  readonly bundleTarget?: string;
}

/**
 * Edits one value of a file's text by replacing one range. `path` starts at the file's root; a `.conf` path is one key. Refuses what
 * `spliceValue` refuses, and a bundle value that a target overrides (`value_shadowed`).
 */
export function editText(
  format: EditFormat,
  text: string,
  path: readonly PathStep[],
  edit: TextEdit,
  options: EditOptions = {},
): EditOutcome<Edited> {
  const edited = spliceValue(format, text, path, edit);
  if (format !== 'yaml' || !edited.ok) return edited;
  const shadow = shadowedBy(text, path, options.bundleTarget);
  if (!shadow.ok) return shadow;
  return shadow.value === null
    ? edited
    : refuse('value_shadowed', 'no override in a bundle target', `overridden in target ${shadow.value}`);
}

/** The source text of the selected value; null when its key is not there. */
export function readLexeme(format: EditFormat, text: string, selector: string): EditOutcome<string | null> {
  const path = pathOf(format, text, selector);
  return path.ok ? lexemeAt(format, text, path.value) : path;
}

/**
 * Where a selector leads in this very text, as an RFC 6901 pointer from the file's root: elements of lists by their position, which the next
 * text may have elsewhere. For a `.conf` file it is the key. A key that is not there is pointed at where it would stand.
 */
export function pointerOf(format: EditFormat, text: string, selector: string): EditOutcome<string> {
  if (format === 'conf') return { ok: true, value: selector };
  const path = pathOf(format, text, selector);
  if (!path.ok) return path;
  const root = readTree(format, text);
  if (!root.ok) return root;
  const place = findPlace(root.value, path.value);
  if (!place.ok) return place;
  return { ok: true, value: place.value.missing.slice(1).reduce(childPath, place.value.path) };
}

/** Applies a change if the text still holds exactly its old lexeme; `line` counts from 1 in the new text. */
export function applyChange(
  format: EditFormat,
  text: string,
  change: Pick<Change, 'selector' | 'old' | 'new'>,
): EditOutcome<{ readonly text: string; readonly line: number }> {
  const path = pathOf(format, text, change.selector);
  if (!path.ok) return path;
  const present = lexemeAt(format, text, path.value);
  if (!present.ok) return present;
  if (present.value !== change.old) return otherLexeme(change.selector, change.old, present.value);
  if (change.new === change.old) return { ok: true, value: { text, line: lineAt(format, text, path.value) ?? 1 } };
  return spliceValue(format, text, path.value, change.new === null ? { remove: true } : { lexeme: change.new });
}

/** Applies changes one after the other, all or none; `lines` holds each change's line in the resulting text. */
export function applyChanges(
  format: EditFormat,
  text: string,
  changes: readonly Pick<Change, 'selector' | 'old' | 'new'>[],
): EditOutcome<{ readonly text: string; readonly lines: readonly number[] }> {
  let edited = text;
  const lines: number[] = [];
  for (const change of changes) {
    const next = applyChange(format, edited, change);
    if (!next.ok) return next;
    edited = next.value.text;
    lines.push(next.value.line);
  }
  const settled = changes.map((change, index) => {
    const path = pathOf(format, edited, change.selector);
    return (path.ok ? lineAt(format, edited, path.value) : null) ?? lines[index] ?? 1;
  });
  return { ok: true, value: { text: edited, lines: settled } };
}

/**
 * The change that sets the value at `steps`, with the token it replaces and the token that it writes. When parents of the key are not
 * there either, the change adds the outermost one with a map that holds nothing but this value. A value that the file has already
 * gives a change whose old and new are equal.
 */
export function proposeChange(
  format: EditFormat,
  file: string,
  text: string,
  steps: readonly SelectorStep[],
  value: Scalar,
  options: EditOptions = {},
): EditOutcome<Change> {
  if (/\.(?:tmpl|tpl|gotmpl|j2|jinja2?)$/i.test(file)) return refuse('parse_failed', 'a plain file', `the template ${file}`);
  const path = fromFileRoot(format, text, steps);
  const edited = editText(format, text, path, { set: value }, options);
  if (!edited.ok) return edited;
  const { old, added } = edited.value;
  const changed = fromSettingsRoot(format, text, path.slice(0, path.length - Math.max(0, added.length - 1)));
  const selector = format === 'conf' ? keyOf(changed) : formatSelector(changed);
  const same = old !== null && meaningOf(format, old) === meaningOf(format, edited.value.new ?? '');
  return { ok: true, value: { file, selector, old, new: same ? old : edited.value.new } };
}

/**
 * The change of the one value that a change is about: where parents had to be added, their map is taken apart. Lists of permitted keys
 * and limits must look at this one.
 */
export function leafChange(format: EditFormat, change: Change): EditOutcome<Change> {
  const whole = change.new ?? change.old;
  const steps = parseSelector(change.selector);
  if (format === 'conf' || whole === null || !steps.ok)
    return steps.ok || format === 'conf' ? { ok: true, value: change } : steps;
  const tree = readTree(format, whole);
  if (!tree.ok) return tree;
  let node = tree.value;
  const path = [...steps.value];
  for (let [only] = node.members; only !== undefined; [only] = node.members) {
    if (node.members.length > 1) return refuse('type_mismatch', 'one value', `${node.members.length} values`);
    path.push({ key: only.key });
    node = only.value;
  }
  if (node.kind !== 'scalar') return refuse('type_mismatch', 'one value', node.kind);
  if (path.length === steps.value.length) return { ok: true, value: change };
  const leaf = whole.slice(node.start, node.end);
  const [old, next] = change.new === null ? [leaf, null] : [change.old, leaf];
  return { ok: true, value: { file: change.file, selector: formatSelector(path), old, new: next } };
}

/** What a lexeme means, with its type, for comparing across quoting styles and formats: `string:400`; the source where it is no scalar. */
export function meaningOf(format: EditFormat, lexeme: string): string {
  if (format === 'conf') return `string:${lexeme}`;
  const tree = readTree(format, lexeme);
  return tree.ok && tree.value.kind === 'scalar' ? `${tree.value.type}:${tree.value.text}` : lexeme;
}

function pathOf(format: EditFormat, text: string, selector: string): EditOutcome<readonly SelectorStep[]> {
  if (format === 'conf') return { ok: true, value: [{ key: selector }] };
  const steps = parseSelector(selector);
  return steps.ok ? { ok: true, value: fromFileRoot(format, text, steps.value) } : steps;
}

function keyOf(steps: readonly SelectorStep[]): string {
  return steps.map((step) => ('key' in step ? step.key : '')).join('.');
}

function otherLexeme(selector: string, old: string | null, present: string | null): EditOutcome<never> {
  const reason: Reason<EditReasonCode> = {
    code: present === null ? 'pointer_missing' : 'type_mismatch',
    subject: selector,
    expected: old ?? 'no such key',
    observed: present ?? 'no such key',
  };
  return { ok: false, reason };
}

function refuse(code: EditReasonCode, expected: string, observed: string): EditOutcome<never> {
  return { ok: false, reason: { code, subject: 'change', expected, observed } };
}
