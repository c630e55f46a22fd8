import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { Person } from '../../../src/model/gate.ts';
import { approval, deltaOf, facts, JOB_FILE, olga, omar, record, type World, wendy } from '../../support/gate.ts';

const by = (...people: readonly Person[]) => people.map((author, index) => approval({ id: 50 + index, author }));
const HIGH = record({ risk: 'high' });
const missing = (world: Partial<World>) =>
  decideGate(facts(world))
    .reasons.filter((one) => one.code === 'approval_missing')
    .map((one) => `${one.subject}: ${one.expected}, ${one.observed}`);
const OF_PATH = `${JOB_FILE}: /approve by one of @olga @acme/data, none that counts`;

describe('how many owners are missing is said once', () => {
  test.each([
    ['one owner of one path', { comments: [] }, [OF_PATH]],
    ['one owner, whoever else approved', { comments: by(wendy) }, [OF_PATH]],
    ['the first of two owners', { record: HIGH, comments: [] }, [OF_PATH, 'high risk: 2 owners, 0']],
    ['the second of two owners', { record: HIGH, comments: by(olga) }, ['high risk: 2 owners, 1']],
    ['nobody', { record: HIGH, comments: by(olga, omar) }, []],
    ['an owner where nobody owns the path', { comments: by(olga), codeowners: '/other/ @olga\n' }, ['low risk: 1 owner, 0']],
  ] as const)('where what is missing is %s', (_, world, said) => {
    expect(missing(world)).toEqual(said);
  });

  test('of two paths with other owners, the one without an approval is named', () => {
    const extra = deltaOf([{ path: 'README.md', before: 'a', after: 'b' }]);

    expect(missing({ record: null, extra, comments: by(olga) })).toEqual([
      'README.md: /approve by one of @omar, none that counts',
    ]);
  });

  test('fewer distinct owners than the risk asks, or a path without one, is never allowed', () => {
    const owners = ['@olga', '@omar', '@wendy', '@acme/data', ''];
    fc.assert(
      fc.property(
        fc.subarray([olga, omar, wendy]),
        fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
        fc.constantFrom(...owners),
        fc.integer({ min: 1, max: 3 }),
        (people, risk, owner, number) => {
          const approvals = {
            owners: { low: 1, medium: number, high: 3 },
            requireSha: false,
            expireAfterHours: 72,
            breakGlass: [],
          };
          const world = {
            comments: by(...people),
            record: record({ risk }),
            codeowners: `/jobs/ ${owner}\n`,
            config: { approvals },
          };
          const verdict = decideGate(facts(world));
          const enough =
            verdict.counted.length >= approvals.owners[risk] && verdict.needed.every((one) => one.approvedBy.length > 0);
          expect(verdict.verdict === 'allow').toBe(enough);
        },
      ),
    );
  });
});
