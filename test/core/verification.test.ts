import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareChecks, verdictOf } from '../../src/core/verification.ts';
import type { CheckResult } from '../../src/model/verification.ts';

const GUARD = { expect: 'after == 0.0', worse: 'after > before' };
const FASTER = { expect: 'after < before * 0.95', worse: 'after > before * 1.2' };
const LEVEL = { expect: 'after <= max(before, 1.0) * 0.1', worse: 'after > max(before, 1.0) * 1.5' };
const CEILING = { expect: 'after <= 0.05', worse: 'after > before * 2.0 && after > 0.05' };

function compared(rule: typeof GUARD, before: number | null, after: number | null): CheckResult['verdict'] | undefined {
  const check = { name: 'one', source: 'databricks', query: 'one', unit: '', ...rule } as const;
  const spec = { kind: 'batch', checks: [check], settle_minutes: 0, within_minutes: 60 } as const;
  return compareChecks({ baseline: { one: before } }, spec, { one: after })[0]?.verdict;
}

describe('one check', () => {
  test.each([
    ['a guard that held before and holds now is as expected', GUARD, 0, 0, 'as-expected'],
    ['a guard that did not hold before and holds now is improved', GUARD, 1, 0, 'improved'],
    ['a guard that stays broken is unchanged', GUARD, 1, 1, 'unchanged'],
    ['a guard that breaks is worse', GUARD, 0, 1, 'worse'],
    ['a measure that falls as far as it should is improved', FASTER, 100, 90, 'improved'],
    ['a measure that falls less is unchanged', FASTER, 100, 96, 'unchanged'],
    ['a growth that ends is improved', LEVEL, 2000, -50, 'improved'],
    ['a growth that never was one is as expected', LEVEL, 0, 0.05, 'as-expected'],
    ['a value below its ceiling before and after is as expected, whichever way it went', CEILING, 0.01, 0.02, 'as-expected'],
    ['a value that is not known before is inconclusive', GUARD, null, 0, 'inconclusive'],
    ['a value that is not known after is inconclusive', GUARD, 0, null, 'inconclusive'],
    ['a rule that cannot be read is inconclusive', { ...GUARD, expect: 'after ==' }, 0, 0, 'inconclusive'],
  ] as const)('%s', (_, rule, before, after, verdict) => {
    expect(compared(rule, before, after)).toBe(verdict);
  });

  test('what got better by its own measure of worse is never called as expected only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), (before, after) => {
        const verdict = compared({ expect: 'after < 5.0', worse: 'after > before' }, before, after);
        expect(verdict === 'as-expected').toBe(after === before && after < 5);
      }),
    );
  });
});

test('guards that are as expected stand in nobody’s way: the whole is what the other checks say', () => {
  const verdicts = fc.array(fc.constantFrom<CheckResult['verdict']>('improved', 'unchanged', 'worse', 'inconclusive'), {
    minLength: 1,
  });
  const results = (all: readonly CheckResult['verdict'][]) =>
    all.map((verdict) => ({ name: '', unit: '', before: 0, after: 0, verdict }));
  fc.assert(
    fc.property(verdicts, (all) => {
      expect(verdictOf(results([...all, 'as-expected']))).toBe(verdictOf(results(all)));
    }),
  );
  expect([verdictOf(results(['as-expected'])), verdictOf([])]).toEqual(['improved', 'inconclusive']);
});
