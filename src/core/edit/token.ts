import type { EditReasonCode, Outcome, Reason } from '../../model/reason.ts';
import type { EditFormat } from './format.ts';
import { readTree } from './text.ts';
import { childPath, repeatedKeys, type TreeNode } from './tree.ts';

/**
 * A value as one token: its own source text where it is a scalar on one line; a map or list written anew on one line, without comments,
 * each number as it was. Refused where the bytes do not say what the value is: a repeated key, an anchor, an interpolation.
 */
export function tokenOf(format: EditFormat, node: TreeNode, source: string, path: string): Outcome<string, EditReasonCode> {
  const [repeated] = repeatedKeys(node, path);
  const reason = repeated ?? unclear(node, path);
  if (reason) return { ok: false, reason };
  if (node.kind !== 'scalar' || !node.inline) return { ok: true, value: written(format, node, source) };
  const own = node.type === 'null' && node.start === node.end ? 'null' : source.slice(node.start, node.end);
  return { ok: true, value: format === 'conf' || means(format, own, node) ? own : written(format, node, source) };
}

/** Why a value cannot be told from its own bytes; null: it can. */
function unclear(node: TreeNode, path: string): Reason<EditReasonCode> | null {
  if (node.shared || node.merges || node.kind === 'alias')
    return reason('anchor_shared', path, 'a value that stands in one place', 'an anchor, alias or merge key');
  if (node.interpolated) return reason('interpolated', path, 'a value written in this file', node.text);
  const children = [
    ...node.members.map((member) => [childPath(path, member.key), member.value] as const),
    ...node.items.map((item, index) => [childPath(path, String(index)), item] as const),
  ];
  for (const [place, child] of children) {
    const found = unclear(child, place);
    if (found) return found;
  }
  return null;
}

/** One line that any reader of the format takes for the same value: quoted texts, commas, braces. */
function written(format: EditFormat, node: TreeNode, source: string): string {
  if (node.kind === 'map')
    return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}: ${written(format, value, source)}`).join(', ')}}`;
  if (node.kind === 'list') return `[${node.items.map((item) => written(format, item, source)).join(', ')}]`;
  if (node.type === 'null') return 'null';
  if (node.type === 'string' && format === 'json') return source.slice(node.start, node.end);
  return node.type === 'string' ? JSON.stringify(node.text) : node.text;
}

/** A tag or a place in a block can give a token another meaning than it has alone. */
function means(format: EditFormat, token: string, node: TreeNode): boolean {
  const read = readTree(format, token);
  return read.ok && read.value.kind === 'scalar' && read.value.type === node.type && read.value.text === node.text;
}

function reason(code: EditReasonCode, path: string, expected: string, observed: string): Reason<EditReasonCode> {
  return { code, subject: path === '' ? '/' : path, expected, observed };
}
