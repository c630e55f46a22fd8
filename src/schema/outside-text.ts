/**
 * Text from outside as one plain line: control characters become spaces, invisible and direction-changing ones go, and it ends after `most`
 * UTF-16 units without half a character.
 */
export function plainText(text: string, most: number): string {
  const plain = text
    .slice(0, most * 4)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}|[\p{Cf}\p{Co}\p{Cn}]|\p{Surrogate}/gu, '')
    .normalize('NFC')
    .trim();
  return plain.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/** A value in a sentence: a text in quotes, short and on one line; of anything larger only what it is. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(plainText(value, 60));
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : String(value);
}
