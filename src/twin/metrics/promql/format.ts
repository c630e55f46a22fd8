import type { Binary, Expression, Selector } from './expression.ts';
import { writeDuration } from './literals.ts';

const widest = 100;

/** A query as `/api/v1/format_query` prints it (promql/parser/prettier.go): one line up to 100 characters, else one part a line. */
export function formatQuery(expression: Expression, level = 0): string {
  const indent = '  '.repeat(level);
  const line = write(expression);
  if (line.length <= widest) return indent + line;
  const inner = (part: Expression) => formatQuery(part, level + 1);
  switch (expression.kind) {
    case 'aggregation': {
      const parts = [...(expression.parameter === null ? [] : [expression.parameter]), expression.body];
      return `${indent}${aggregationHead(expression)}(\n${parts.map(inner).join(',\n')}\n${indent})`;
    }
    case 'call':
      return `${indent}${expression.name}(\n${expression.inputs.map(inner).join(',\n')}\n${indent})`;
    case 'paren':
      return `${indent}(\n${inner(expression.body)}\n${indent})`;
    case 'binary':
      return `${inner(expression.left)}\n${indent}${operatorText(expression)}\n${inner(expression.right)}`;
    case 'negation':
      return `${indent}${expression.sign}${formatQuery(expression.body, level).trimStart()}`;
    default:
      return indent + line;
  }
}

function write(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return writeGoFloat(expression.value);
    case 'text':
      return JSON.stringify(expression.value);
    case 'paren':
      return `(${write(expression.body)})`;
    case 'negation':
      return expression.sign + write(expression.body);
    case 'selector':
      return selectorText(expression) + offsetText(expression);
    case 'range':
      return `${selectorText(expression.selector)}[${writeDuration(expression.range)}]${offsetText(expression.selector)}`;
    case 'call':
      return `${expression.name}(${expression.inputs.map(write).join(', ')})`;
    case 'aggregation': {
      const parameter = expression.parameter === null ? '' : `${write(expression.parameter)}, `;
      return `${aggregationHead(expression)}(${parameter}${write(expression.body)})`;
    }
    case 'binary':
      return `${write(expression.left)} ${operatorText(expression)} ${write(expression.right)}`;
  }
}

function selectorText(selector: Selector): string {
  const matchers = selector.matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).sort();
  return (selector.name ?? '') + (matchers.length === 0 ? '' : `{${matchers.join(',')}}`);
}

function offsetText(selector: Selector): string {
  return selector.offset === 0 ? '' : ` offset ${writeDuration(selector.offset)}`;
}

function aggregationHead(aggregation: Extract<Expression, { kind: 'aggregation' }>): string {
  const named = aggregation.grouping === 'without' || aggregation.labels.length > 0;
  return aggregation.operator + (named ? ` ${aggregation.grouping} (${aggregation.labels.join(', ')}) ` : '');
}

function operatorText(binary: Binary): string {
  const { by, labels } = binary.matching;
  const matching = labels.length > 0 || by === 'on' ? ` ${by} (${labels.join(', ')})` : '';
  return `${binary.operator}${binary.bool ? ' bool' : ''}${matching}`;
}

/** Go's `%v` of a float64: an exponent of at least two digits below 1e-4 and from 1e+06. */
function writeGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
