import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { pushReasons } from '../../../src/core/gate/pushes.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { bot, facts, HEAD, NONE, pushFact, wendy } from '../../support/gate.ts';

const A = '1'.repeat(40);
const B = '2'.repeat(40);
const { pull } = facts().change;
type Hop = readonly [string, string];

function said(...hops: readonly Hop[]): readonly string[] {
  const pushes = known(hops.map(([before, after]) => pushFact({ before, after })));
  return pushReasons({ pull, pushes }).map(({ code, subject, expected, observed }) =>
    [code, subject, expected, observed].join(' | '),
  );
}

const nobody = (sha: string) => [
  `facts_unavailable | pushes | readable | nobody is known to have pushed ${sha}; push the content to a new branch if GitHub has forgotten who did`,
];

describe('the pushes are known from the making of the branch to the head', () => {
  test.each<readonly [string, readonly Hop[], readonly string[]]>([
    ['one that made it', [[NONE, HEAD]], []],
    [
      'several, one on the other',
      [
        [NONE, A],
        [A, B],
        [B, HEAD],
      ],
      [],
    ],
    [
      'newest first, as GitHub lists them',
      [
        [B, HEAD],
        [A, B],
        [NONE, A],
      ],
      [],
    ],
    [
      'one by force, back to an older commit',
      [
        [NONE, HEAD],
        [HEAD, A],
        [A, HEAD],
      ],
      [],
    ],
    [
      'a branch that was deleted and made again',
      [
        [NONE, A],
        [NONE, HEAD],
      ],
      [],
    ],
    ['the head on a commit that nobody pushed', [[A, HEAD]], nobody(A)],
    [
      'an older push on a commit that nobody pushed',
      [
        [A, B],
        [NONE, HEAD],
      ],
      nobody(A),
    ],
    [
      'a round of pushes that nobody began',
      [
        [A, HEAD],
        [HEAD, A],
      ],
      nobody(A),
    ],
    [
      'a gap in the middle',
      [
        [NONE, A],
        [B, HEAD],
      ],
      nobody(B),
    ],
    ['none that ends in the head', [[NONE, A]], ['facts_unavailable | pushes | readable | none of them ends in the head']],
    ['none at all', [], ['facts_unavailable | pushes | readable | none of them ends in the head']],
  ])('%s', (_, hops, expected) => {
    expect(said(...hops)).toEqual(expected);
  });

  test('or the answer is that they are not', () => {
    expect(pushReasons({ pull, pushes: unknown('503') }).map((one) => one.observed)).toEqual(['503']);
    const pushes = known([pushFact()]);
    expect(pushReasons({ pull: unknown('503'), pushes }).map((one) => one.observed)).toEqual(['none of them ends in the head']);
  });

  test('an approved head waits while one of them is missing', () => {
    const pushes = known([pushFact({ before: A, actor: wendy })]);
    expect(decideGate(facts({ change: { pushes } }))).toMatchObject({
      verdict: 'wait',
      counted: [{ person: { login: 'olga' } }],
    });
  });

  test('whichever is missing of a history without returns, and in whatever order they are listed', () => {
    const shas = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(shas, fc.nat(), fc.infiniteStream(fc.nat()), (numbers, index, order) => {
        const heads = [...numbers.map((one) => String(one).padStart(40, '0')), HEAD];
        const hops = heads.map((after, at) => pushFact({ actor: bot, before: heads[at - 1] ?? NONE, after }));
        const keys = hops.map(() => order.next().value);
        const shuffled = hops
          .map((hop, at) => ({ hop, key: keys[at] ?? 0 }))
          .sort((one, other) => one.key - other.key)
          .map(({ hop }) => hop);
        expect(pushReasons({ pull, pushes: known(shuffled) })).toEqual([]);
        const missing = hops[index % hops.length];
        expect(pushReasons({ pull, pushes: known(shuffled.filter((hop) => hop !== missing)) })).not.toEqual([]);
      }),
    );
  });
});
