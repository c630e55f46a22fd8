import type { ValueType } from './expression.ts';

export interface Signature {
  readonly takes: readonly ValueType[];
  readonly optional?: number;
  readonly gives: 'scalar' | 'instant vector';
}

const overRange: Signature = { takes: ['range vector'], gives: 'instant vector' };
const ofVector: Signature = { takes: ['instant vector'], gives: 'instant vector' };
const withScalar: Signature = { takes: ['instant vector', 'scalar'], gives: 'instant vector' };

/** The functions that the twin evaluates, with the types they take. */
export const signatures: Readonly<Record<string, Signature>> = {
  rate: overRange,
  increase: overRange,
  irate: overRange,
  delta: overRange,
  idelta: overRange,
  deriv: overRange,
  changes: overRange,
  resets: overRange,
  avg_over_time: overRange,
  max_over_time: overRange,
  min_over_time: overRange,
  sum_over_time: overRange,
  count_over_time: overRange,
  last_over_time: overRange,
  present_over_time: overRange,
  stddev_over_time: overRange,
  stdvar_over_time: overRange,
  absent_over_time: overRange,
  quantile_over_time: { takes: ['scalar', 'range vector'], gives: 'instant vector' },
  predict_linear: { takes: ['range vector', 'scalar'], gives: 'instant vector' },
  abs: ofVector,
  ceil: ofVector,
  floor: ofVector,
  sqrt: ofVector,
  exp: ofVector,
  ln: ofVector,
  log2: ofVector,
  log10: ofVector,
  sgn: ofVector,
  absent: ofVector,
  sort: ofVector,
  sort_desc: ofVector,
  round: { ...withScalar, optional: 1 },
  clamp_min: withScalar,
  clamp_max: withScalar,
  clamp: { takes: ['instant vector', 'scalar', 'scalar'], gives: 'instant vector' },
  scalar: { takes: ['instant vector'], gives: 'scalar' },
  vector: { takes: ['scalar'], gives: 'instant vector' },
  time: { takes: [], gives: 'scalar' },
};
