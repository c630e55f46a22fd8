import { structuredPatch } from 'diff';

/** The unified diff of one file with three lines of context, as `git apply` reads it; empty when nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const { hunks } = structuredPatch(`a/${file}`, `b/${file}`, before, after, '', '', { context: 3 });
  const head = `--- a/${file}\n+++ b/${file}\n`;
  return hunks.length === 0 ? '' : head + hunks.map((hunk) => `${rangeLine(hunk)}\n${hunk.lines.join('\n')}\n`).join('');
}

/** Unified format counts an empty side from the line before it. */
function rangeLine({
  oldStart,
  oldLines,
  newStart,
  newLines,
}: Record<'oldStart' | 'oldLines' | 'newStart' | 'newLines', number>): string {
  const range = (start: number, lines: number) =>
    lines === 0 ? `${start - 1},0` : lines === 1 ? `${start}` : `${start},${lines}`;
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
}
