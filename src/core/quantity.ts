import { parseSize } from './size.ts';

/** What a text says in numbers. */
export interface Quantity {
  /** Bytes where the text is a size with a unit. */
  readonly number: number;
  /** Written in the one way that every reader takes for the same number. */
  readonly isPlain: boolean;
}

/**
 * The number or size that a text is, or that some reader of JSON, YAML or Spark would take it for (`1e9`, `+64`, `0x40`, `6_4`, ` 64`); null: nobody
 * would.
 */
export function quantityOf(text: string): Quantity | null {
  const plain = isDecimal(text) ? Number(text) : isSize(text) ? parseSize(text) : null;
  if (plain !== null) return { number: plain, isPlain: true };
  const bare = text.replaceAll('_', '').trim();
  const number = parseSize(bare) ?? (bare === '' ? Number.NaN : Number(bare));
  return Number.isNaN(number) ? null : { number, isPlain: false };
}

/** Plain digits, with a sign below zero and a fraction if there is one. */
export function isDecimal(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
}

/** Plain digits alone. */
export function isWhole(text: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(text);
}

/** Plain digits, with a unit as Spark writes it if there is one. */
export function isSize(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:b|[kmgtp]b?)?$/i.test(text);
}
