import type { Cause } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Investigation } from '../model/plan.ts';
import { rangeShape } from './signal-value.ts';

/**
 * The numbers of an investigation that no evidence holds (law 9), each in words: what a cause observed has to be the value, or the shape of
 * the points, of fresh evidence that the cause cites; a new value and a cost have to cite fresh evidence.
 */
export function unsupportedClaims({ diagnosis, evidence, plan }: Investigation): readonly string[] {
  const changes = plan?.kind === 'change' ? plan.changes : [];
  const costed = plan !== null && plan.cost.before !== null ? plan.cost.evidence : null;
  return [
    ...diagnosis.causes.flatMap((cause) => unsupportedIn(cause, evidence)),
    ...changes.flatMap(({ selector, evidence: ids }) =>
      cited(ids, evidence) ? [] : [`${selector}: the new value cites nothing fresh`],
    ),
    ...(costed === null || cited(costed, evidence) ? [] : ['the cost cites nothing fresh']),
  ];
}

function cited(ids: readonly string[], evidence: readonly Evidence[]): boolean {
  const found = evidence.filter((one) => ids.includes(one.id));
  return ids.length > 0 && found.length === ids.length && found.every((one) => one.quality === 'fresh');
}

function unsupportedIn(cause: Cause, evidence: readonly Evidence[]): readonly string[] {
  const behind = evidence.filter((one) => cause.evidence.includes(one.id) && one.quality === 'fresh');
  return Object.entries(cause.observed).flatMap(([name, value]) =>
    name.startsWith('params.') || behind.some((one) => holds(one, name, value)) ? [] : [`${cause.id}: ${name} = ${value}`],
  );
}

function holds({ name: own, value: held, points }: Evidence, name: string, value: Cause['observed'][string]): boolean {
  if (own === name) return held === value;
  const shape: Readonly<Record<string, number>> = { ...rangeShape(points) };
  return name.startsWith(`${own}_`) && shape[name.slice(own.length + 1)] === value;
}
