import type { SelectorStep } from '../../model/change.ts';
import type { TreeNode } from './tree.ts';

/** A document by its values in their order, without layout: what an edit is held against. */
export function outline(node: TreeNode): string {
  return outlineWith(node, [], node);
}

/** The outline that a document would have with the value at `steps` replaced, added at the end of its container, or taken out (null). */
export function outlineWith(node: TreeNode, steps: readonly SelectorStep[], value: TreeNode | null): string {
  const [step, ...rest] = steps;
  if (step === undefined) return value === null ? '' : whole(value);
  if ('where' in step) {
    const isIt = (item: TreeNode) => item.members.some(({ key, value: own }) => key === step.where && own.text === step.equals);
    const items = node.items.map((item) => (isIt(item) ? outlineWith(item, rest, value) : whole(item)));
    return list(node.items.some(isIt) || value === null ? items : [...items, whole(value)]);
  }
  const own = node.members.map(({ key, value: held }) =>
    entry(key, key === step.key ? outlineWith(held, rest, value) : whole(held)),
  );
  const isThere = node.members.some((member) => member.key === step.key);
  return map(isThere || value === null ? own : [...own, entry(step.key, whole(value))]);
}

function whole(node: TreeNode): string {
  if (node.kind === 'map') return map(node.members.map(({ key, value }) => entry(key, whole(value))));
  return node.kind === 'list' ? list(node.items.map(whole)) : `${node.type}:${JSON.stringify(node.text)}`;
}

function entry(key: string, value: string): string {
  return value === '' ? '' : `${JSON.stringify(key)}=${value}`;
}

function map(entries: readonly string[]): string {
  return `{${entries.filter((one) => one !== '').join()}}`;
}

function list(items: readonly string[]): string {
  return `[${items.filter((one) => one !== '').join()}]`;
}
