import type { Node, ParseError } from 'jsonc-parser';
import { parseTree } from 'jsonc-parser';
import { jsonFault, placedJsonFault } from '../core/json-fault.ts';

/** Why a text is not JSON; `line` from 1, null where the whole of it is at fault. */
export interface NoJson {
  readonly ok: false;
  readonly why: string;
  readonly line: number | null;
}

/** JSON read without loss: text that is not strict JSON has no tree, so nothing is guessed from half an answer. */
export type JsonTree = { readonly ok: true; readonly root: Node } | NoJson;

/** The offsets of every value in `text`; strict JSON only. Deep nesting (over 200) is refused, as parsers recurse. */
export function jsonTree(text: string): JsonTree {
  const errors: ParseError[] = [];
  const depth = nesting(text);
  if (depth > 200) return { ok: false, why: 'JSON is nested too deeply', line: null };
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined) {
    const fault = jsonFault(text, first);
    return { ok: false, why: `not JSON: ${placedJsonFault(fault)}`, line: fault.line };
  }
  if (root === undefined) return { ok: false, why: 'not JSON: empty', line: null };
  return { ok: true, root };
}

/** The exact source text of a node: what keeps int64 ids and `1.0` as they were sent. */
export function lexeme(text: string, node: Node): string {
  return text.slice(node.offset, node.offset + node.length);
}

/** The members of an object node as [key, value, source text of the value]; the last of duplicate keys wins, as in JSON.parse. */
export function members(node: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  if (node.type !== 'object') return found;
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key !== undefined && value !== undefined) found.set(String(key.value), value);
  }
  return found;
}

/**
 * Plain data for the schemas, with one difference from JSON.parse: an integer that a double cannot hold stays text
 * (Databricks ids are int64; 1234567890123456789 would arrive as …800).
 */
export function exactValue(text: string, node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map((child) => exactValue(text, child));
  if (node.type === 'object') {
    return Object.fromEntries([...members(node)].map(([key, value]) => [key, exactValue(text, value)]));
  }
  if (node.type !== 'number') return node.value;
  const source = lexeme(text, node);
  return /^-?\d+$/.test(source) && !Number.isSafeInteger(Number(source)) ? source : Number(source);
}

/** Reads an answer's text as plain data with exact ids. */
export function readExactJson(text: string): { readonly ok: true; readonly value: unknown } | NoJson {
  const tree = jsonTree(text);
  return tree.ok ? { ok: true, value: exactValue(text, tree.root) } : tree;
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 92) at += 1;
      else if (char === 34) quoted = false;
    } else if (char === 34) quoted = true;
    else if (char === 123 || char === 91) deepest = Math.max(deepest, ++depth);
    else if (char === 125 || char === 93) depth -= 1;
  }
  return deepest;
}
