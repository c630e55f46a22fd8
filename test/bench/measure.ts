import { performance } from 'node:perf_hooks';

/** One number to reach, its target and what was measured. */
export interface Row {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  /** Null where there is no target, or nothing to hold against it. */
  readonly met: boolean | null;
}

/** Milliseconds of each of `count` executions, one after the other, after `warmUp` that do not count. */
export async function timesOf(count: number, act: () => unknown, warmUp = 1): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = -warmUp; round < count; round++) {
    const begun = performance.now();
    await act();
    if (round >= 0) times.push(performance.now() - begun);
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

export function inMs(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
}

/** `measured` must be at most `most`, in this unit. */
export function atMost(what: string, measured: number, most: number, unit: string, note = ''): Row {
  const digits = Number.isInteger(measured) ? 0 : measured < 10 ? 2 : 0;
  return {
    what,
    target: `≤ ${most}${unit}`,
    measured: `${measured.toFixed(digits)}${unit}${note}`,
    met: measured <= most,
  };
}

export function table(rows: readonly Row[]): string {
  const lines = [
    ['what', 'target', 'measured', ''],
    ...rows.map((row) => [row.what, row.target, row.measured, row.met === null ? '' : row.met ? 'met' : 'MISSED']),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
