import { lineOf } from '../edit/layout.ts';
import { readTree } from '../edit/text.ts';
import { childPath, type TreeNode } from '../edit/tree.ts';
import { TARGET_KEYS } from './place.ts';

/** One place of a text that gives a variable a value; the line counts from 1. */
export interface Declared {
  readonly pointer: string;
  readonly line: number;
}

/** Where a bundle's YAML text itself gives a variable its values: its default, and each target's own. */
export function declaredIn(text: string, name: string): readonly Declared[] {
  const body = text.replace(/^\ufeff/, '');
  const root = readTree('yaml', body);
  if (!root.ok) return [];
  const groups = TARGET_KEYS.flatMap((key) => childrenOf({ node: root.value, pointer: '' }, key));
  const targets = groups.flatMap((group) => group.node.members.flatMap(({ key }) => childrenOf(group, key)));
  const entries = [{ node: root.value, pointer: '' }, ...targets]
    .flatMap((holder) => childrenOf(holder, 'variables'))
    .flatMap((variables) => childrenOf(variables, name));
  return entries
    .flatMap((entry) => (entry.node.kind === 'map' ? childrenOf(entry, 'default') : [entry]))
    .map(({ node, pointer }) => ({ pointer, line: lineOf(body, node.start) }));
}

interface Here {
  readonly node: TreeNode;
  readonly pointer: string;
}

function childrenOf({ node, pointer }: Here, key: string): readonly Here[] {
  return node.members
    .filter((member) => member.key === key)
    .map(({ value }) => ({ node: value, pointer: childPath(pointer, key) }));
}
