import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { Environment, serialize } from '@marcbachmann/cel-js';
import { expressionFault, typeFault } from './expression-fault.ts';
import { parseSize } from './size.ts';

export type FactType = 'double' | 'string' | 'bool' | 'texts';
/** Names an expression may use and their types; `job.workers` is the field `workers` of `job`. `texts` maps text to text. */
export type Vocabulary = Readonly<Record<string, FactType>>;
/** null, NaN and an absent name all mean unknown. */
export type FactValue = number | string | boolean | null | Readonly<Record<string, string>>;
export type Facts = Readonly<Record<string, FactValue>>;

export interface Expression {
  readonly text: string;
  readonly type: 'double' | 'string' | 'bool';
  /** The names it touches, as in the vocabulary. */
  readonly names: readonly string[];
  readonly evaluate: (facts: Facts) => Evaluated;
}

/** `unknown` names what was missing, or `result` when the arithmetic gave NaN or infinity. */
export type Evaluated =
  | { readonly known: true; readonly value: number | string | boolean }
  | { readonly known: false; readonly unknown: readonly string[] };

export type Compiled =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly why: string; readonly fix: string };

export interface Expressions {
  /** `want` is the type the place needs; `value` takes any of them. Never throws. */
  compile(text: string, want: 'bool' | 'double' | 'value'): Compiled;
}

/**
 * CEL over typed names, checked before anything is measured. Beside CEL's own there are `ceil`, `floor`, `min`, `max`, `abs`,
 * `round_to(x, step)` (up to the next multiple), `pow2_ceil` and `size_bytes("64MB")` (Spark's binary sizes).
 */
export function expressionsOver(vocabulary: Vocabulary): Expressions {
  const environment = environmentOf(vocabulary);
  return { compile: (text, want) => compile(environment, vocabulary, text, want) };
}

/** True only when the condition is known and true: what a rule needs to hold. */
export function holds(expression: Expression, facts: Facts): boolean {
  const result = expression.evaluate(facts);
  return result.known && result.value === true;
}

function environmentOf(vocabulary: Vocabulary): Environment {
  const environment = new Environment();
  const groups = new Map<string, Record<string, string>>();
  for (const [name, type] of Object.entries(vocabulary)) {
    const celType = type === 'texts' ? 'map<string, string>' : type;
    const [group = '', field] = name.split('.');
    if (field === undefined) environment.registerVariable(group, celType);
    else groups.set(group, { ...groups.get(group), [field]: celType });
  }
  for (const [name, schema] of groups) environment.registerVariable({ name, schema });
  return environment
    .registerFunction('ceil(double): double', (x: number) => ceiling(x))
    .registerFunction('floor(double): double', Math.floor)
    .registerFunction('abs(double): double', Math.abs)
    .registerFunction('min(double, double): double', Math.min)
    .registerFunction('max(double, double): double', Math.max)
    .registerFunction('round_to(double, double): double', (x: number, step: number) => ceiling(x / step) * step)
    .registerFunction('pow2_ceil(double): double', (x: number) => 2 ** Math.ceil(Math.log2(Math.max(1, x))))
    .registerFunction('size_bytes(string): double', (text: string) => parseSize(text) ?? Number.NaN);
}

/** Rates are measured: 4.0000000001 workers are 4, not 5. */
function ceiling(x: number): number {
  return Math.ceil(x - Math.abs(x) * 1e-6);
}

function compile(environment: Environment, vocabulary: Vocabulary, text: string, want: 'bool' | 'double' | 'value'): Compiled {
  const checked = environment.check(text);
  if (!checked.valid)
    return { ok: false, ...expressionFault(checked.error?.code ?? '', checked.error?.summary ?? '', vocabulary) };
  const type = checked.type === 'int' ? 'double' : checked.type;
  if (type !== 'bool' && type !== 'double' && type !== 'string') return { ok: false, ...typeFault(String(type), 'value') };
  if (want !== 'value' && want !== type) return { ok: false, ...typeFault(type, want) };
  const parsed = environment.parse(text);
  const names = [...namesIn(parsed.ast, vocabulary)].sort();
  const step = stepOf(environment, parsed.ast);
  return { ok: true, expression: { text, type, names, evaluate: (facts) => evaluate(parsed, step, names, facts) } };
}

/**
 * A name that is not known makes the whole expression unknown, also where CEL's || would hide it: a rule must not hold beside a
 * missing signal. The same goes for a NaN or infinity in any step (0/0 != 1 is true in plain arithmetic).
 */
function evaluate(parsed: ParseResult, step: Step, names: readonly string[], facts: Facts): Evaluated {
  const unknown = names.filter((name) => !isKnown(facts[name]));
  if (unknown.length > 0) return { known: false, unknown };
  const context = contextOf(names, facts);
  try {
    if (isLost(step, context)) return { known: false, unknown: ['result'] };
    const value: unknown = parsed(context);
    const plain = typeof value === 'bigint' ? Number(value) : value;
    if (typeof plain === 'string' || typeof plain === 'boolean') return { known: true, value: plain };
    return typeof plain === 'number' && Number.isFinite(plain)
      ? { known: true, value: plain }
      : { known: false, unknown: ['result'] };
  } catch {
    // CEL throws where a value does not exist: a key that is not in spark_conf, a text that is no number.
    return { known: false, unknown: ['result'] };
  }
}

function isKnown(value: FactValue | undefined): boolean {
  return value !== undefined && value !== null && (typeof value !== 'number' || Number.isFinite(value));
}

function contextOf(names: readonly string[], facts: Facts): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, unknown>>();
  for (const name of names) {
    const [group = '', field] = name.split('.');
    if (field === undefined) context[group] = facts[name];
    else groups.set(group, { ...groups.get(group), [field]: facts[name] });
  }
  return { ...context, ...Object.fromEntries(groups) };
}

function namesIn(node: ASTNode, vocabulary: Vocabulary, found = new Set<string>()): Set<string> {
  const dotted = dottedName(node);
  if (dotted !== null && Object.hasOwn(vocabulary, dotted)) return found.add(dotted);
  for (const child of childrenOf(node)) namesIn(child, vocabulary, found);
  return found;
}

function dottedName(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return null;
  const [root, field] = node.args;
  return root.op === 'id' ? `${root.args}.${field}` : null;
}

/** A part of the expression that can be evaluated by itself. */
interface Step {
  readonly op: string;
  readonly run: ParseResult;
  readonly parts: readonly Step[];
}

function stepOf(environment: Environment, node: ASTNode): Step {
  const parts = childrenOf(node).map((child) => stepOf(environment, child));
  return { op: node.op, run: environment.parse(serialize(node)), parts };
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '-_', 'call']);

/** True when a step that CEL takes gives NaN or infinity; the branches it does not take are left alone, so `n > 0.0 ? x / n : 0.0` is safe. */
function isLost(step: Step, context: Record<string, unknown>): boolean {
  const [first, second, third] = step.parts;
  if (first !== undefined && (step.op === '&&' || step.op === '||' || step.op === '?:')) {
    if (isLost(first, context)) return true;
    const taken =
      step.op === '?:' ? (first.run(context) ? second : third) : first.run(context) === (step.op === '&&') ? second : undefined;
    return taken !== undefined && isLost(taken, context);
  }
  if (step.parts.some((part) => isLost(part, context))) return true;
  if (!arithmetic.has(step.op)) return false;
  const value: unknown = step.run(context);
  return typeof value === 'number' && !Number.isFinite(value);
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  const children: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const member of value) visit(member);
    else if (isNode(value)) children.push(value);
  };
  visit(node.args);
  return children;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
