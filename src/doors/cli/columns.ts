/** Rows as columns of a terminal: each as wide as its widest cell, the last one free. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        indent + row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}

const HEIGHT = 6;
const WIDTH = 60;
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A ranged signal as a few lines of blocks with its least and greatest value; null for fewer than three finite points. */
export function chart(points: readonly (readonly [number, number])[], shown: (value: number) => string): string | null {
  const finite = points.filter(([, value]) => Number.isFinite(value));
  if (finite.length < 3) return null;
  const values = sampled(finite.map(([, value]) => value));
  // From zero, so that a ripple on a high level does not look like a flood; from the least value where that is below zero.
  const [low, high] = [Math.min(0, ...values), Math.max(...values)];
  const unit = (high - low || 1) / (HEIGHT * 8);
  const labels = [shown(high), ...Array.from({ length: HEIGHT - 2 }, () => ''), shown(low)];
  const width = Math.max(...labels.map((label) => label.length));
  const lines = labels.map((label, row) => {
    const below = (HEIGHT - 1 - row) * 8;
    const bar = values.map((value) => EIGHTHS[Math.max(0, Math.min(8, Math.round((value - low) / unit) - below))]).join('');
    return `  ${label.padStart(width)} ┤${bar}`;
  });
  return `${lines.join('\n')}\n  ${' '.repeat(width)}  ${axis(finite, values.length)}`;
}

/** At most one value a column: the greatest of those that fall into it, because a peak is what people look for. */
function sampled(values: readonly number[]): readonly number[] {
  const columns = Math.min(WIDTH, values.length);
  return Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column, column + 1].map((at) => Math.floor((at * values.length) / columns));
    return Math.max(...values.slice(from, to));
  });
}

function axis(points: readonly (readonly [number, number])[], width: number): string {
  const at = (seconds = 0) => new Date(seconds * 1000).toISOString().slice(11, 16);
  const [first, last] = [at(points[0]?.[0]), `${at(points.at(-1)?.[0])} UTC`];
  return `${first}${last.padStart(Math.max(1 + last.length, width - first.length))}`;
}
