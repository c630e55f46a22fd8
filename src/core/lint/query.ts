import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** One selector of a query: the metric, null where only a pattern names it, and the labels that it matches. */
export interface Selector {
  readonly metric: string | null;
  readonly labels: readonly string[];
}

export type ReadQuery =
  | { readonly ok: true; readonly selectors: readonly Selector[] }
  | { readonly ok: false; readonly why: string };

/** Reads a query by Prometheus' own grammar; not ok where Prometheus would refuse it before it looks at a series. */
export function readQuery(query: string): ReadQuery {
  const nodes: SyntaxNode[] = [];
  parser.parse(query).iterate({ enter: ({ node }) => void nodes.push(node) });
  const broken = nodes.find((node) => node.type.isError);
  if (broken) return { ok: false, why: brokenWords(query, broken) };
  const ranged = nodes.filter((node) => node.name === 'FunctionCall').flatMap((node) => unranged(node, query));
  if (ranged[0] !== undefined) return { ok: false, why: ranged[0] };
  return { ok: true, selectors: nodes.filter(({ name }) => name === 'VectorSelector').map((node) => selectorOf(node, query)) };
}

function brokenWords(query: string, { from }: SyntaxNode): string {
  const rest = query.slice(from).trim();
  const open = [...query].reduce((depth, char) => depth + (char === '(' ? 1 : char === ')' ? -1 : 0), 0);
  if (open > 0) return `${open === 1 ? 'one ( is' : `${open} ( are`} not closed`;
  if (open < 0) return 'there are more ) than (';
  return rest === '' ? 'it breaks off at its end' : `Prometheus cannot read it from ${JSON.stringify(rest.slice(0, 40))} on`;
}

/** Functions over time; all others take what is there at one instant. */
const OVER_TIME = /^(?:rate|irate|increase|delta|idelta|deriv|changes|resets|predict_linear|\w+_over_time)$/;
const RANGES = ['MatrixSelector', 'SubqueryExpr'];
/** What may stand around a range without making it something else. */
const AROUND = ['OffsetExpr', 'StepInvariantExpr', 'ParenExpr', 'FunctionCallBody'];

/** A function over time whose argument is no range, which Prometheus refuses. */
function unranged(call: SyntaxNode, query: string): readonly string[] {
  const [name, body] = [call.getChild('FunctionIdentifier'), call.getChild('FunctionCallBody')];
  if (name === null || body === null) return [];
  const called = query.slice(name.from, name.to);
  if (!OVER_TIME.test(called) || hasRange(body)) return [];
  return [`${called} takes a range, such as ${called}(…[10m])`];
}

function hasRange(node: SyntaxNode): boolean {
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (RANGES.includes(child.name) || (AROUND.includes(child.name) && hasRange(child))) return true;
  return false;
}

function selectorOf(node: SyntaxNode, query: string): Selector {
  const text = (part: SyntaxNode | null) => (part === null ? '' : query.slice(part.from, part.to));
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const named = matchers.map((matcher) => ({
    label: text(matcher.getChild('LabelName')),
    exact: text(matcher.getChild('MatchOp')) === '=',
    value: text(matcher.getChild('StringLiteral')).slice(1, -1),
  }));
  const byLabel = named.find(({ label, exact }) => label === '__name__' && exact)?.value ?? null;
  const identifier = node.getChild('Identifier');
  return {
    metric: identifier ? text(identifier) : byLabel,
    labels: named.map(({ label }) => label).filter((label) => label !== '__name__'),
  };
}
