/** The subset of PromQL that the twin evaluates; everything else is refused by name. Durations in milliseconds. */
export type Expression =
  | NumberLiteral
  | TextLiteral
  | Selector
  | RangeSelector
  | FunctionCall
  | Aggregation
  | Binary
  | Negation
  | Paren;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
}

export interface TextLiteral {
  readonly kind: 'text';
  readonly value: string;
}

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface Selector {
  readonly kind: 'selector';
  readonly name: string | null;
  readonly matchers: readonly Matcher[];
  readonly offset: number;
}

export interface RangeSelector {
  readonly kind: 'range';
  readonly selector: Selector;
  readonly range: number;
}

export interface FunctionCall {
  readonly kind: 'call';
  readonly name: string;
  readonly inputs: readonly Expression[];
}

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: string;
  readonly grouping: 'by' | 'without';
  readonly labels: readonly string[];
  readonly parameter: Expression | null;
  readonly body: Expression;
}

export interface Matching {
  readonly by: 'on' | 'ignoring';
  readonly labels: readonly string[];
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: string;
  readonly bool: boolean;
  readonly matching: Matching;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Negation {
  readonly kind: 'negation';
  readonly sign: '-' | '+';
  readonly body: Expression;
}

export interface Paren {
  readonly kind: 'paren';
  readonly body: Expression;
}

export type ValueType = 'scalar' | 'string' | 'instant vector' | 'range vector';

/** A query that is wrong (`bad_data`), that cannot be computed, or that the twin does not know (both `execution`). */
export class QueryFault extends Error {
  readonly errorType: 'bad_data' | 'execution';
  constructor(errorType: 'bad_data' | 'execution', message: string) {
    super(message);
    this.errorType = errorType;
  }
}

export function notInTwin(construct: string): QueryFault {
  return new QueryFault('execution', `the embedded evaluator does not know ${construct}; use a real Prometheus (--live) for it`);
}

export function wrongQuery(message: string): QueryFault {
  return new QueryFault('bad_data', message);
}
