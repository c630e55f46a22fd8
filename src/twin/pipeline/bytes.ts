export const kib = 1024;
export const mib = 1024 * kib;
export const gib = 1024 * mib;

const units: Readonly<Record<string, number>> = { b: 1, k: kib, m: mib, g: gib, t: 1024 * gib };

/**
 * Bytes meant by a Spark size such as `64MB`, `4g` or `268435456`; `undefined` when it is no size.
 * Units are binary, as in JavaUtils.byteStringAs: `k`, `kb`, `m`, `mb`, … in any case; a bare number counts `bareUnit`s.
 */
export function parseBytes(text: string, bareUnit = 1): number | undefined {
  const found = /^\s*(\d+)\s*(?:([bkmgt])b?)?\s*$/i.exec(text);
  if (found === null) return undefined;
  const unit = found[2] === undefined ? bareUnit : units[found[2].toLowerCase()];
  return unit === undefined ? undefined : Number(found[1]) * unit;
}
