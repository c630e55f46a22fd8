/**
 * JSON that keeps what `JSON.parse` loses: a number stays the text it was (int64 ids, `1.0`), an object keeps the order of its keys.
 * Of duplicate keys the last one wins, as in `JSON.parse`.
 */
export type Json = null | boolean | string | Lexeme | JsonList | JsonObject;
export type JsonList = readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

/** A number as it was written. */
export class Lexeme {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class JsonFault extends Error {}

export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

export function writeJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Lexeme) return value.text;
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`;
  return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`).join(',')}}`;
}

export function isList(value: Json | undefined): value is JsonList {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** What a plain JavaScript value writes as; a bigint becomes an exact number, `undefined` members are left out. */
export type Plain = Json | number | bigint | undefined | readonly Plain[] | { readonly [key: string]: Plain };

export function json(value: Plain): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string' || value instanceof Lexeme) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return new Lexeme(String(value));
  if (Array.isArray(value)) return value.map((member: Plain) => json(member));
  if (value instanceof Map) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return new Map(members.map(([key, member]) => [key, json(member)]));
}

export function jsonObject(value: { readonly [key: string]: Plain }): JsonObject {
  const made = json(value);
  return isObject(made) ? made : new Map();
}

export function member(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found = value;
  for (const key of path) found = isObject(found) ? found.get(key) : undefined;
  return found;
}

export function listAt(value: Json | undefined, ...path: readonly string[]): JsonList {
  const found = member(value, ...path);
  return isList(found) ? found : [];
}

export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** An integer's digits, whether it was sent as a number or as a string: both are accepted for int64 by the real service. */
export function digitsAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = member(value, ...path);
  const text = found instanceof Lexeme ? found.text : found;
  return typeof text === 'string' && /^-?\d+$/.test(text) ? text : undefined;
}

export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = member(value, ...path);
  return found instanceof Lexeme ? Number(found.text) : undefined;
}

const numberAtHere = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringAtHere = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const deepest = 200;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > deepest) throw new JsonFault('nested too deeply');
    this.#space();
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#list(depth);
    if (next === '"') return this.#string();
    for (const [word, meaning] of words) if (this.#take(word)) return meaning;
    return new Lexeme(this.#match(numberAtHere));
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw new JsonFault(`unexpected text at ${this.#at}`);
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#at += 1;
    this.#space();
    if (this.#take('}')) return members;
    for (;;) {
      this.#space();
      const key = this.#string();
      this.#space();
      this.#expect(':');
      members.set(key, this.value(depth + 1));
      this.#space();
      if (this.#take('}')) return members;
      this.#expect(',');
    }
  }

  #list(depth: number): Json {
    const members: Json[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return members;
    for (;;) {
      members.push(this.value(depth + 1));
      this.#space();
      if (this.#take(']')) return members;
      this.#expect(',');
    }
  }

  #string(): string {
    return String(JSON.parse(this.#match(stringAtHere)));
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined || found === '') throw new JsonFault(`malformed JSON at ${this.#at}`);
    this.#at += found.length;
    return found;
  }

  #take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw new JsonFault(`expected ${word} at ${this.#at}`);
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '.')) this.#at += 1;
  }
}

const words: readonly (readonly [string, Json])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
