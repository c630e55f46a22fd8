import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareChecks, judgeable, verdictOf } from '../../src/core/verification.ts';
import type { Run } from '../../src/model/job.ts';
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

describe('a stream', () => {
  const spec = { kind: 'streaming' as const, checks: [], settle_minutes: 30, within_minutes: 60 };
  const applied = '2026-11-23T04:00:00.000Z';
  const run = (startedAt: string): Run => ({
    ...{ id: '1', jobId: '42', outcome: 'active', startedAt, endedAt: null },
    ...{ terminationCode: null, terminationType: null, message: '', tasks: [], repairs: [] },
  });
  const old = run('2026-11-22T04:00:00.000Z');
  const next = run('2026-11-23T04:10:00.000Z');
  const later = (expectedAt: string | null) => ({ when: 'later' as const, expectedAt });

  test.each([
    ['is judged once it has settled after the start of its next run', [next, old], '2026-11-23T04:40:00.000Z', false, 'now'],
    ['is not judged before', [next, old], '2026-11-23T04:39:59.000Z', false, later('2026-11-23T04:40:00.000Z')],
    [
      'settles after the first of several starts: one that dies again and again is judged',
      [run('2026-11-23T04:39:00.000Z'), next, old],
      '2026-11-23T04:40:00.000Z',
      false,
      'now',
    ],
    ['whose run goes on with its old settings is not judged', [old], '2026-11-23T05:00:00.000Z', false, later(null)],
    ['that was just restarted is expected', [old], '2026-11-23T04:01:00.000Z', true, later('2026-11-23T04:31:00.000Z')],
    ['that is not started in time is judged by nobody', [old], '2026-11-23T05:30:01.000Z', true, 'never'],
    ['whose runs nobody can see settles after the apply', [], '2026-11-23T04:30:00.000Z', false, 'now'],
  ] as const)('%s', (_, runs, now, starting, wanted) => {
    const { when, ...rest } = judgeable(spec, applied, runs, now, starting);
    expect(typeof wanted === 'string' ? when : { when, ...rest }).toEqual(wanted);
  });
});
