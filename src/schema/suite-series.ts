import type { RecordedSeries } from '../model/suite.ts';

const SELECTOR = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?$/;
const LABEL = /\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy;
const STEP = /^(_|stale|[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|NaN|Inf))(?:([+-]\d+\.?\d*(?:e[+-]?\d+)?))?(?:x(\d+))?$/i;
/** A day of minutes: what no runbook looks at does not have to be written down. */
const LONGEST = 1440;

/**
 * A series in the notation of `promtool test rules`: `kafka_consumergroup_lag{topic="orders"}` and `0+600x60 _x5 7`, one value a minute.
 * `a+bxn` is a and n more steps of b, `_` is a missing value, `stale` ends the series. The last value is of the alert's minute. Null: it is not that.
 */
export function readSeries(selector: string, notation: string): RecordedSeries | null {
  const [, name, inner = ''] = SELECTOR.exec(selector.trim()) ?? [];
  const labels = labelsIn(inner);
  const steps = notation.trim().split(/\s+/).map(valuesOf);
  const values = steps.flatMap((step) => step ?? []);
  if (name === undefined || labels === null || steps.includes(null) || values.length === 0 || values.length > LONGEST)
    return null;
  return { name, labels, values };
}

function labelsIn(text: string): Readonly<Record<string, string>> | null {
  const found = [...text.matchAll(LABEL)];
  const read = found.reduce((length, [all]) => length + all.length, 0);
  if (read !== text.length) return null;
  return Object.fromEntries(found.map(([, label = '', value = '']) => [label, value.replace(/\\(.)/g, '$1')]));
}

function valuesOf(step: string): readonly (number | null)[] | null {
  const [, first, by, times] = STEP.exec(step) ?? [];
  if (first === undefined) return null;
  const more = Number(times ?? 0);
  // In promtool's notation a missing value is repeated exactly n times, a number once and n times more.
  if (first === '_' || first === 'stale') return Array.from({ length: times === undefined ? 1 : more }, () => null);
  const start = /nan/i.test(first) ? Number.NaN : /inf/i.test(first) ? Number(first.replace(/inf/i, 'Infinity')) : Number(first);
  return Array.from({ length: more + 1 }, (_, index) => start + index * Number(by ?? 0));
}
