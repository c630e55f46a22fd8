import type { Change, SelectorStep } from '../../model/change.ts';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { refuse } from '../refuse.ts';
import { parseSelector } from '../selector.ts';
import { insertMember, removeMember } from './braces.ts';
import type { EditFormat } from './format.ts';
import { jsonFormat } from './json.ts';
import { layoutOf } from './layout.ts';
import { AT_ROOT, below, holds, type LivePlace, sameMeaning } from './meaning.ts';
import { outline, outlineWith } from './outline.ts';
import { findPlace, lacksElement, type Place } from './place.ts';
import { formatOf } from './root.ts';
import { readTree } from './text.ts';
import type { Splice, TreeNode } from './tree.ts';

type EditOutcome<T> = Outcome<T, EditReasonCode>;

/** What live settings (raw JSON text) hold of a change. */
export interface Held {
  readonly old: boolean;
  readonly new: boolean;
  /** The live token; null: not there. */
  readonly lexeme: string | null;
}

/**
 * Compares one change with live settings by meaning. A value that was added or removed whole is held when at least everything in it
 * is: Databricks adds defaults; with `open`, whoever deploys may have added more. Refused where the selector does not lead to one place.
 */
export function heldIn(settings: string, change: Change, open = false): EditOutcome<Held> {
  const found = locateIn(settings, change.selector);
  if (!found.ok) return found;
  const { node, standing } = found.value;
  const format = formatOf(change.file) ?? 'json';
  const [old, next] = [wantedNode(format, change.old), wantedNode(format, change.new)];
  if (!old.ok) return old;
  if (!next.ok) return next;
  const lexeme = node && settings.slice(node.start, node.end);
  return { ok: true, value: { ...heldOf(node, old.value, next.value, { ...standing, open }), lexeme } };
}

function heldOf(
  live: TreeNode | null,
  old: TreeNode | null,
  next: TreeNode | null,
  at: LivePlace,
): { old: boolean; new: boolean } {
  const same = (one: TreeNode | null) => isSame(live, one, at);
  const within = (one: TreeNode | null) => (live && one ? holds(live, one, at) : isSame(live, one, at));
  if (old === null) return { old: same(null) || isEmpty(live), new: within(next) };
  if (next === null) return { old: within(old), new: same(null) };
  // Of two whole values one can hold the other; then only the very value will do.
  return { old: same(old), new: same(next) || (within(next) && !within(old)) };
}

/** A null in a file is how it says "not there". */
function isSame(live: TreeNode | null, one: TreeNode | null, at: LivePlace): boolean {
  const isAbsent = (node: TreeNode | null) => node === null || node.type === 'null';
  if (live === null || one === null) return isAbsent(live) && isAbsent(one);
  return sameMeaning(live, one, at);
}

/** Databricks answers `{}` for a map that nobody has given. */
function isEmpty(live: TreeNode | null): boolean {
  return live !== null && live.kind !== 'scalar' && live.members.length + live.items.length === 0;
}

function wantedNode(format: EditFormat, lexeme: string | null): EditOutcome<TreeNode | null> {
  return lexeme === null ? { ok: true, value: null } : readTree(format, lexeme);
}

/**
 * Live job settings with the changes made, one after the other, all or none. Values are compared by meaning, elements are added to and
 * taken out of lists by their natural keys; every other byte stays, so that unknown fields and int64 ids survive.
 */
export function applySettingsChanges(settings: string, changes: readonly Change[]): EditOutcome<string> {
  let text = settings;
  for (const change of changes) {
    const next = applyOne(text, change);
    if (!next.ok) return next;
    text = next.value;
  }
  return isStrict(text) ? { ok: true, value: text } : refuse('parse_failed', 'settings', 'JSON', 'comments or commas too many');
}

function applyOne(settings: string, change: Change): EditOutcome<string> {
  const held = heldIn(settings, change);
  if (!held.ok) return held;
  if (held.value.new) return { ok: true, value: settings };
  if (!held.value.old)
    return refuse(
      held.value.lexeme === null ? 'pointer_missing' : 'type_mismatch',
      change.selector,
      change.old ?? 'no such key',
      held.value.lexeme ?? 'no such key',
    );
  const found = locateIn(settings, change.selector);
  if (!found.ok) return found;
  const splice = spliceFor(settings, found.value, change.new);
  if (splice === null) return refuse('no_surface', change.selector, 'a place for the value', 'none');
  const after = settings.slice(0, splice.start) + splice.text + settings.slice(splice.end);
  const [before, now, wanted] = [readTree('json', settings), readTree('json', after), wantedNode('json', change.new)];
  const isExact =
    before.ok && now.ok && wanted.ok && outline(now.value) === outlineWith(before.value, found.value.steps, wanted.value);
  return isExact
    ? { ok: true, value: after }
    : refuse('no_surface', change.selector, 'only this value to change', 'more changed');
}

interface Found {
  readonly steps: readonly SelectorStep[];
  readonly place: Place;
  readonly node: TreeNode | null;
  readonly standing: LivePlace;
}

/** The one place of a selector; an element whose list is there without it is a place too. */
function locateIn(settings: string, selector: string): EditOutcome<Found> {
  const [root, steps] = [readTree('json', settings), parseSelector(selector)];
  if (!root.ok) return root;
  if (!steps.ok) return steps;
  const last = steps.value.at(-1);
  const standing = steps.value.reduce((at, step) => below(at, 'key' in step ? step.key : ''), { ...AT_ROOT, open: false });
  const place = findPlace(root.value, steps.value);
  if (place.ok) return { ok: true, value: { steps: steps.value, place: place.value, node: place.value.node, standing } };
  const list = last && 'where' in last ? findPlace(root.value, steps.value.slice(0, -1)) : place;
  const isAbsent = list.ok && last && 'where' in last && list.value.node?.kind === 'list' && lacksElement(list.value.node, last);
  if (!isAbsent) return place;
  const within = { ...list.value, ancestors: [...list.value.ancestors, list.value.node], container: list.value.node, node: null };
  return { ok: true, value: { steps: steps.value, place: within, node: null, standing } };
}

function spliceFor(text: string, { steps, place, node }: Found, lexeme: string | null): Splice | null {
  const list = place.container?.kind === 'list' ? place.container : null;
  if (node && lexeme !== null) return { start: node.start, end: node.end, text: lexeme };
  if (list) {
    const members = list.items.map(({ start, end }) => ({ start, end }));
    const bracket = { text, open: list.start, close: list.end - 1, members, comment: /(?!)/y };
    if (lexeme === null) return node && removeMember(bracket, list.items.indexOf(node));
    return insertMember(bracket, lexeme, layoutOf(text, place), false);
  }
  if (lexeme === null) return jsonFormat.remove(text, place);
  const last = steps.at(-1);
  if (place.missing.length > 1 || !last || !('key' in last)) return null;
  return jsonFormat.insert(text, place, last.key, lexeme);
}

/** What Databricks takes: no comments, no trailing commas. */
function isStrict(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
