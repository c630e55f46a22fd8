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
