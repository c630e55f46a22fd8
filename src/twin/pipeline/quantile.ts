/** The value at rank `floor(q × n)` of the sorted values: how Spark's AppStatusStore answers taskSummary (no interpolation). */
export function rankQuantile(sorted: readonly number[], quantile: number): number {
  const rank = Math.min(Math.floor(quantile * sorted.length), sorted.length - 1);
  return sorted[Math.max(rank, 0)] ?? 0;
}

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((left, right) => left - right);
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
