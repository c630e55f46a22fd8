import type { Change, SelectorStep } from '../model/change.ts';
import type { EditReasonCode, Outcome } from '../model/reason.ts';
import type { EditFormat } from './edit/format.ts';
import { AT_ROOT, below, type Standing, sameMeaning } from './edit/meaning.ts';
import { type Keyed, keyedList, repeatedElement } from './edit/natural-key.ts';
import { settingsRoot } from './edit/root.ts';
import { readTree } from './edit/text.ts';
import { tokenOf } from './edit/token.ts';
import type { Member, TreeNode } from './edit/tree.ts';
import { refuse } from './refuse.ts';
import { formatSelector } from './selector.ts';

type Derived = Outcome<readonly Change[], EditReasonCode>;

/**
 * What a person's edit of a file means, as changes of its values: the smallest ones that a selector can name. Layout, comments and the
 * order of keys and of keyed elements are no change; what cannot be told from the two texts alone is refused.
 */
export function deriveChanges(format: EditFormat, file: string, before: string, after: string): Derived {
  const [old, next] = [settingsIn(format, before), settingsIn(format, after)];
  if (!old.ok) return old;
  if (!next.ok) return next;
  if (old.value.jobId !== null && next.value.jobId !== null && old.value.jobId !== next.value.jobId)
    return refuse('no_surface', 'job_id', old.value.jobId, `${next.value.jobId}; .github/sluice.yml says which job it is`);
  if (old.value.anchors !== next.value.anchors) return refuse('anchor_shared', file, 'the same anchors on both sides', 'others');
  const sides = { format, file, before: old.value.source, after: next.value.source };
  const found = difference(old.value.node, next.value.node, { ...sides, ...AT_ROOT, steps: [] });
  return found.ok && format === 'json' ? withinSettings(found.value) : found;
}

/** These wrap a job's settings and are none of them: where one comes or goes, the two sides do not speak of the same document. */
const WRAPPERS = /^(job_id|settings|new_settings)($|[.[])/;

function withinSettings(changes: readonly Change[]): Derived {
  const wrapper = changes.find((change) => WRAPPERS.test(change.selector));
  if (!wrapper) return { ok: true, value: changes };
  return refuse('no_surface', wrapper.selector, 'the same wrapping of the settings on both sides', 'another');
}

interface Side {
  readonly node: TreeNode;
  readonly source: string;
  readonly jobId: string | null;
  readonly anchors: string;
}

/** Where both sides stand: their texts and the place that they have in common. */
interface Here extends Standing {
  readonly format: EditFormat;
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly steps: readonly SelectorStep[];
}

/** The job's settings in a file, whatever they are wrapped in. */
function settingsIn(format: EditFormat, text: string): Outcome<Side, EditReasonCode> {
  const source = text.replace(/^\ufeff/, '');
  const root = readTree(format, source);
  if (!root.ok) return root;
  const [wrapper] = format === 'json' ? settingsRoot(source) : [];
  const inner = wrapper ? root.value.members.filter((member) => member.key === wrapper.key) : [];
  if (inner.length > 1) return refuse('key_duplicate', wrapper?.key ?? '', 'one', String(inner.length));
  const node = inner[0]?.value ?? root.value;
  if (node.kind !== 'map') return refuse('type_mismatch', 'file', 'one map of settings', node.kind);
  const id = wrapper && root.value.members.find((member) => member.key === 'job_id')?.value;
  return { ok: true, value: { node, source, jobId: id?.text ?? null, anchors: anchorsIn(root.value, source) } };
}

/** Every line that an anchor or alias stands in, in order: when one of them moves, a text that stays the same can mean something else. */
function anchorsIn(root: TreeNode, source: string): string {
  if (!hasAlias(root)) return '';
  return source
    .split('\n')
    .filter((line) => /(^|[\s[{,:-])[&*][^\s,[\]{}]/.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function hasAlias(node: TreeNode): boolean {
  return node.kind === 'alias' || node.items.some(hasAlias) || node.members.some((member) => hasAlias(member.value));
}

function difference(old: TreeNode, next: TreeNode, here: Here): Derived {
  if (sameMeaning(old, next, here)) return { ok: true, value: [] };
  const shared = [old, next].some((node) => node.shared || node.kind === 'alias');
  if (shared) return refuse('anchor_shared', pathOf(here), 'a value that stands in one place', 'an anchor or alias');
  if (old.kind === 'map' && next.kind === 'map') return betweenMaps(old, next, here);
  const [left, right] = [keyedList(old, here.name), keyedList(next, here.name)];
  return left && right ? betweenLists(left, right, here) : replaced(old, next, here);
}

function betweenMaps(old: TreeNode, next: TreeNode, here: Here): Derived {
  const keys = [...new Set([...next.members, ...old.members].map((member) => member.key))];
  return all(
    keys.map((key) => {
      const at = { ...below(here, key), steps: [...here.steps, { key }] };
      const [left, right] = [old.members, next.members].map((members) => members.filter((member) => member.key === key));
      return betweenMembers(left ?? [], right ?? [], at, { merges: old.merges || next.merges, lastWins: next.lastWins });
    }),
  );
}

interface Rules {
  /** A merge key may supply what is missing here. */
  readonly merges: boolean;
  readonly lastWins: boolean;
}

/** One key on both sides, as often as it stands there. */
function betweenMembers(left: readonly Member[], right: readonly Member[], at: Here, rules: Rules): Derived {
  const [old, next] = [left.at(-1)?.value ?? null, right.at(-1)?.value ?? null];
  const times = Math.max(left.length, right.length);
  // Taking a repeated key out would bring the one before it into force.
  const isUnclear = times > 1 && (!rules.lastWins || (next === null && left.length > 1));
  if (isUnclear && !sameEach(left, right, at)) return refuse('key_duplicate', pathOf(at), 'one', String(times));
  if (isUnclear) return { ok: true, value: [] };
  if (rules.merges && (old === null || next === null))
    return refuse('anchor_shared', pathOf(at), 'a key of its own', 'a merge key that may supply it');
  return old && next ? difference(old, next, at) : replaced(old, next, at);
}

function sameEach(left: readonly Member[], right: readonly Member[], at: Here): boolean {
  return left.length === right.length && left.every((member, index) => sameAs(member, right[index], at));
}

function sameAs(member: Member, other: Member | undefined, at: Here): boolean {
  return other !== undefined && sameMeaning(member.value, other.value, at);
}

/** Elements are told apart by their natural keys, wherever in the list they stand. */
function betweenLists(left: Keyed, right: Keyed, here: Here): Derived {
  const repeated = repeatedElement(left) ?? repeatedElement(right);
  if (repeated !== null) return refuse('key_duplicate', pathOf(here), `one element with ${left.field}=${repeated}`, 'two');
  const keys = [...new Set([...right.elements, ...left.elements].map((element) => element.equals))];
  return all(
    keys.map((equals) => {
      const [old, next] = [left, right].map(({ elements }) => elements.find((one) => one.equals === equals)?.node ?? null);
      const at = { ...here, name: '', steps: [...here.steps, { where: left.field, equals }] };
      return old && next ? difference(old, next, at) : replaced(old ?? null, next ?? null, at);
    }),
  );
}

/** The whole value, as it was and as it is; null: not there. */
function replaced(old: TreeNode | null, next: TreeNode | null, here: Here): Derived {
  const path = pathOf(here);
  const [from, to] = [tokenIn(here, old, here.before, path), tokenIn(here, next, here.after, path)];
  if (!from.ok) return from;
  if (!to.ok) return to;
  return { ok: true, value: [{ file: here.file, selector: path, old: from.value, new: to.value }] };
}

function tokenIn({ format }: Here, node: TreeNode | null, source: string, path: string): Outcome<string | null, EditReasonCode> {
  return node === null ? { ok: true, value: null } : tokenOf(format, node, source, path);
}

/** All changes, or the first thing that cannot be told. */
function all(found: readonly Derived[]): Derived {
  const refusal = found.find((one) => !one.ok);
  return refusal ?? { ok: true, value: found.flatMap((one) => (one.ok ? one.value : [])) };
}

function pathOf({ format, steps }: Here): string {
  if (format !== 'conf') return formatSelector(steps);
  return steps.map((step) => ('key' in step ? step.key : '')).join('.');
}
