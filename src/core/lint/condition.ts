import type { ASTNode } from '@marcbachmann/cel-js';
import { parse, serialize } from '@marcbachmann/cel-js';
import type { Expressions } from '../expression.ts';

/** A condition as far as it can be judged without a fact; texts are written in one form, so that equal ones are equal. */
export interface Condition {
  readonly text: string;
  /** What has to hold all at once: the sides of `&&`. */
  readonly parts: readonly string[];
  /** True or false whatever the facts; null: it depends on them. */
  readonly always: boolean | null;
  /** Two parts that exclude each other; null: none are known to. */
  readonly contradiction: readonly [string, string] | null;
}

/** Null for what is no condition: its own fault is told where expressions are compiled. */
export function readCondition(text: string, expressions: Expressions): Condition | null {
  if (!expressions.compile(text, 'bool').ok) return null;
  const { ast } = parse(text);
  const parts = conjuncts(ast);
  return {
    text: serialize(ast),
    parts: parts.map((part) => serialize(part)),
    always: folded(ast, expressions),
    contradiction: contradictionIn(parts, expressions),
  };
}

function conjuncts(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap((part) => conjuncts(part)) : [node];
}

/** What a condition gives whatever its names stand for. */
function folded(node: ASTNode, expressions: Expressions): boolean | null {
  if (node.op === '&&' || node.op === '||') {
    const sides = node.args.map((part) => folded(part, expressions));
    const deciding = node.op === '||';
    if (sides.includes(deciding)) return deciding;
    return sides.includes(null) ? null : !deciding;
  }
  if (node.op === '!_') {
    const inner = folded(node.args, expressions);
    return inner === null ? null : !inner;
  }
  if (node.op === '?:') {
    const [condition, yes, no] = node.args;
    const [chosen, one, other] = [folded(condition, expressions), folded(yes, expressions), folded(no, expressions)];
    if (chosen !== null) return chosen ? one : other;
    return one === other ? one : null;
  }
  const value = constantOf(node, 'bool', expressions);
  return typeof value === 'boolean' ? value : null;
}

/** The value of a part that names nothing; null where it names something. */
export function constantOf(
  node: ASTNode | string,
  want: 'bool' | 'value',
  expressions: Expressions,
): number | string | boolean | null {
  const compiled = expressions.compile(typeof node === 'string' ? node : serialize(node), want);
  if (!compiled.ok || compiled.expression.names.length > 0) return null;
  const result = compiled.expression.evaluate({});
  return result.known ? result.value : null;
}

/** `x > 3.0` as what is compared, how, and with which constant. */
interface Comparison {
  readonly of: string;
  readonly how: '<' | '<=' | '>' | '>=' | '==';
  readonly value: number | string | boolean;
  readonly text: string;
}

const TURNED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' } as const;

function contradictionIn(parts: readonly ASTNode[], expressions: Expressions): Condition['contradiction'] {
  const compared = parts.flatMap((part) => comparisonOf(part, expressions));
  for (const [index, one] of compared.entries())
    for (const other of compared.slice(index + 1))
      if (one.of === other.of && (exclude(one, other) || exclude(other, one))) return [one.text, other.text];
  return negated(parts);
}

/** `a && !a`. */
function negated(parts: readonly ASTNode[]): Condition['contradiction'] {
  const texts = new Set(parts.map((part) => serialize(part)));
  for (const part of parts) {
    if (part.op !== '!_') continue;
    const inner = serialize(part.args);
    if (texts.has(inner)) return [inner, serialize(part)];
  }
  return null;
}

function comparisonOf(node: ASTNode, expressions: Expressions): readonly Comparison[] {
  if (node.op !== '<' && node.op !== '<=' && node.op !== '>' && node.op !== '>=' && node.op !== '==') return [];
  const [left, right] = node.args;
  const text = serialize(node);
  const [onRight, onLeft] = [constantOf(right, 'value', expressions), constantOf(left, 'value', expressions)];
  if (onRight !== null) return [{ of: serialize(left), how: node.op, value: onRight, text }];
  return onLeft === null ? [] : [{ of: serialize(right), how: TURNED[node.op], value: onLeft, text }];
}

/** Whether nothing satisfies both, seen from `one`, which bounds from above or equals. */
function exclude(one: Comparison, other: Comparison): boolean {
  if (one.how === '==' && other.how === '==') return one.value !== other.value;
  const [most, least] = [one.value, other.value];
  if (typeof most !== 'number' || typeof least !== 'number') return false;
  const above = one.how === '<' || one.how === '<=' || one.how === '==';
  const below = other.how === '>' || other.how === '>=' || other.how === '==';
  if (!above || !below) return false;
  const open = one.how === '<' || other.how === '>';
  return open ? least >= most : least > most;
}
