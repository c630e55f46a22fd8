import { wrongQuery } from './expression.ts';

const unitMillis: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds meant by `5m`, `1h30m`, or (in an offset) `-5m`. A bare number is no duration for Prometheus 2. */
export function parseDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]\s*/, '');
  if (!/^(\d+(ms|[smhdwy]))+$/.test(body)) throw wrongQuery(`parse error: not a valid duration string: "${text}"`);
  const parts = body.matchAll(/(\d+)(ms|[smhdwy])/g);
  let sum = 0;
  for (const [, count, unit] of parts) sum += Number(count) * (unitMillis[unit ?? ''] ?? 0);
  if (sum === 0) throw wrongQuery('parse error: duration must be greater than 0');
  return sign * sum;
}

/** The shortest text of a duration, as Prometheus prints it (model.Duration). */
export function writeDuration(milliseconds: number): string {
  let rest = Math.abs(milliseconds);
  let text = milliseconds < 0 ? '-' : '';
  // Years, weeks and days are only written when nothing is left over.
  for (const [unit, exact] of [
    ['y', true],
    ['w', true],
    ['d', false],
    ['h', false],
    ['m', false],
    ['s', false],
    ['ms', false],
  ] as const) {
    const size = unitMillis[unit] ?? 1;
    if (rest < size || (exact && rest % size !== 0)) continue;
    text += `${Math.floor(rest / size)}${unit}`;
    rest %= size;
  }
  return text === '' ? '0s' : text;
}

export function parseNumber(text: string): number {
  const clean = text.replaceAll('_', '').toLowerCase();
  const sign = clean.startsWith('-') ? -1 : 1;
  const body = clean.replace(/^[-+]/, '');
  if (body === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (body === 'nan') return Number.NaN;
  const value = Number(body);
  if (Number.isNaN(value)) throw wrongQuery(`parse error: error parsing number: "${text}"`);
  return sign * value;
}

/** The content of a PromQL string, which follows Go's rules; backquoted ones are raw. */
export function unquote(text: string): string {
  const quote = text[0];
  const body = text.slice(1, -1);
  if (text.length < 2 || text.at(-1) !== quote) throw wrongQuery('parse error: unterminated quoted string');
  if (quote === '`') return body;
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])/g, (_, sequence: string) =>
    escaped(sequence),
  );
}

const shortEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function escaped(sequence: string): string {
  const short = shortEscapes[sequence];
  if (short !== undefined) return short;
  if (sequence.length === 1) throw wrongQuery(`parse error: unknown escape sequence '\\${sequence}'`);
  const code = /^[0-7]/.test(sequence) ? Number.parseInt(sequence, 8) : Number.parseInt(sequence.slice(1), 16);
  return String.fromCodePoint(code);
}

/** A float as Prometheus' API writes it: shortest digits, never an exponent. */
export function writeFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const found = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (found === null) return text;
  const [, sign = '', lead = '', fraction = '', exponent = '0'] = found;
  const digits = lead + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0').slice(0, point) + (digits.length > point ? `.${digits.slice(point)}` : '');
}
