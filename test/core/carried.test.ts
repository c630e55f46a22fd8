import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriedBy } from '../../src/core/carried.ts';

const GIT = '{"name": "a", "max_concurrent_runs": 1, "tags": {"team": "x"}, "tasks": [{"task_key": "t", "max_retries": 1}]}';
const listed = (live: string, selector = 'name') =>
  carriedBy('jobs/a.json', GIT, live, [{ file: 'jobs/a.json', selector, old: null, new: null }]).map(
    (one) => `${one.code} ${one.subject}: ${one.expected} → ${one.observed}`,
  );

describe('other settings that differ from Git', () => {
  test('are listed when Git says something and the job another thing, or nothing', () => {
    expect(listed(GIT.replace('"max_concurrent_runs": 1', '"max_concurrent_runs": 2').replace('"team": "x"', ''))).toEqual([
      'settings_changed max_concurrent_runs: 1 → 2',
      'settings_changed tags.team: "x" → absent',
    ]);
  });

  test.each([
    ['the change itself', GIT.replace('"a"', '"b"')],
    ['what the job alone has: mostly defaults', GIT.replace('"max_retries": 1', '"max_retries": 1, "timeout_seconds": 0')],
    [
      'another order',
      '{"tasks": [{"max_retries": 1, "task_key": "t"}], "tags": {"team": "x"}, "max_concurrent_runs": 1, "name": "a"}',
    ],
    ['a job that cannot be read', '{'],
  ])('are not %s', (_, live) => {
    expect(listed(live)).toEqual([]);
  });

  test('are at most twenty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (count) => {
        const text = (value: number) =>
          JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, key) => [`k${key}`, value])));
        expect(carriedBy('jobs/a.json', text(1), text(2), [])).toHaveLength(Math.min(20, count));
      }),
    );
  });
});
