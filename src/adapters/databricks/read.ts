import type { Known } from '../../model/known.ts';
import { known, unknown } from '../../model/known.ts';
import type { Page } from '../../schema/answer.ts';
import { readExactJson } from '../../schema/exact-json.ts';
import type { Answer, Call, Connection } from './call.ts';
import { callWorkspace } from './call.ts';

/** A list longer than this many pages is not read on for ever: it is unknown. */
const mostPages = 100;

/**
 * The answer's text, or why there is none. Every `why` of this adapter starts with one word and a colon:
 * `missing`, `forbidden`, `refused`, `unreachable`, `unreadable` or `changed`.
 */
export async function readText(connection: Connection, call: Omit<Call, 'safe'>): Promise<Known<string>> {
  const answer = await callWorkspace(connection, { ...call, safe: true });
  return answer.kind === 'answered' ? known(answer.text) : unknown(whyNot(answer));
}

/** The answer's bytes, for files. */
export async function readBytes(connection: Connection, call: Omit<Call, 'safe'>): Promise<Known<Uint8Array>> {
  const answer = await callWorkspace(connection, { ...call, safe: true });
  return answer.kind === 'answered' ? known(answer.bytes) : unknown(whyNot(answer));
}

/** Reads one answer through its schema. */
export async function readOne<T>(
  connection: Connection,
  call: Omit<Call, 'safe'>,
  read: (value: unknown) => T | null,
): Promise<Known<T>> {
  const text = await readText(connection, call);
  return text.known ? understood(text.value, read) : text;
}

/** Walks a paged list until it ends or `enough` items are there. A token that repeats would walk in a circle: unknown. */
export async function readPages<T>(
  fetchPage: (token: string | undefined) => Promise<Known<Page<T>>>,
  enough = Number.POSITIVE_INFINITY,
): Promise<Known<readonly T[]>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const page = await fetchPage(token);
    if (!page.known) return page;
    items.push(...page.value.items);
    if (page.value.next === null || items.length >= enough) return known(items);
    if (seen.has(page.value.next)) return unknown('unreadable: the pages repeat');
    seen.add(page.value.next);
    token = page.value.next;
  }
  return unknown(`unreadable: more than ${mostPages} pages`);
}

/** A success that is not the JSON we know (a login page, half an answer) is unknown, never empty. */
export function understood<T>(text: string, read: (value: unknown) => T | null): Known<T> {
  const json = readExactJson(text);
  if (!json.ok) return unknown(`unreadable: ${json.why}`);
  const value = read(json.value);
  return value === null ? unknown('unreadable: the answer has another shape') : known(value);
}

function whyNot(answer: Exclude<Answer, { kind: 'answered' }>): string {
  if (answer.kind !== 'fault') return `unreachable: ${answer.why}`;
  const { code, text } = answer.fault;
  return `${code === 'busy' || code === 'broken' ? 'unreachable' : code}: ${text}`;
}
