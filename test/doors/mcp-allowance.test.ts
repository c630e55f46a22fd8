import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowances } from '../../src/doors/mcp/allowance.ts';

const RULE = { burst: 5, perMinute: 60 };

test('no stretch of time gets more than the burst and what that time gives back', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (waits) => {
      let now = 0;
      const { take } = allowances(RULE, () => now);
      const taken: number[] = [];
      for (const wait of waits) {
        now += wait;
        if (take('one') === 0) taken.push(now);
      }
      for (const [first, start] of taken.entries())
        for (const [last, end] of taken.entries())
          if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(RULE.burst + (end - start) / 1000 + 1e-6);
    }),
  );
});

test('the time that is said is enough, and no more than needed to the second', () => {
  let now = 0;
  const { take } = allowances(RULE, () => now);
  for (let count = 0; count < RULE.burst; count++) expect(take('one')).toBe(0);

  expect(take('one')).toBe(1);
  now += 999;
  expect(take('one')).toBe(1);
  now += 1;
  expect(take('one')).toBe(0);
});

test('one name does not use up what another has', () => {
  const { take } = allowances({ burst: 1, perMinute: 1 }, () => 0);

  expect([take('one'), take('one'), take('other')]).toEqual([0, 60, 0]);
});
