import { visit } from 'jsonc-parser';
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
  const errors: { readonly error: number; readonly offset: number; readonly length: number }[] = [];
  const root = parse(text, (error, offset, length) => errors.push({ error, offset, length }));
  const [error] = errors;
  if (root && !error) return { ok: true, value: root };
  const observed = error ? placedJsonFault(jsonFault(text, error)) : 'nesting that no reader follows';
  return { ok: false, reason: { code: 'parse_failed', subject: 'json', expected: 'one JSON document', observed } };
}

/** The parser recurses: a document nested deeper than the stack ends in a RangeError, which is unreadable like any other. */
function parse(text: string, onError: (error: number, offset: number, length: number) => void): TreeNode | undefined {
  try {
    return treeOf(text, onError);
  } catch {
    return undefined;
  }
}

interface Open {
  readonly start: number;
  readonly members: Member[];
  readonly items: TreeNode[];
  key: { readonly key: string; readonly keyStart: number; readonly keyEnd: number } | null;
}

/** Builds the tree while the text is read: a job file of ten thousand lines is read several times in one edit. */
function treeOf(text: string, onError: (error: number, offset: number, length: number) => void): TreeNode | undefined {
  const open: Open[] = [];
  let root: TreeNode | undefined;
  const place = (value: TreeNode): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (parent.key === null) parent.items.push(value);
    else parent.members.push({ ...parent.key, value });
    if (parent !== undefined) parent.key = null;
  };
  const begin = (start: number): void => void open.push({ start, members: [], items: [], key: null });
  const end = (kind: 'map' | 'list', at: number): void => {
    const { start, members, items } = open.pop() ?? { start: at, members: [], items: [] };
    place(treeNode(kind, start, at, { members, items }));
  };
  visit(
    text,
    {
      onObjectBegin: begin,
      onObjectProperty: (key, offset, length) => {
        const parent = open.at(-1);
        if (parent !== undefined) parent.key = { key, keyStart: offset, keyEnd: offset + length };
      },
      onObjectEnd: (offset, length) => end('map', offset + length),
      onArrayBegin: begin,
      onArrayEnd: (offset, length) => end('list', offset + length),
      onLiteralValue: (value, offset, length) => {
        const type = scalarType(value);
        const meaning = type === 'string' ? String(value) : text.slice(offset, offset + length);
        place(treeNode('scalar', offset, offset + length, { type, text: meaning }));
      },
      onError,
    },
    { allowTrailingComma: true },
  );
  return root;
}

function scalarType(value: unknown): ScalarType {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'null';
}
