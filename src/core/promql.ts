import type { Outcome } from '../model/reason.ts';

/** A runbook's parameter. A bare text counts as a string; an int64 is its digits as text. */
export type QueryParameter = string | { readonly type: 'string' | 'int64'; readonly value: string };
export type QueryParameters = Readonly<Record<string, QueryParameter>>;

type Quote = '"' | "'";
type Operator = '=' | '!=' | '=~' | '!~';

const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*|\$[a-zA-Z_]\w*|[=!]~|!=|==|\s+|[\s\S]/gy;
const PLACEHOLDER = /\$([a-zA-Z_]\w*)/g;

/**
 * Puts parameters into a query template. `$name` may stand only for a whole label matcher's value (`topic=$topic`) or inside its quotes
 * (`topic=~"$topic-.*"`); in `=~` and `!~` the value matches itself only. Anything else, an unknown name and a value that does not fit its type are
 * refused with the name as subject: outside text never becomes query syntax.
 */
export function bindQuery(template: string, parameters: QueryParameters): Outcome<string> {
  let bound = '';
  let braces = 0;
  let operator: Operator | null = null;
  for (const [token] of template.matchAll(TOKEN)) {
    const piece = bindToken(token, braces > 0 ? operator : null, parameters);
    if (!piece.ok) return piece;
    bound += piece.value;
    if (token === '{') braces += 1;
    if (token === '}') braces -= 1;
    if (token.trim() !== '') operator = token === '=' || token === '!=' || token === '=~' || token === '!~' ? token : null;
  }
  return { ok: true, value: bound };
}

function bindToken(token: string, operator: Operator | null, parameters: QueryParameters): Outcome<string> {
  const [first = ''] = token;
  if (first === '#') return { ok: true, value: token };
  if (first === '$') {
    if (operator === null || token === '$') return refuse(token.slice(1), 'a place for a label’s value', token);
    const value = valueFor(token.slice(1), operator, '"', parameters);
    return value.ok ? { ok: true, value: `"${value.value}"` } : value;
  }
  const names = [...token.matchAll(PLACEHOLDER)].map((found) => found[1] ?? '');
  const [name] = names;
  if (token.length === 1 && /["'`]/.test(token)) return refuse(token, 'a closed string', 'one without its end');
  if (name === undefined || !/["'`]/.test(first)) return { ok: true, value: token };
  if (operator === null || first === '`') return refuse(name, 'a place for a label’s value', token);
  return bindString(token, operator, first === "'" ? "'" : '"', parameters);
}

function bindString(token: string, operator: Operator, quote: Quote, parameters: QueryParameters): Outcome<string> {
  // A backslash before it or brackets around it would give the value's characters a meaning again.
  if (/\\\$[a-zA-Z_]/.test(token) || (operator.endsWith('~') && token.includes('['))) {
    return refuse(token, 'placeholders without a backslash before them or brackets around them', token);
  }
  let bound = '';
  let from = 0;
  for (const found of token.matchAll(PLACEHOLDER)) {
    const value = valueFor(found[1] ?? '', operator, quote, parameters);
    if (!value.ok) return value;
    bound += token.slice(from, found.index) + value.value;
    from = found.index + found[0].length;
  }
  return { ok: true, value: bound + token.slice(from) };
}

function valueFor(name: string, operator: Operator, quote: Quote, parameters: QueryParameters): Outcome<string> {
  const given = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (given === undefined) return refuse(name, 'a known parameter', 'none of that name');
  const { type, value } = typeof given === 'string' ? { type: 'string', value: given } : given;
  if (type === 'int64' && !isInt64(value)) return refuse(name, 'an int64', 'something else');
  if (/\p{Surrogate}/u.test(value)) return refuse(name, 'text', 'half a character');
  return { ok: true, value: escaped(operator === '=~' || operator === '!~' ? escapeRegex(value) : value, quote) };
}

function isInt64(text: string): boolean {
  return /^-?(?:0|[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** For RE2: every character with a meaning loses it. */
function escapeRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** JSON's escapes are PromQL's too, except that the other kind of quote must stay bare. */
function escaped(text: string, quote: Quote): string {
  const inner = JSON.stringify(text).slice(1, -1);
  return quote === '"' ? inner : inner.replaceAll('\\"', '"').replaceAll("'", "\\'");
}

function refuse(subject: string, expected: string, observed: string): Outcome<never> {
  return { ok: false, reason: { code: 'runbook_unreadable', subject, expected, observed } };
}
