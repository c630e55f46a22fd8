import type { Event } from 'js-yaml';
import { EVENT_ID, getScalarValue, load, parseEvents, YAMLException } from 'js-yaml';

/** A Markdown file's YAML head as data, its prose, and where each value stands. Lines count from 1 in the whole file. */
export interface FrontMatter {
  readonly data: unknown;
  readonly prose: string;
  /** The line of the value at this path, or of its nearest parent that is there. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

export type FrontMatterRead =
  | { readonly ok: true; readonly value: FrontMatter }
  | { readonly ok: false; readonly line: number; readonly why: string; readonly fix: string };

/** Splits `---` … `---` off the start of a Markdown file and reads it. Duplicate keys and aliases are refused. */
export function readFrontMatter(text: string): FrontMatterRead {
  const found = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  const yaml = found?.[1];
  if (found === null || yaml === undefined) {
    const fix = 'Start the file with a line of --- , then the YAML and another line of --- ; docs/runbooks.md shows one.';
    return { ok: false, line: 1, why: 'there is no front matter between two lines of ---', fix };
  }
  try {
    const data = load(yaml, { maxAliases: 0, maxDepth: 30 });
    const lines = linesOf(yaml);
    return { ok: true, value: { data, prose: text.slice(found[0].length).trim(), lineOf: (path) => nearest(lines, path) } };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const fix = 'Mend the YAML there: indentation by spaces, brackets and quotes closed, each key once, no aliases.';
    return { ok: false, line: (error.mark?.line ?? 0) + 2, why: `is not YAML: ${error.reason}`, fix };
  }
}

function nearest(lines: ReadonlyMap<string, number>, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const line = lines.get(keyOf(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}

function keyOf(path: readonly (string | number)[]): string {
  return JSON.stringify(path.map(String));
}

interface Open {
  readonly path: readonly string[];
  readonly list: boolean;
  /** In a mapping the key that waits for its value; in a list the next index. */
  key: string | null;
  index: number;
}

/** The line at which each value starts; the fence in front of the YAML is line 1. */
function linesOf(yaml: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  for (const event of parseEvents(yaml, {})) {
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type !== EVENT_ID.DOCUMENT) place(event, yaml, open, lines);
    // A document is opened and closed like a collection; its one child is the root.
    else open.push({ path: [], list: false, key: '', index: 0 });
  }
  return lines;
}

function place(
  event: Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>,
  yaml: string,
  open: Open[],
  lines: Map<string, number>,
): void {
  const parent = open.at(-1);
  const depth = open.length;
  if (parent !== undefined && depth > 1 && !parent.list && parent.key === null) {
    parent.key = event.type === EVENT_ID.SCALAR ? getScalarValue(yaml, event) : '';
    lines.set(keyOf([...parent.path, parent.key]), lineAt(yaml, startOf(event)));
    return;
  }
  const path =
    parent === undefined || depth === 1 ? [] : [...parent.path, parent.list ? String(parent.index++) : (parent.key ?? '')];
  if (parent !== undefined) parent.key = null;
  const key = keyOf(path);
  if (!lines.has(key)) lines.set(key, lineAt(yaml, startOf(event)));
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
    open.push({ path, list: event.type === EVENT_ID.SEQUENCE, key: null, index: 0 });
  }
}

function startOf(event: Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start;
}

function lineAt(yaml: string, offset: number): number {
  return yaml.slice(0, Math.max(0, offset)).split('\n').length + 1;
}
