import type { Point } from './value.ts';

/** The window a range function looks at: [start, end] in milliseconds, and the instant of the evaluation. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly at: number;
}

/** A function over one series' points in a window; undefined means no result for this series. */
type OverRange = (points: readonly Point[], window: Window, parameter: number) => number | undefined;

export const rangeFunctions: Readonly<Record<string, OverRange>> = {
  rate: (points, window) => extrapolated(points, window, { counter: true, perSecond: true }),
  increase: (points, window) => extrapolated(points, window, { counter: true, perSecond: false }),
  delta: (points, window) => extrapolated(points, window, { counter: false, perSecond: false }),
  irate: (points) => lastTwo(points, true),
  idelta: (points) => lastTwo(points, false),
  deriv: (points) => (points.length < 2 ? undefined : regression(points, points[0]?.t ?? 0).slope),
  predict_linear: (points, window, seconds) => {
    if (points.length < 2) return undefined;
    const { slope, intercept } = regression(points, window.at);
    return slope * seconds + intercept;
  },
  changes: (points) =>
    pairs(points).filter(([before, after]) => before !== after && !(Number.isNaN(before) && Number.isNaN(after))).length,
  resets: (points) => pairs(points).filter(([before, after]) => after < before).length,
  avg_over_time: (points) => kahanSum(points.map(({ v }) => v)) / points.length,
  sum_over_time: (points) => kahanSum(points.map(({ v }) => v)),
  count_over_time: (points) => points.length,
  present_over_time: () => 1,
  last_over_time: (points) => points.at(-1)?.v,
  max_over_time: (points) => points.reduce((most, { v }) => (v > most || Number.isNaN(most) ? v : most), Number.NaN),
  min_over_time: (points) => points.reduce((least, { v }) => (v < least || Number.isNaN(least) ? v : least), Number.NaN),
  stdvar_over_time: (points) => variance(points.map(({ v }) => v)),
  stddev_over_time: (points) => Math.sqrt(variance(points.map(({ v }) => v))),
  quantile_over_time: (points, _, quantile) =>
    quantileOf(
      quantile,
      points.map(({ v }) => v),
    ),
};

/**
 * rate, increase and delta: the difference of last and first point, corrected for counter resets and extrapolated to the window's ends,
 * exactly as extrapolatedRate in Prometheus 2.42 (promql/functions.go): up to 1.1 average distances beyond the points reach the end,
 * more than that counts half a distance, and a counter is never extrapolated below zero.
 */
function extrapolated(
  points: readonly Point[],
  window: Window,
  how: { counter: boolean; perSecond: boolean },
): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const resets = how.counter ? pairs(points).reduce((sum, [before, after]) => sum + (after < before ? before : 0), 0) : 0;
  const difference = last.v - first.v + resets;
  const sampled = (last.t - first.t) / 1000;
  const average = sampled / (points.length - 1);
  let toStart = (first.t - window.start) / 1000;
  const toEnd = (window.end - last.t) / 1000;
  if (how.counter && difference > 0 && first.v >= 0) toStart = Math.min(toStart, sampled * (first.v / difference));
  const threshold = average * 1.1;
  const reach = sampled + (toStart < threshold ? toStart : average / 2) + (toEnd < threshold ? toEnd : average / 2);
  const factor = reach / sampled / (how.perSecond ? (window.end - window.start) / 1000 : 1);
  return difference * factor;
}

function lastTwo(points: readonly Point[], rate: boolean): number | undefined {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined || last.t === before.t) return undefined;
  const difference = rate && last.v < before.v ? last.v : last.v - before.v;
  return rate ? difference / ((last.t - before.t) / 1000) : difference;
}

/** Least squares over seconds since `origin`, as linearRegression in Prometheus 2.42; sums are compensated there too. */
function regression(points: readonly Point[], origin: number): { readonly slope: number; readonly intercept: number } {
  const first = points[0]?.v ?? 0;
  if (points.every(({ v }) => v === first)) {
    return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: Number.NaN, intercept: Number.NaN };
  }
  const count = points.length;
  const xs = points.map(({ t }) => (t - origin) / 1000);
  const sumX = kahanSum(xs);
  const sumY = kahanSum(points.map(({ v }) => v));
  const sumXY = kahanSum(points.map(({ v }, index) => (xs[index] ?? 0) * v));
  const sumXX = kahanSum(xs.map((x) => x * x));
  const slope = (sumXY - (sumX * sumY) / count) / (sumXX - (sumX * sumX) / count);
  return { slope, intercept: sumY / count - (slope * sumX) / count };
}

/** Kahan-Neumaier summation, as kahanSumInc in Prometheus. */
export function kahanSum(values: readonly number[]): number {
  let sum = 0;
  let carry = 0;
  for (const value of values) {
    const next = sum + value;
    carry += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + carry : sum;
}

export function variance(values: readonly number[]): number {
  const mean = kahanSum(values) / values.length;
  return kahanSum(values.map((value) => (value - mean) ** 2)) / values.length;
}

/** Linear interpolation between the two nearest ranks, as quantile() in promql/quantile.go. */
export function quantileOf(quantile: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  // A value that is not a number sorts before all others.
  const sorted = [...values].sort((left, right) => (Number.isNaN(left) ? -1 : Number.isNaN(right) ? 1 : left - right));
  const rank = quantile * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? Number.NaN) * (1 - weight) + (sorted[upper] ?? Number.NaN) * weight;
}

function pairs(points: readonly Point[]): readonly (readonly [number, number])[] {
  return points.slice(1).map((point, index) => [points[index]?.v ?? 0, point.v] as const);
}
