import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import { jsonFault, placedJsonFault } from '../json-fault.ts';
import { insertMember, removeMember } from './braces.ts';
import type { Format } from './format.ts';
import { bracedOf, colonOf, layoutOf } from './layout.ts';
import { type Member, type ScalarType, type TreeNode, treeNode } from './tree.ts';

const COMMENT = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y;

/** JSON with comments and trailing commas. jsonc-parser only finds the ranges: its own edits re-indent neighbours. */
export const jsonFormat: Format = {
  read: readJson,
  writeScalar: (_text, _place, value) => (value.type === 'string' ? JSON.stringify(value.text) : value.text),
  writeMap: (key, lexeme) => `{${JSON.stringify(key)}: ${lexeme}}`,
  insert: (text, place, key, lexeme) => {
    if (place.container?.kind !== 'map') return null;
    const colon = colonOf(text, place);
    const member = `${JSON.stringify(key)}${colon}${lexeme}`;
    return insertMember(bracedOf(text, place.container, COMMENT), member, layoutOf(text, place), !colon.endsWith(' '));
  },
  remove: (text, place) =>
    place.container?.kind === 'map' ? removeMember(bracedOf(text, place.container, COMMENT), place.index) : null,
};

function readJson(text: string): Outcome<TreeNode, EditReasonCode> {
  const errors: ParseError[] = [];
  const root = parse(text, errors);
  const [error] = errors;
  if (root && !error) return { ok: true, value: toTree(root, text) };
  const observed = error ? placedJsonFault(jsonFault(text, error)) : 'nesting that no reader follows';
  return { ok: false, reason: { code: 'parse_failed', subject: 'json', expected: 'one JSON document', observed } };
}

/** The parser recurses: a document nested deeper than the stack ends in a RangeError, which is unreadable like any other. */
function parse(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    return undefined;
  }
}

function toTree(node: Node, text: string): TreeNode {
  const end = node.offset + node.length;
  const children = node.children ?? [];
  if (node.type === 'object')
    return treeNode('map', node.offset, end, { members: children.flatMap((one) => toMember(one, text)) });
  if (node.type === 'array') return treeNode('list', node.offset, end, { items: children.map((one) => toTree(one, text)) });
  const type = scalarType(node);
  const meaning = type === 'string' ? String(node.value) : text.slice(node.offset, end);
  return treeNode('scalar', node.offset, end, { type, text: meaning });
}

function toMember(property: Node, text: string): readonly Member[] {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) return [];
  return [{ key: String(key.value), keyStart: key.offset, keyEnd: key.offset + key.length, value: toTree(value, text) }];
}

function scalarType(node: Node): ScalarType {
  return node.type === 'string' || node.type === 'number' || node.type === 'boolean' ? node.type : 'null';
}
