import { refuseTwins, scalarOf, vector, vectorOf } from './evaluate.ts';
import type { Value } from './value.ts';
import { withoutName } from './value.ts';

type OfVector = (inputs: readonly Value[]) => Value;

/** Functions of instant vectors; all of them drop the metric name, save the two that only sort. */
export const vectorFunctions: Readonly<Record<string, OfVector>> = {
  abs: each(Math.abs),
  ceil: each(Math.ceil),
  floor: each(Math.floor),
  sqrt: each(Math.sqrt),
  exp: each(Math.exp),
  ln: each(Math.log),
  log2: each(Math.log2),
  log10: each(Math.log10),
  sgn: each(Math.sign),
  round: each((value, nearest = 1) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest)),
  clamp_min: each((value, least = 0) => Math.max(value, least)),
  clamp_max: each((value, most = 0) => Math.min(value, most)),
  clamp: (inputs) => {
    const [least, most] = inputs.slice(1).map(scalarOf);
    return least !== undefined && most !== undefined && least > most ? vector([]) : clampBetween(inputs);
  },
  sort: sorted(1),
  sort_desc: sorted(-1),
  scalar: ([input]) => {
    const entries = input === undefined ? [] : vectorOf(input);
    return { type: 'scalar', value: entries.length === 1 ? (entries[0]?.value ?? Number.NaN) : Number.NaN };
  },
  vector: ([input]) => vector(input === undefined ? [] : [{ labels: {}, value: scalarOf(input) }]),
};

const clampBetween = each((value, least = 0, most = 0) => Math.max(least, Math.min(most, value)));

function each(compute: (value: number, ...parameters: (number | undefined)[]) => number): OfVector {
  return ([input, ...rest]) => {
    const parameters = rest.map(scalarOf);
    const entries = input === undefined ? [] : vectorOf(input);
    return vector(
      refuseTwins(entries.map(({ labels, value }) => ({ labels: withoutName(labels), value: compute(value, ...parameters) }))),
    );
  };
}

function sorted(direction: 1 | -1): OfVector {
  return ([input]) => {
    const entries = input === undefined ? [] : vectorOf(input);
    return vector([...entries].sort((left, right) => lowestFirst(left.value, right.value, direction)));
  };
}

/** Values that are no numbers come last either way. */
function lowestFirst(left: number, right: number, direction: 1 | -1): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
  return Number.isNaN(right) ? -1 : direction * (left - right);
}
