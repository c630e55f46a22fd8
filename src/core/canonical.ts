import { createHash } from 'node:crypto';

/**
 * RFC 8785 canonical JSON: no spaces, keys sorted by UTF-16 code units, numbers as ECMAScript writes them. Members that are undefined
 * are left out, as JSON does. Throws TypeError for what JSON cannot hold (NaN, bigint, functions, class instances, lone surrogates):
 * a digest over a silently changed value would be worse than a stop.
 */
export function canonicalJson(value: unknown): string {
  return write(value, null, '');
}

/** The same key order over two-space indented lines with a final newline: the layout of our change records. */
export function prettyCanonical(value: unknown): string {
  return `${write(value, '  ', '\n')}\n`;
}

/** SHA-256 of the text's UTF-8 bytes, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** `unit` null writes everything on one line; else `line` is the line break and indentation at this depth. */
function write(value: unknown, unit: string | null, line: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value !== 'object') throw new TypeError(`canonical JSON cannot hold a ${typeof value}`);
  const inner = unit === null ? '' : line + unit;
  if (Array.isArray(value)) return enclose('[', ']', writeItems(value, unit, inner), inner, line);
  if (!isPlain(value)) throw new TypeError('canonical JSON holds plain objects only');
  const colon = unit === null ? ':' : ': ';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => writeString(key) + colon + write(member, unit, inner));
  return enclose('{', '}', members, inner, line);
}

/** Array.from, because map would skip a hole and join would then write nothing for it. */
function writeItems(values: readonly unknown[], unit: string | null, inner: string): readonly string[] {
  return Array.from(values, (item) => write(item, unit, inner));
}

function enclose(open: string, close: string, parts: readonly string[], inner: string, line: string): string {
  return parts.length === 0 ? open + close : open + inner + parts.join(`,${inner}`) + line + close;
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`canonical JSON cannot hold ${value}`);
  return JSON.stringify(value);
}

function writeString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('canonical JSON cannot hold a lone surrogate');
  return JSON.stringify(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
