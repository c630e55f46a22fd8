const units: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };

/**
 * Bytes meant by a Spark size (`64MB`, `4g`, `268435456`), or null. Units are binary in any case, as in Spark's
 * JavaUtils.byteStringAs; a bare number counts bytes; -1 is a size that means "off" for the thresholds that allow it.
 */
export function parseSize(text: string): number | null {
  const found = /^(-?\d+)\s*(?:([bkmgtp])b?)?$/i.exec(text.trim());
  if (found === null) return null;
  const factor = units[(found[2] ?? 'b').toLowerCase()] ?? 1;
  const bytes = Number(found[1]) * factor;
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** A size as Spark reads it, in the largest unit that divides it: 268435456 → `256m`. */
export function writeSize(bytes: number): string {
  for (const unit of ['g', 'm', 'k']) {
    const factor = units[unit] ?? 1;
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(bytes);
}
