import { comparisons } from './check-types.ts';
import { refuseTwins, vector, vectorOf } from './evaluate.ts';
import type { Binary, Matching } from './expression.ts';
import { notInTwin, QueryFault } from './expression.ts';
import type { Labels, Value, VectorEntry } from './value.ts';
import { labelKey, only, without, withoutName } from './value.ts';

/** The value of a binary expression over the values of its sides. */
export function combine(binary: Binary, left: Value, right: Value): Value {
  if (left.type === 'scalar' && right.type === 'scalar')
    return { type: 'scalar', value: compute(binary.operator, left.value, right.value) };
  if (left.type === 'scalar') return vector(withScalar(binary, vectorOf(right), (value) => [left.value, value]));
  if (right.type === 'scalar') return vector(withScalar(binary, vectorOf(left), (value) => [value, right.value]));
  const [ours, theirs] = [vectorOf(left), vectorOf(right)];
  const isSet = binary.operator === 'and' || binary.operator === 'or' || binary.operator === 'unless';
  return vector(isSet ? joined(binary, ours, theirs) : matched(binary, ours, theirs));
}

function compute(operator: string, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case 'atan2':
      return Math.atan2(left, right);
    default:
      return holds(operator, left, right) ? 1 : 0;
  }
}

function holds(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '>':
      return left > right;
    case '<':
      return left < right;
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    default:
      throw notInTwin(`the operator ${operator}`);
  }
}

/** A comparison with a scalar keeps the vector's entries for which it holds; anything else computes and drops the name. */
function withScalar(
  binary: Binary,
  entries: readonly VectorEntry[],
  order: (value: number) => readonly [number, number],
): readonly VectorEntry[] {
  const filters = comparisons.has(binary.operator) && !binary.bool;
  if (filters) return entries.filter((entry) => holds(binary.operator, ...order(entry.value)));
  const made = entries.map((entry) => ({
    labels: withoutName(entry.labels),
    value: compute(binary.operator, ...order(entry.value)),
  }));
  return refuseTwins(made);
}

function matchKey(labels: Labels, matching: Matching): string {
  return labelKey(matching.by === 'on' ? only(labels, matching.labels) : without(labels, [...matching.labels, '__name__']));
}

function matched(binary: Binary, ours: readonly VectorEntry[], theirs: readonly VectorEntry[]): readonly VectorEntry[] {
  const byKey = new Map<string, VectorEntry>();
  for (const entry of theirs) {
    const key = matchKey(entry.labels, binary.matching);
    if (byKey.has(key)) {
      throw new QueryFault(
        'execution',
        `found duplicate series for the match group ${key} on the right hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    byKey.set(key, entry);
  }
  const filters = comparisons.has(binary.operator) && !binary.bool;
  const seen = new Set<string>();
  return ours.flatMap((entry) => {
    const key = matchKey(entry.labels, binary.matching);
    const other = byKey.get(key);
    if (other === undefined) return [];
    if (filters && !holds(binary.operator, entry.value, other.value)) return [];
    if (seen.has(key))
      throw new QueryFault(
        'execution',
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    seen.add(key);
    const labels = resultLabels(entry.labels, binary.matching, filters);
    return [{ labels, value: filters ? entry.value : compute(binary.operator, entry.value, other.value) }];
  });
}

/** One-to-one results keep the `on` labels, or all but the ignored ones; the name survives a filter only. */
function resultLabels(labels: Labels, matching: Matching, filters: boolean): Labels {
  const named = filters ? labels : withoutName(labels);
  return matching.by === 'on' ? only(named, matching.labels) : without(named, matching.labels);
}

function joined(binary: Binary, ours: readonly VectorEntry[], theirs: readonly VectorEntry[]): readonly VectorEntry[] {
  const keysOf = (entries: readonly VectorEntry[]) => new Set(entries.map(({ labels }) => matchKey(labels, binary.matching)));
  const has = (keys: ReadonlySet<string>, entry: VectorEntry) => keys.has(matchKey(entry.labels, binary.matching));
  const [left, right] = [keysOf(ours), keysOf(theirs)];
  if (binary.operator === 'and') return ours.filter((entry) => has(right, entry));
  if (binary.operator === 'unless') return ours.filter((entry) => !has(right, entry));
  return [...ours, ...theirs.filter((entry) => !has(left, entry))];
}
