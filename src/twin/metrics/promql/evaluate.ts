import type { SampleStore } from '../samples.ts';
import { aggregate } from './aggregate.ts';
import { combine } from './combine.ts';
import type { Expression, FunctionCall, RangeSelector, Selector } from './expression.ts';
import { notInTwin, QueryFault } from './expression.ts';
import { rangeFunctions } from './range-functions.ts';
import type { Value, VectorEntry } from './value.ts';
import { labelKey, withoutName } from './value.ts';
import { vectorFunctions } from './vector-functions.ts';

/** How far back an instant selector looks for a sample: Prometheus' default of 5 minutes, both ends included up to 2.x. */
const lookback = 300_000;

/** The value of an expression at one instant (milliseconds). */
export function evaluate(expression: Expression, at: number, store: SampleStore): Value {
  switch (expression.kind) {
    case 'number':
      return { type: 'scalar', value: expression.value };
    case 'text':
      return { type: 'string', value: expression.value };
    case 'paren':
      return evaluate(expression.body, at, store);
    case 'selector':
      return { type: 'vector', entries: instant(expression, at, store) };
    case 'range':
      return { type: 'matrix', series: ranged(expression, at, store) };
    case 'negation':
      return negated(evaluate(expression.body, at, store), expression.sign);
    case 'call':
      return called(expression, at, store);
    case 'aggregation': {
      const parameter = expression.parameter === null ? 0 : scalarOf(evaluate(expression.parameter, at, store));
      return vector(aggregate(expression, vectorOf(evaluate(expression.body, at, store)), parameter));
    }
    case 'binary':
      return combine(expression, evaluate(expression.left, at, store), evaluate(expression.right, at, store));
  }
}

function instant(selector: Selector, at: number, store: SampleStore): readonly VectorEntry[] {
  const reference = at - selector.offset;
  return store.select(selector).flatMap((series) => {
    const found = series.lastAt(reference);
    return found === undefined || found.v === null || found.t < reference - lookback
      ? []
      : [{ labels: series.labels, value: found.v }];
  });
}

function ranged(range: RangeSelector, at: number, store: SampleStore): Extract<Value, { type: 'matrix' }>['series'] {
  const end = at - range.selector.offset;
  return store
    .select(range.selector)
    .map((series) => ({ labels: series.labels, points: series.between(end - range.range, end) }))
    .filter((series) => series.points.length > 0);
}

function called(call: FunctionCall, at: number, store: SampleStore): Value {
  const overRange = call.inputs.find((input): input is RangeSelector => unwrap(input).kind === 'range');
  const rangeInput = overRange === undefined ? undefined : unwrap(overRange);
  if (rangeInput?.kind === 'range') return overTime(call, rangeInput, at, store);
  if (call.name === 'time') return { type: 'scalar', value: at / 1000 };
  if (call.name === 'absent') return vector(absence(call, vectorOf(evaluate(first(call), at, store)).length));
  const inputs = call.inputs.map((input) => evaluate(input, at, store));
  const known = vectorFunctions[call.name];
  if (known === undefined) throw notInTwin(`the function ${call.name}`);
  return known(inputs);
}

function overTime(call: FunctionCall, range: RangeSelector, at: number, store: SampleStore): Value {
  const series = ranged(range, at, store);
  if (call.name === 'absent_over_time') return vector(absence(call, series.length));
  const compute = rangeFunctions[call.name];
  if (compute === undefined) throw notInTwin(`the function ${call.name}`);
  const scalar = call.inputs.find((input) => unwrap(input).kind !== 'range');
  const parameter = scalar === undefined ? 0 : scalarOf(evaluate(scalar, at, store));
  const end = at - range.selector.offset;
  const window = { start: end - range.range, end, at };
  const entries = series.flatMap(({ labels, points }) => {
    const value = compute(points, window, parameter);
    return value === undefined ? [] : [{ labels: call.name === 'last_over_time' ? labels : withoutName(labels), value }];
  });
  return vector(refuseTwins(entries));
}

/** One entry of value 1 with the labels that the selector's equality matchers name, each once; nothing when there is data. */
function absence(call: FunctionCall, found: number): readonly VectorEntry[] {
  if (found > 0) return [];
  const input = unwrap(first(call));
  const selector = input.kind === 'range' ? input.selector : input;
  if (selector.kind !== 'selector') return [{ labels: {}, value: 1 }];
  const labels: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { label, operator, value } of selector.matchers) {
    if (label === '__name__') continue;
    if (operator === '=' && !seen.has(label)) labels[label] = value;
    else delete labels[label];
    seen.add(label);
  }
  return [{ labels, value: 1 }];
}

function negated(value: Value, sign: '-' | '+'): Value {
  if (sign === '+') return value;
  if (value.type === 'scalar') return { type: 'scalar', value: -value.value };
  return vector(refuseTwins(vectorOf(value).map((entry) => ({ labels: withoutName(entry.labels), value: -entry.value }))));
}

function first(call: FunctionCall): Expression {
  const input = call.inputs[0];
  if (input === undefined) throw notInTwin(`${call.name} without an argument`);
  return input;
}

function unwrap(expression: Expression): Expression {
  return expression.kind === 'paren' ? unwrap(expression.body) : expression;
}

export function vector(entries: readonly VectorEntry[]): Value {
  return { type: 'vector', entries };
}

export function vectorOf(value: Value): readonly VectorEntry[] {
  if (value.type === 'vector') return value.entries;
  throw new QueryFault('execution', `expected an instant vector, got ${value.type}`);
}

export function scalarOf(value: Value): number {
  if (value.type === 'scalar') return value.value;
  throw new QueryFault('execution', `expected a scalar, got ${value.type}`);
}

export function refuseTwins(entries: readonly VectorEntry[]): readonly VectorEntry[] {
  const keys = new Set<string>();
  for (const { labels } of entries) keys.add(labelKey(labels));
  if (keys.size < entries.length) throw new QueryFault('execution', 'vector cannot contain metrics with the same labelset');
  return entries;
}
