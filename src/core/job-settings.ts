import type { Node, ParseError } from 'jsonc-parser';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** JSON settings as nodes; null when the text is not one JSON object. */
export function settingsTree(text: string): Node | null {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  return root?.type === 'object' && errors.length === 0 ? root : null;
}

export function nodeAt(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  return node === undefined ? undefined : findNodeAtLocation(node, [...path]);
}

export function textAt(node: Node | undefined, ...path: readonly string[]): string | null {
  const value: unknown = nodeAt(node, ...path)?.value;
  return typeof value === 'string' ? value : null;
}

export function numberAt(node: Node | undefined, ...path: readonly string[]): number | null {
  const value: unknown = nodeAt(node, ...path)?.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function listAt(node: Node | undefined, ...path: readonly string[]): readonly Node[] {
  const found = nodeAt(node, ...path);
  return found?.type === 'array' ? (found.children ?? []) : [];
}

/** A map of texts; numbers and booleans become the text they were parsed to, since conf and parameters are texts to Spark. */
export function textsAt(node: Node | undefined, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = (nodeAt(node, ...path)?.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    const plain: unknown = value?.value;
    const fits = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean';
    return key !== undefined && fits ? [[String(key.value), String(plain)] as const] : [];
  });
  return Object.fromEntries(entries);
}
