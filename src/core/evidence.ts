import type { Evidence } from '../model/evidence.ts';
import type { Expression, Facts } from './expression.ts';
import { rangeShape } from './signal-value.ts';

/** Evidence as facts for expressions: only what is fresh is known; a range also tells its shape. */
export function factsOf(evidence: readonly Evidence[]): Facts {
  return Object.fromEntries(evidence.flatMap(entriesOf));
}

/** The ids of the evidence behind an expression, for a claim to cite: by its names, and by the settings that it looks up in a map. */
export function citing({ names, text }: Pick<Expression, 'names' | 'text'>, evidence: readonly Evidence[]): readonly string[] {
  const behind = ({ name: signal }: Evidence) =>
    names.some((name) => name === signal || isShapeOf(name, signal)) || (signal.endsWith(']') && text.includes(signal));
  return evidence.filter(behind).map((one) => one.id);
}

/** Gives each piece its id, `E1` onwards, in the order of the runbook's signals. */
export function numbered(evidence: readonly Omit<Evidence, 'id'>[]): readonly Evidence[] {
  return evidence.map((one, index) => ({ id: `E${index + 1}`, ...one }));
}

function entriesOf(one: Evidence): readonly (readonly [string, number | string | boolean | null])[] {
  const value = one.quality === 'fresh' ? one.value : null;
  const shape = one.quality === 'fresh' ? rangeShape(one.points) : null;
  return [[one.name, value], ...Object.entries(shape ?? {}).map(([part, number]) => [`${one.name}_${part}`, number] as const)];
}

/** Whether a name of an expression is a part of a ranged signal's shape, such as `lag_slope` of `lag`. */
export function isShapeOf(name: string, signal: string): boolean {
  return name.startsWith(`${signal}_`) && /^(?:first|min|max|slope)$/.test(name.slice(signal.length + 1));
}
