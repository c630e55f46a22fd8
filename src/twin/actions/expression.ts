import { isFields, isList, type Json } from '../github/json.ts';

/** What an expression may name: github, secrets, vars, inputs, env, needs, steps. */
export type Contexts = Readonly<Record<string, Json>>;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|([A-Za-z_][\w-]*)|(==|!=|&&|\|\||<=|>=|[!().,[\]<>*]))/y;

/** Text with every `${{ … }}` replaced. */
export function fill(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, source: string) => printed(evaluate(source, contexts)));
}

/** An `if:`, with or without the braces. */
export function holds(source: string, contexts: Contexts): boolean {
  const inner = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(source)?.[1] ?? source;
  return truth(evaluate(inner, contexts));
}

export function evaluate(source: string, contexts: Contexts): Json {
  const tokens = tokenise(source);
  const reader = { at: 0, tokens, contexts };
  const value = either(reader);
  if (reader.at < tokens.length) throw new Error(`cannot read the expression ${source.trim()}`);
  return value;
}

export function printed(value: Json): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly value: string;
}
interface Reader {
  at: number;
  readonly tokens: readonly Token[];
  readonly contexts: Contexts;
}

function tokenise(source: string): readonly Token[] {
  const found: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`cannot read the expression ${source.trim()}`);
    const [, number, quoted, name, sign] = match;
    if (number !== undefined) found.push({ kind: 'number', value: number });
    else if (quoted !== undefined) found.push({ kind: 'text', value: quoted.replaceAll("''", "'") });
    else if (name !== undefined) found.push({ kind: 'name', value: name });
    else found.push({ kind: 'sign', value: sign ?? '' });
  }
  return found;
}

function taken(reader: Reader, sign: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'sign' || token.value !== sign) return false;
  reader.at += 1;
  return true;
}

function either(reader: Reader): Json {
  let left = both(reader);
  while (taken(reader, '||')) {
    const right = both(reader);
    left = truth(left) ? left : right;
  }
  return left;
}

function both(reader: Reader): Json {
  let left = compared(reader);
  while (taken(reader, '&&')) {
    const right = compared(reader);
    left = truth(left) ? right : left;
  }
  return left;
}

function compared(reader: Reader): Json {
  const left = negated(reader);
  if (taken(reader, '==')) return same(left, negated(reader));
  if (taken(reader, '!=')) return !same(left, negated(reader));
  return left;
}

function negated(reader: Reader): Json {
  return taken(reader, '!') ? !truth(negated(reader)) : value(reader);
}

function value(reader: Reader): Json {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw new Error('an expression ends too early');
  reader.at += 1;
  if (token.kind === 'number') return Number(token.value);
  if (token.kind === 'text') return token.value;
  if (token.kind === 'sign') {
    if (token.value !== '(') throw new Error(`unexpected ${token.value} in an expression`);
    const inner = either(reader);
    if (!taken(reader, ')')) throw new Error('a bracket is not closed in an expression');
    return inner;
  }
  if (taken(reader, '(')) return called(reader, token.value);
  return member(reader, named(reader.contexts, token.value));
}

function named(contexts: Contexts, name: string): Json {
  if (name === 'true' || name === 'false') return name === 'true';
  return name === 'null' ? null : (contexts[name] ?? null);
}

function member(reader: Reader, root: Json): Json {
  let found = root;
  for (;;) {
    if (taken(reader, '.')) found = property(found, reader.tokens[reader.at++]?.value ?? '');
    else if (taken(reader, '[')) {
      found = property(found, printed(either(reader)));
      if (!taken(reader, ']')) throw new Error('a bracket is not closed in an expression');
    } else return found;
  }
}

/** Names are found whatever their case, as GitHub does it. */
function property(of: Json, name: string): Json {
  if (isList(of)) return of[Number(name)] ?? null;
  if (!isFields(of)) return null;
  const key = Object.keys(of).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : (of[key] ?? null);
}

function called(reader: Reader, name: string): Json {
  const given: Json[] = [];
  while (!taken(reader, ')')) {
    given.push(either(reader));
    taken(reader, ',');
  }
  const [first = null, second = null] = given;
  const lower = (one: Json) => printed(one).toLowerCase();
  if (name === 'contains' && isList(first)) return first.some((one) => same(one, second));
  if (name === 'contains') return lower(first).includes(lower(second));
  if (name === 'startsWith') return lower(first).startsWith(lower(second));
  if (name === 'endsWith') return lower(first).endsWith(lower(second));
  if (name === 'format')
    return printed(first).replace(/\{(\d+)\}/g, (_, index: string) => printed(given[Number(index) + 1] ?? null));
  if (name === 'toJSON') return JSON.stringify(first);
  const { failed } = reader.contexts;
  if (name === 'always') return true;
  if (name === 'success') return failed !== true;
  if (name === 'failure') return failed === true;
  if (name === 'cancelled') return false;
  throw new Error(`the twin's runner has no function ${name}`);
}

function truth(one: Json): boolean {
  return !(one === null || one === false || one === 0 || one === '');
}

function same(left: Json, right: Json): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  const number = (one: Json) => (one === null ? 0 : typeof one === 'object' ? Number.NaN : Number(one));
  return number(left) === number(right);
}
