import type { Aggregation } from './expression.ts';
import { notInTwin } from './expression.ts';
import { quantileOf, variance } from './range-functions.ts';
import type { Labels, VectorEntry } from './value.ts';
import { labelKey, only, without } from './value.ts';

/** Aggregates a vector by its grouping; `parameter` is k or the quantile. */
export function aggregate(aggregation: Aggregation, entries: readonly VectorEntry[], parameter: number): readonly VectorEntry[] {
  const groups = new Map<string, { readonly labels: Labels; readonly members: VectorEntry[] }>();
  for (const entry of entries) {
    const labels = groupLabels(aggregation, entry.labels);
    const key = labelKey(labels);
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ labels, members }) => {
    if (aggregation.operator === 'topk') return best(members, parameter, -1);
    if (aggregation.operator === 'bottomk') return best(members, parameter, 1);
    return [
      {
        labels,
        value: summary(
          aggregation.operator,
          members.map(({ value }) => value),
          parameter,
        ),
      },
    ];
  });
}

function groupLabels(aggregation: Aggregation, labels: Labels): Labels {
  return aggregation.grouping === 'by' ? only(labels, aggregation.labels) : without(labels, [...aggregation.labels, '__name__']);
}

function summary(operator: string, values: readonly number[], parameter: number): number {
  const sum = () => values.reduce((all, value) => all + value, 0);
  switch (operator) {
    case 'sum':
      return sum();
    case 'avg':
      return sum() / values.length;
    case 'count':
      return values.length;
    case 'group':
      return 1;
    case 'max':
      return values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most), Number.NaN);
    case 'min':
      return values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least), Number.NaN);
    case 'stdvar':
      return variance(values);
    case 'stddev':
      return Math.sqrt(variance(values));
    case 'quantile':
      return quantileOf(parameter, values);
    default:
      throw notInTwin(`the aggregation ${operator}`);
  }
}

/** The k largest (direction −1) or smallest entries, in that order; values that are no numbers come last. */
function best(members: readonly VectorEntry[], k: number, direction: 1 | -1): readonly VectorEntry[] {
  const ranked = [...members].sort(({ value: left }, { value: right }) => {
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    return Number.isNaN(right) ? -1 : direction * (left - right);
  });
  return ranked.slice(0, Math.max(0, Math.trunc(k)));
}
