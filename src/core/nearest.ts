/** The word of a closed list that somebody most probably meant; null when none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  const ranked = words
    .map((one) => ({ one, distance: editDistance(word.slice(0, 60), one) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, word.length / 3) ? best.one : null;
}

/** What to do about a word that is not on a closed list: the one that was meant, or all of them. */
export function meant(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  return near === null ? `Known keys: ${words.join(', ')}.` : `Did you mean ${near}?`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, char] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (char.toLowerCase() === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
