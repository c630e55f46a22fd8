import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { PathStep } from '../selector.ts';
import { childPath, type Member, type TreeNode } from './tree.ts';

/** Where a path leads: a value that is there, or the map that would get the missing keys. */
export interface Place {
  /** JSON pointer with the indexes that natural keys resolved to; it ends at the value, or at the first missing key. */
  readonly path: string;
  /** From the root to the container, the container last; empty when the path is the root itself. */
  readonly ancestors: readonly TreeNode[];
  readonly container: TreeNode | null;
  /** Position among the container's members; -1 for an element of a list, the root and a missing key. */
  readonly index: number;
  readonly node: TreeNode | null;
  /** The keys that are not there, outermost first; empty when the value is there. */
  readonly missing: readonly string[];
}

type Refusal = {
  readonly ok: false;
  readonly reason: { code: EditReasonCode; subject: string; expected: string; observed: string };
};
interface Next {
  readonly node: TreeNode;
  readonly token: string;
  readonly index: number;
}

/**
 * Follows `path` from the root. Each key and each natural key must be there exactly once (`key_duplicate`), and nothing on the way may
 * be shared with another place (`anchor_shared`). A missing element is `pointer_missing`; missing keys of a map are a Place.
 */
export function findPlace(root: TreeNode, path: readonly PathStep[]): Outcome<Place, EditReasonCode> {
  const ancestors: TreeNode[] = [];
  let node = root;
  let index = -1;
  let trail = '';
  for (const [depth, step] of path.entries()) {
    if (isShared(node)) return sharedAt(trail);
    const next = follow(node, step, trail);
    if (next === 'missing') return missingPlace(path.slice(depth), [...ancestors, node], trail);
    if ('ok' in next) return next;
    ancestors.push(node);
    node = next.node;
    index = next.index;
    trail = childPath(trail, next.token);
  }
  if (isShared(node)) return sharedAt(trail);
  return { ok: true, value: { path: trail, ancestors, container: ancestors.at(-1) ?? null, index, node, missing: [] } };
}

function follow(node: TreeNode, step: PathStep, trail: string): Next | Refusal | 'missing' {
  if ('where' in step) return followNaturalKey(node, step, trail);
  if (node.kind === 'list' && 'index' in step) {
    const item = node.items[step.index];
    return item
      ? { node: item, token: String(step.index), index: -1 }
      : refuse('pointer_missing', trail, `element ${step.index}`, 'a shorter list');
  }
  const key = 'index' in step ? String(step.index) : step.key;
  if (node.kind === 'list') return refuse('pointer_missing', trail, `the key ${JSON.stringify(key)}`, 'a list');
  if (node.interpolated) return refuse('interpolated', trail, 'a map written in this file', node.text);
  // An empty YAML value (`spark_conf:`) is a map that has no members yet.
  if (node.kind === 'scalar') return node.type === 'null' && node.start === node.end ? 'missing' : notAMap(node, trail);
  return followKey(node, key, trail);
}

function followKey(node: TreeNode, key: string, trail: string): Next | Refusal | 'missing' {
  const found = node.members.flatMap((member, index) => (member.key === key ? [{ member, index }] : []));
  const last = found.at(-1);
  if (last === undefined) return node.merges ? sharedAt(childPath(trail, key)) : 'missing';
  if (found.length > 1 && !node.lastWins) return refuse('key_duplicate', childPath(trail, key), 'one', `${found.length}`);
  return { node: last.member.value, token: key, index: last.index };
}

function followNaturalKey(node: TreeNode, step: { where: string; equals: string }, trail: string): Next | Refusal {
  const wanted = `exactly one element with ${step.where}=${step.equals}`;
  if (node.interpolated) return refuse('interpolated', trail, 'a list written in this file', node.text);
  if (node.kind !== 'list') return refuse('pointer_missing', trail, wanted, node.kind);
  // An aliased, merged or interpolated element might have the same natural key: not seeing it is not proof that it is another one.
  if (
    node.items.some(
      (item) =>
        item.kind === 'alias' || item.interpolated || (item.merges && !item.members.some((member) => member.key === step.where)),
    )
  )
    return sharedAt(trail);
  const found = [...node.items.entries()].filter(([, item]) => item.members.some((member) => hasKey(member, step)));
  const [first] = found;
  if (first === undefined) return refuse('pointer_missing', trail, wanted, 'none');
  if (found.length > 1) return refuse('key_duplicate', trail, wanted, `${found.length}`);
  const [place, item] = first;
  const times = item.members.filter((member) => member.key === step.where).length;
  if (times > 1) return refuse('key_duplicate', childPath(trail, String(place)), `${step.where} once`, `${times} times`);
  return { node: item, token: String(place), index: -1 };
}

/** Whether a list has no element with that natural key, and none that might have it unseen. */
export function lacksElement(list: TreeNode, step: { where: string; equals: string }): boolean {
  return list.items.every(
    (item) => item.kind !== 'alias' && !item.merges && !item.interpolated && !item.members.some((member) => hasKey(member, step)),
  );
}

function hasKey(member: Member, step: { where: string; equals: string }): boolean {
  return member.key === step.where && member.value.kind === 'scalar' && member.value.text === step.equals;
}

function missingPlace(rest: readonly PathStep[], ancestors: readonly TreeNode[], trail: string): Outcome<Place, EditReasonCode> {
  const missing: string[] = [];
  for (const step of rest) {
    if ('where' in step) return refuse('pointer_missing', trail, `an element with ${step.where}=${step.equals}`, 'no such list');
    missing.push('index' in step ? String(step.index) : step.key);
  }
  const path = childPath(trail, missing[0] ?? '');
  return { ok: true, value: { path, ancestors, container: ancestors.at(-1) ?? null, index: -1, node: null, missing } };
}

function isShared(node: TreeNode): boolean {
  return node.shared || node.kind === 'alias';
}

function sharedAt(trail: string): Refusal {
  return refuse('anchor_shared', trail, 'a value that stands in one place', 'an anchor, alias or merge key');
}

function notAMap(node: TreeNode, trail: string): Refusal {
  return refuse('type_mismatch', trail, 'a map', node.type ?? node.kind);
}

function refuse(code: EditReasonCode, subject: string, expected: string, observed: string): Refusal {
  return { ok: false, reason: { code, subject: subject === '' ? '/' : subject, expected, observed } };
}
