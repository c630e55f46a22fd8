import type { Binary, Expression } from './expression.ts';

/** An operand, then operators each with the operand at its right, in the order of the text. */
export interface Chain {
  readonly first: Expression;
  readonly rest: readonly Link[];
}

export interface Link {
  readonly binary: Pick<Binary, 'operator' | 'bool' | 'matching'>;
  readonly operand: Expression;
}

const comparison = 3;
const powerStrength = 6;

/** Prometheus' precedence of binary operators; `^` alone binds to the right. */
const strength: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': powerStrength,
};

/**
 * Builds the tree of a chain. The lezer grammar gives `offset` and `[…]` no precedence: it reads `a - b offset 5m` as `(a - b) offset 5m`,
 * which Prometheus' own grammar never does. So chains are flattened while reading, and put together again here.
 */
export function associate(chain: Chain): Expression {
  let at = 0;
  const climb = (left: Expression, least: number): Expression => {
    // A sign binds less than `^`: -a ^ 2 is -(a ^ 2).
    const signed = left.kind === 'negation' && chain.rest[at]?.binary.operator === '^';
    let tree: Expression = signed ? { ...left, body: climb(left.body, powerStrength) } : left;
    for (let link = chain.rest[at]; link !== undefined && strengthOf(link) >= least; link = chain.rest[at]) {
      at += 1;
      const own = strengthOf(link);
      const right = climb(link.operand, link.binary.operator === '^' ? own : own + 1);
      tree = { kind: 'binary', ...link.binary, left: tree, right };
    }
    return tree;
  };
  return climb(chain.first, 0);
}

function strengthOf(link: Link): number {
  return strength[link.binary.operator] ?? comparison;
}

/** The chain with its last operand changed, which is what a trailing `offset` or `[…]` is about. */
export function changeLast(chain: Chain, change: (operand: Expression) => Expression): Chain {
  const last = chain.rest.at(-1);
  if (last === undefined) return { first: changeInside(chain.first, change), rest: [] };
  return { first: chain.first, rest: [...chain.rest.slice(0, -1), { ...last, operand: changeInside(last.operand, change) }] };
}

function changeInside(operand: Expression, change: (operand: Expression) => Expression): Expression {
  return operand.kind === 'negation' ? { ...operand, body: changeRight(operand.body, change) } : change(operand);
}

function changeRight(body: Expression, change: (operand: Expression) => Expression): Expression {
  return body.kind === 'binary' ? { ...body, right: changeRight(body.right, change) } : changeInside(body, change);
}
