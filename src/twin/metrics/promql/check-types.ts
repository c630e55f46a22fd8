import type { Expression, ValueType } from './expression.ts';
import { notInTwin, wrongQuery } from './expression.ts';
import { signatures } from './signatures.ts';

const setOperators = new Set(['and', 'or', 'unless']);
export const comparisons = new Set(['==', '!=', '>', '<', '>=', '<=']);
const arithmetic = new Set(['+', '-', '*', '/', '%', '^', 'atan2']);
export const aggregators = new Set([
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'quantile',
]);

/** The type of an expression; a wrong one is refused in Prometheus' words, an unknown construct by its name. */
export function checkTypes(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'text':
      return 'string';
    case 'selector':
      checkSelector(expression);
      return 'instant vector';
    case 'range':
      checkSelector(expression.selector);
      return 'range vector';
    case 'paren':
      return checkTypes(expression.body);
    case 'negation':
      return checkOneOf(checkTypes(expression.body), ['scalar', 'instant vector'], 'unary expression');
    case 'call':
      return checkCall(expression);
    case 'aggregation':
      return checkAggregation(expression);
    case 'binary':
      return checkBinary(expression);
  }
}

function checkSelector(selector: Extract<Expression, { kind: 'selector' }>): void {
  for (const matcher of selector.matchers) {
    if (matcher.operator === '=~' || matcher.operator === '!~') anchored(matcher.value);
    if (matcher.label === '__name__' && selector.name !== null)
      throw wrongQuery(`parse error: metric name must not be set twice: "${selector.name}" or "${matcher.value}"`);
  }
  const narrows = selector.name !== null || selector.matchers.some((matcher) => !emptyMatches(matcher));
  if (!narrows) throw wrongQuery('parse error: vector selector must contain at least one non-empty matcher');
}

function emptyMatches(matcher: { readonly operator: string; readonly value: string }): boolean {
  if (matcher.operator === '=') return matcher.value === '';
  if (matcher.operator === '!=') return matcher.value !== '';
  return anchored(matcher.value).test('') === (matcher.operator === '=~');
}

/** Prometheus anchors every expression at both ends. RE2's inline flags are the one common thing that JavaScript lacks. */
export function anchored(pattern: string): RegExp {
  if (/\(\?[a-zA-Z]+[:)]/.test(pattern)) throw notInTwin(`inline flags in the regular expression ${JSON.stringify(pattern)}`);
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw wrongQuery(`parse error: error parsing regexp: ${JSON.stringify(pattern)}`);
  }
}

function checkCall(call: Extract<Expression, { kind: 'call' }>): ValueType {
  const signature = signatures[call.name];
  if (signature === undefined) throw notInTwin(`the function ${call.name}`);
  const { takes, optional = 0 } = signature;
  if (call.inputs.length < takes.length - optional || call.inputs.length > takes.length) {
    throw wrongQuery(`parse error: expected ${takes.length} argument(s) in call to "${call.name}", got ${call.inputs.length}`);
  }
  for (const [index, input] of call.inputs.entries()) {
    const expected = takes[index] ?? 'scalar';
    const got = checkTypes(input);
    if (got !== expected)
      throw wrongQuery(`parse error: expected type ${expected} in call to function "${call.name}", got ${got}`);
  }
  return signature.gives;
}

function checkAggregation(aggregation: Extract<Expression, { kind: 'aggregation' }>): ValueType {
  if (!aggregators.has(aggregation.operator)) throw notInTwin(`the aggregation ${aggregation.operator}`);
  if (aggregation.parameter !== null) checkOneOf(checkTypes(aggregation.parameter), ['scalar'], 'aggregation parameter');
  return checkOneOf(checkTypes(aggregation.body), ['instant vector'], 'aggregation expression');
}

function checkBinary(binary: Extract<Expression, { kind: 'binary' }>): ValueType {
  const { operator, bool } = binary;
  const left = checkOneOf(checkTypes(binary.left), ['scalar', 'instant vector'], 'binary expression');
  const right = checkOneOf(checkTypes(binary.right), ['scalar', 'instant vector'], 'binary expression');
  const scalars = left === 'scalar' && right === 'scalar';
  if (!comparisons.has(operator) && !arithmetic.has(operator) && !setOperators.has(operator))
    throw notInTwin(`the operator ${operator}`);
  if (bool && !comparisons.has(operator)) throw wrongQuery('parse error: bool modifier can only be used on comparison operators');
  if (comparisons.has(operator) && scalars && !bool)
    throw wrongQuery('parse error: comparisons between scalars must use BOOL modifier');
  const oneScalar = left === 'scalar' || right === 'scalar';
  if (setOperators.has(operator) && oneScalar)
    throw wrongQuery(`parse error: set operator "${operator}" not allowed in binary scalar expression`);
  if (binary.matching.labels.length > 0 && oneScalar)
    throw wrongQuery('parse error: vector matching only allowed between instant vectors');
  return scalars ? 'scalar' : 'instant vector';
}

function checkOneOf(got: ValueType, allowed: readonly ValueType[], where: string): ValueType {
  if (allowed.includes(got)) return got;
  throw wrongQuery(`parse error: expected type ${allowed.join(' or ')} in ${where}, got ${got}`);
}
