import type { SelectorStep } from '../model/change.ts';
import type { EditReasonCode, Outcome, Reason } from '../model/reason.ts';

/** A step of a JSON pointer: a digit token is an index in an array and a key in an object; the document decides. */
export type PointerStep = { readonly key: string } | { readonly index: number };
/** Every way in which a place inside a document can be named. */
export type PathStep = SelectorStep | PointerStep;

const BARE_KEY = /[A-Za-z_][A-Za-z0-9_]*/y;
const BARE_VALUE = /[A-Za-z0-9_][A-Za-z0-9_-]*/y;
const QUOTED = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const INDEX = /\[\s*-?\d+\s*\]/y;

/**
 * Reads `job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]`. An index such as `[0]` is refused:
 * Databricks reorders arrays, so it would name another element later. Anything else unreadable is `parse_failed` too.
 */
export function parseSelector(text: string): Outcome<readonly SelectorStep[], EditReasonCode> {
  const steps: SelectorStep[] = [];
  let at = 0;
  while (at < text.length || steps.length === 0) {
    const read = readStep(text, at, steps.length === 0);
    if (read === null) return { ok: false, reason: unreadable(text, at) };
    steps.push(read.step);
    at = read.end;
  }
  return { ok: true, value: steps };
}

/** Writes steps in the one canonical way: bare where it can be, quoted as JSON where it must be. */
export function formatSelector(steps: readonly SelectorStep[]): string {
  return steps.map((step, place) => formatStep(step, place === 0)).join('');
}

/** Reads an RFC 6901 JSON pointer; the empty text is the whole document. */
export function parsePointer(text: string): Outcome<readonly PointerStep[], EditReasonCode> {
  if (text === '') return { ok: true, value: [] };
  if (!text.startsWith('/') || /~(?![01])/.test(text)) {
    const expected = 'a JSON pointer (RFC 6901) such as /tasks/0/max_retries, with ~0 for ~ and ~1 for /';
    return { ok: false, reason: { code: 'parse_failed', subject: text, expected, observed: text } };
  }
  const tokens = text.slice(1).split('/');
  return { ok: true, value: tokens.map((token) => pointerStep(token.replaceAll('~1', '/').replaceAll('~0', '~'))) };
}

interface ReadStep {
  readonly step: SelectorStep;
  readonly end: number;
}

function readStep(text: string, at: number, first: boolean): ReadStep | null {
  if (text[at] === '[') return readBracket(text, at + 1);
  if (!first && text[at] !== '.') return null;
  const start = first ? at : at + 1;
  const key = match(BARE_KEY, text, start);
  return key === null ? null : { step: { key }, end: start + key.length };
}

function readBracket(text: string, at: number): ReadStep | null {
  const quoted = matchQuoted(text, at);
  const field = quoted ?? match(BARE_KEY, text, at);
  if (field === null) return null;
  const after = at + field.length;
  const name = quoted === null ? field : unquote(quoted);
  if (text[after] === ']') return quoted === null ? null : { step: { key: name }, end: after + 1 };
  if (text[after] !== '=') return null;
  const quotedValue = matchQuoted(text, after + 1);
  const value = quotedValue ?? match(BARE_VALUE, text, after + 1);
  if (value === null || text[after + 1 + value.length] !== ']') return null;
  const equals = quotedValue === null ? value : unquote(quotedValue);
  return { step: { where: name, equals }, end: after + 2 + value.length };
}

function formatStep(step: SelectorStep, first: boolean): string {
  if ('where' in step) return `[${bareOr(BARE_KEY, step.where)}=${bareOr(BARE_VALUE, step.equals)}]`;
  if (match(BARE_KEY, step.key, 0) === step.key) return first ? step.key : `.${step.key}`;
  return `[${JSON.stringify(step.key)}]`;
}

function bareOr(pattern: RegExp, text: string): string {
  return match(pattern, text, 0) === text ? text : JSON.stringify(text);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** A JSON string; JSON allows no bare control characters in it. */
function matchQuoted(text: string, at: number): string | null {
  const found = match(QUOTED, text, at);
  return found !== null && [...found].every((char) => char >= ' ') ? found : null;
}

function unquote(quoted: string): string {
  return String(JSON.parse(quoted));
}

function pointerStep(token: string): PointerStep {
  const index = Number(token);
  return /^(?:0|[1-9]\d*)$/.test(token) && Number.isSafeInteger(index) ? { index } : { key: token };
}

function unreadable(text: string, at: number): Reason<EditReasonCode> {
  const isIndex = match(INDEX, text, at) !== null;
  const expected = isIndex ? 'a natural key such as [task_key=main] instead of an index' : 'key.key["other key"][field=value]';
  return { code: 'parse_failed', subject: text, expected, observed: text.slice(at, at + 40) };
}
