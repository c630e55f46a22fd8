import { isDecimal, isSize } from './quantity.ts';
import { parseSize, writeSize } from './size.ts';
import type { SparkKey } from './spark-conf-table.ts';

/** The value as Spark writes its type, or null when it is none or out of range. */
export function typed(known: SparkKey, value: number | string | boolean): string | null {
  if (known.words.includes(String(value))) return String(value);
  if (known.type === 'bool') return /^(?:true|false)$/.test(String(value)) ? String(value) : null;
  const number = known.type === 'bytes' ? (typeof value === 'number' ? value : parseSize(String(value))) : Number(value);
  if (number === null || !Number.isFinite(number) || number < known.min || number > known.max) return null;
  // A fraction too small for plain digits is one that the gate would refuse.
  if (known.type === 'double') return isDecimal(String(number)) ? String(number) : null;
  if (!Number.isInteger(number)) return null;
  return known.type === 'bytes' ? writeSize(number) : String(number);
}

/** Whether a text, as it stands in a file, is a value of a key: one of its words, or its type written plainly, in range. */
export function isWritten(known: SparkKey, text: string): boolean {
  const isPlain = known.type === 'bool' || (known.type === 'bytes' ? isSize(text) : isDecimal(text));
  return known.words.includes(text) || (isPlain && typed(known, text) !== null);
}

/** A value that Spark would read, as a number: bytes for sizes, 0 or 1 for switches; null: it is none. */
export function measure(known: SparkKey, text: string): number | null {
  if (known.type === 'bool') return text.trim().toLowerCase() === 'true' ? 1 : 0;
  if (known.type === 'bytes') return parseSize(text);
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? null : number;
}

/** What a key takes, in words. */
export function rangeOf({ type, min, max, words }: SparkKey): string {
  return type === 'bool' ? 'true or false' : [`${type} from ${min} to ${max}`, ...words].join(' or ');
}

/** Whether a step goes where only the other direction is safe. A value that is no number has no direction. */
export function isWrongWay(known: SparkKey, current: string, text: string): boolean {
  const [next, now] = [measure(known, text), measure(known, current)];
  if (known.only === null || next === null || now === null || next === now) return false;
  // -1 turns a threshold off, which is further down than any size.
  const up = next > now && next !== -1;
  return (known.only === 'up') !== up;
}
