import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A YAML value with the line (from 1) it stands in. Scalars keep their source meaning as text, so that int64 survives. */
export interface Located {
  readonly line: number;
  readonly kind: 'map' | 'list' | 'text' | 'number' | 'boolean' | 'null';
  readonly text: string;
  readonly members: ReadonlyMap<string, Located>;
  readonly items: readonly Located[];
}

export interface LineFault {
  readonly line: number;
  readonly message: string;
}

/** Aliases may repeat values; a document that grows beyond this many is refused instead of expanded. */
const MOST_VALUES = 50_000;

/**
 * Reads a YAML document with the line of each value. The one parser `yaml` gives both: two parsers could disagree about a value and its
 * line. Faults are syntax errors and repeated keys, all of them.
 */
export function readLocated(text: string): { readonly value: Located | null; readonly faults: readonly LineFault[] } {
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document === null) return { value: null, faults: [{ line: 1, message: 'nested too deeply' }] };
  const faults = document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, message: firstLine(error.message) }));
  if (faults.length > 0) return { value: null, faults };
  const reader: Reader = { document, lines, left: MOST_VALUES, lost: [] };
  const value = locate(document.contents, 1, reader, 0);
  if (reader.left < 0) return { value: null, faults: [{ line: 1, message: 'too many values' }] };
  return reader.lost.length > 0 ? { value: null, faults: reader.lost } : { value, faults: [] };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | null {
  try {
    return parseDocument(text, { lineCounter, intAsBigInt: true, prettyErrors: false, logLevel: 'error' });
  } catch {
    return null;
  }
}

interface Reader {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  left: number;
  /** Aliases whose anchor is nowhere above: nobody can say what they mean. */
  readonly lost: LineFault[];
}

function locate(node: unknown, above: number, reader: Reader, depth: number): Located {
  reader.left -= 1;
  const nothing: Located = { line: above, kind: 'null', text: '', members: new Map(), items: [] };
  if (reader.left < 0 || depth > 50) return nothing;
  if (isAlias(node)) {
    const meant = node.resolve(reader.document);
    if (meant === undefined) reader.lost.push({ line: above, message: `there is no anchor &${node.source} above` });
    return { ...locate(meant, above, reader, depth + 1), line: above };
  }
  if (!isMap(node) && !isSeq(node) && !isScalar(node)) return nothing;
  const line = node.range ? reader.lines.linePos(node.range[0]).line : above;
  if (isSeq(node))
    return { ...nothing, line, kind: 'list', items: node.items.map((item) => locate(item, line, reader, depth + 1)) };
  if (isScalar(node)) return { ...nothing, line, ...scalar(node.value, node.source) };
  const members = new Map<string, Located>();
  for (const { key, value } of node.items) {
    const keyLine = isScalar(key) && key.range ? reader.lines.linePos(key.range[0]).line : line;
    const found = locate(value, keyLine, reader, depth + 1);
    // A fault about a member is mended where its key stands.
    members.set(isScalar(key) ? String(key.value) : String(key), { ...found, line: keyLine });
  }
  return { ...nothing, line, kind: 'map', members };
}

function scalar(value: unknown, source: string | undefined): Pick<Located, 'kind' | 'text'> {
  if (value === null || value === undefined) return { kind: 'null', text: '' };
  if (typeof value === 'string') return { kind: 'text', text: value };
  return { kind: typeof value === 'boolean' ? 'boolean' : 'number', text: source ?? String(value) };
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
