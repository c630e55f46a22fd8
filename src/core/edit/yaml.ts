import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Pair, parseDocument, visit } from 'yaml';
import type { EditReasonCode, Outcome } from '../../model/reason.ts';
import type { Format } from './format.ts';
import { lineOf, lineStartOf } from './layout.ts';
import { type Member, type ScalarType, type TreeNode, treeNode } from './tree.ts';
import { insertYaml, removeYaml, writeYamlMap, writeYamlScalar } from './yaml-write.ts';

/** YAML as bundles use it. `yaml` only finds the ranges: its own writer changes numbers and moves comments. */
export const yamlFormat: Format = {
  read: readYaml,
  writeScalar: writeYamlScalar,
  writeMap: writeYamlMap,
  insert: insertYaml,
  remove: removeYaml,
};

function readYaml(text: string): Outcome<TreeNode, EditReasonCode> {
  const document = parse(text);
  if (document === null) return unreadable('nesting that no reader follows');
  const [error] = document.errors;
  if (error) return unreadable(placed(text, error));
  const template = templateLine(document, text);
  if (template !== null) return unreadable(`line ${template}: a template directive, which only its own tool can fill in`);
  return { ok: true, value: toTree(document.contents, 0, { text, aliased: aliasedAnchors(document) }) };
}

/** The parser's own sentence, behind its place. */
function placed(text: string, { message, pos }: { readonly message: string; readonly pos: readonly [number, number] }): string {
  const [at] = pos;
  const [sentence = ''] = message.split('\n');
  return `line ${lineOf(text, at)}, column ${at - lineStartOf(text, at) + 1}: ${sentence}`;
}

/** Repeated keys are found in the tree, where they are allowed off the edited path; the parser recurses, hence the catch. */
function parse(text: string): Document.Parsed | null {
  try {
    return parseDocument(text, {
      keepSourceTokens: true,
      intAsBigInt: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch {
    return null;
  }
}

/** `{{ x }}` and `{% x %}` are valid YAML (a map as a key, an odd key), and mean something else to the tool that fills them in. */
function templateLine(document: Document.Parsed, text: string): number | null {
  let found: number | null = null;
  visit(document, {
    Pair: (_key, pair) => {
      const isTemplate = isMap(pair.key) || (isScalar(pair.key) && String(pair.key.source ?? '').startsWith('%'));
      if (isTemplate && isCollectionOrScalar(pair.key)) found ??= lineOf(text, pair.key.range?.[0] ?? 0);
    },
  });
  return found;
}

function isCollectionOrScalar(node: unknown): node is { range?: readonly [number, number, number] | null } {
  return isCollection(node) || isScalar(node);
}

function aliasedAnchors(document: Document.Parsed): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, {
    Alias: (_key, alias) => {
      names.add(alias.source);
    },
  });
  return names;
}

interface Source {
  readonly text: string;
  readonly aliased: ReadonlySet<string>;
}

/** `at` is where an empty value stands. */
function toTree(node: unknown, at: number, source: Source): TreeNode {
  if (isAlias(node)) return treeNode('alias', node.range?.[0] ?? at, node.range?.[1] ?? at, { text: node.source });
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return treeNode('scalar', at, at, { type: 'null' });
  const [start, end] = node.range ?? [at, at];
  const shared = node.anchor !== undefined && source.aliased.has(node.anchor);
  if (isMap(node)) {
    const members = node.items.map((pair) => toMember(pair, source));
    return treeNode('map', start, end, {
      members,
      shared,
      merges: members.some((one) => one.key === '<<'),
      inline: node.flow === true,
    });
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toTree(item, start, source));
    return treeNode('list', start, end, { items, shared, inline: node.flow === true });
  }
  const lexeme = source.text.slice(start, end);
  const type = scalarType(node.value);
  const meaning = type === 'string' ? String(node.value) : lexeme;
  const inline = !/[\r\n]/.test(lexeme) && !/^[|>]/.test(lexeme);
  return treeNode('scalar', start, end, { type, text: meaning, shared, inline, interpolated: lexeme.includes('${') });
}

function toMember(pair: Pair, source: Source): Member {
  const key = pair.key;
  const [keyStart, keyEnd] = isScalar(key) || isAlias(key) || isCollection(key) ? (key.range ?? [0, 0]) : [0, 0];
  const written = source.text.slice(keyStart, keyEnd);
  const name = isScalar(key) && typeof key.value === 'string' ? key.value : written;
  return { key: name, keyStart, keyEnd, value: toTree(pair.value, keyEnd, source) };
}

function scalarType(value: unknown): ScalarType {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return value === null || value === undefined ? 'null' : 'string';
}

function unreadable(observed: string): Outcome<never, EditReasonCode> {
  return { ok: false, reason: { code: 'parse_failed', subject: 'yaml', expected: 'one plain YAML document', observed } };
}
