import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { checkTypes } from './check-types.ts';
import type { Expression, Matcher, Matching, RangeSelector, Selector } from './expression.ts';
import { notInTwin, wrongQuery } from './expression.ts';
import { parseDuration, parseNumber, unquote } from './literals.ts';
import type { Chain } from './precedence.ts';
import { associate, changeLast } from './precedence.ts';

/** Reads a query with Prometheus' own grammar, and checks the types that the grammar leaves open. */
export function parseQuery(query: string): Expression {
  if (query.trim() === '') throw wrongQuery('parse error: no expression found in input');
  const top = parser.parse(query).topNode;
  top.cursor().iterate((node) => {
    if (node.type.isError)
      throw wrongQuery(`${place(query, node.from)}: parse error: unexpected "${query.slice(node.from, node.from + 20)}"`);
  });
  const first = top.firstChild;
  if (first === null) throw wrongQuery('parse error: no expression found in input');
  const expression = new Reader(query).expression(first);
  checkTypes(expression);
  return expression;
}

function place(query: string, at: number): string {
  const lines = query.slice(0, at).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

class Reader {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  expression(node: SyntaxNode): Expression {
    switch (node.name) {
      case 'ParenExpr':
        return { kind: 'paren', body: this.#childExpression(node) };
      case 'NumberDurationLiteral':
        return { kind: 'number', value: parseNumber(this.#text(node)) };
      case 'StringLiteral':
        return { kind: 'text', value: unquote(this.#text(node)) };
      case 'VectorSelector':
        return this.#selector(node);
      case 'MatrixSelector':
      case 'OffsetExpr':
      case 'BinaryExpr':
        return associate(this.#chain(node));
      case 'UnaryExpr':
        return {
          kind: 'negation',
          sign: this.#text(child(node, 'UnaryOp')) === '-' ? '-' : '+',
          body: this.#childExpression(node),
        };
      case 'FunctionCall':
        return { kind: 'call', name: this.#text(child(node, 'FunctionIdentifier')), inputs: this.#inputs(node) };
      case 'AggregateExpr':
        return this.#aggregation(node);
      default:
        throw notInTwin(constructs[node.name] ?? node.name);
    }
  }

  #selector(node: SyntaxNode): Selector {
    const name = node.getChild('Identifier');
    const list = node.getChild('LabelMatchers');
    const matchers = children(list).map((entry): Matcher => {
      if (entry.name !== 'UnquotedLabelMatcher') throw notInTwin('a quoted label or metric name');
      const operator = this.#text(child(entry, 'MatchOp'));
      const label = this.#text(child(entry, 'LabelName'));
      if (operator !== '=' && operator !== '!=' && operator !== '=~' && operator !== '!~')
        throw notInTwin(`the matcher ${operator}`);
      return { label, operator, value: unquote(this.#text(child(entry, 'StringLiteral'))) };
    });
    return { kind: 'selector', name: name === null ? null : this.#text(name), matchers, offset: 0 };
  }

  /** Operators and operands of a binary expression in the order of the text; any other expression is a chain of one. */
  #chain(node: SyntaxNode): Chain {
    if (node.name === 'BinaryExpr') return this.#binary(node);
    if (node.name === 'OffsetExpr') {
      const offset = parseDuration(this.#text(child(node, 'OffsetDurationExpr')));
      return changeLast(this.#chain(firstChild(node)), (operand) => withOffset(operand, offset));
    }
    if (node.name === 'MatrixSelector') {
      const range = parseDuration(this.#text(child(node, 'DurationExpr')));
      return changeLast(this.#chain(firstChild(node)), (operand) => withRange(operand, range));
    }
    return { first: this.expression(node), rest: [] };
  }

  #inputs(node: SyntaxNode): readonly Expression[] {
    return children(child(node, 'FunctionCallBody')).map((input) => this.expression(input));
  }

  #aggregation(node: SyntaxNode): Expression {
    const modifier = node.getChild('AggregateModifier');
    const inputs = this.#inputs(node);
    const operator = this.#text(child(node, 'AggregateOp')).toLowerCase();
    const [first, second] = inputs;
    const parametered = ['topk', 'bottomk', 'quantile', 'count_values'].includes(operator);
    const body = parametered ? second : first;
    if (body === undefined || first === undefined || inputs.length !== (parametered ? 2 : 1)) {
      throw wrongQuery(
        `parse error: wrong number of arguments for aggregate expression provided, expected ${parametered ? 2 : 1}, got ${inputs.length}`,
      );
    }
    const labels = modifier === null ? [] : this.#labels(child(modifier, 'GroupingLabels'));
    const grouping = modifier?.getChild('Without') ? 'without' : 'by';
    return { kind: 'aggregation', operator, grouping, labels, parameter: parametered ? first : null, body };
  }

  #binary(node: SyntaxNode): Chain {
    const parts = children(node);
    const [left, operator] = parts;
    const right = parts.at(-1);
    if (left === undefined || operator === undefined || right === undefined)
      throw wrongQuery('parse error: incomplete binary expression');
    if (node.getChild('FillModifier') !== null) throw notInTwin('the fill modifier');
    const binary = {
      operator: this.#text(operator).toLowerCase(),
      bool: node.getChild('BoolModifier') !== null,
      matching: this.#matching(node.getChild('MatchingModifierClause')),
    };
    const [ours, theirs] = [this.#chain(left), this.#chain(right)];
    return { first: ours.first, rest: [...ours.rest, { binary, operand: theirs.first }, ...theirs.rest] };
  }

  #matching(node: SyntaxNode | null): Matching {
    if (node === null) return { by: 'ignoring', labels: [] };
    if (node.getChild('GroupLeft') !== null) throw notInTwin('group_left');
    if (node.getChild('GroupRight') !== null) throw notInTwin('group_right');
    return { by: node.getChild('On') === null ? 'ignoring' : 'on', labels: this.#labels(child(node, 'GroupingLabels')) };
  }

  #labels(node: SyntaxNode): readonly string[] {
    return children(node).map((label) => {
      if (label.name !== 'LabelName') throw notInTwin('a quoted label name');
      return this.#text(label);
    });
  }

  #childExpression(node: SyntaxNode): Expression {
    const inner = children(node).find((one) => one.name !== 'UnaryOp');
    if (inner === undefined) throw wrongQuery('parse error: expression expected');
    return this.expression(inner);
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }
}

function withRange(operand: Expression, range: number): RangeSelector {
  if (operand.kind !== 'selector') throw wrongQuery('parse error: ranges only allowed for vector selectors');
  if (operand.offset !== 0) throw wrongQuery('parse error: no offset modifiers allowed before range');
  return { kind: 'range', selector: operand, range };
}

function withOffset(operand: Expression, offset: number): Expression {
  if (operand.kind === 'selector') return { ...operand, offset };
  if (operand.kind === 'range') return { ...operand, selector: { ...operand.selector, offset } };
  throw wrongQuery(
    'parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery',
  );
}

const constructs: Readonly<Record<string, string>> = {
  SubqueryExpr: 'a subquery',
  StepInvariantExpr: 'the @ modifier',
  AnchoredExpr: 'the anchored modifier',
  SmoothedExpr: 'the smoothed modifier',
};

function children(node: SyntaxNode | null): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let next = node?.firstChild ?? null; next !== null; next = next.nextSibling) {
    if (next.name !== 'LineComment') found.push(next);
  }
  return found;
}

function firstChild(node: SyntaxNode): SyntaxNode {
  const found = children(node)[0];
  if (found === undefined) throw wrongQuery('parse error: expression expected');
  return found;
}

function child(node: SyntaxNode, name: string): SyntaxNode {
  const found = node.getChild(name);
  if (found === null) throw wrongQuery(`parse error: ${name} expected`);
  return found;
}
