import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedRunEnd } from '../../src/core/expected-run.ts';
import { judgeable } from '../../src/core/verification.ts';
import type { Run } from '../../src/model/job.ts';

const NOW = '2026-11-20T03:04:00.000Z';
const HOUR = 3_600_000;

function run(startedAt: string, minutes: number | null, outcome: Run['outcome'] = 'succeeded', repairedAt?: string): Run {
  const endedAt = minutes === null ? null : new Date(Date.parse(startedAt) + minutes * 60_000).toISOString();
  const unsaid = { terminationCode: null, terminationType: null, message: '', tasks: [] };
  const repairs = repairedAt === undefined ? [] : [{ id: '2', startedAt: repairedAt }];
  return { id: startedAt, jobId: '1', outcome, startedAt, endedAt, repairs, ...unsaid };
}

/** Newest first, as the workspace lists them. */
const nightly = ['2026-11-20', '2026-11-19', '2026-11-18', '2026-11-17'].map((day) => run(`${day}T02:00:00.000Z`, 30));

const rows: readonly (readonly [string, readonly Run[], string | null])[] = [
  ['a job that runs every night ends the next night', nightly, '2026-11-21T02:30:00.000Z'],
  ['one run by hand in between moves nothing', [run('2026-11-20T02:40:00.000Z', 30), ...nightly], '2026-11-21T03:10:00.000Z'],
  [
    'a run that failed is a start like any other, but says nothing about the duration',
    [run('2026-11-20T02:00:00.000Z', 3, 'failed'), ...nightly.slice(1)],
    '2026-11-21T02:30:00.000Z',
  ],
  [
    'without a good run the start is what can be told',
    nightly.map((one) => ({ ...one, outcome: 'failed' })),
    '2026-11-21T02:00:00.000Z',
  ],
  [
    'a job that has missed several turns is expected at the next one',
    [run('2026-11-17T02:00:00.000Z', 30), run('2026-11-16T02:00:00.000Z', 30)],
    '2026-11-21T02:30:00.000Z',
  ],
  [
    'a run under way since the apply is the one',
    [run('2026-11-20T03:03:00.000Z', null, 'active'), ...nightly],
    '2026-11-20T03:33:00.000Z',
  ],
  [
    'a repair under way since the apply is the one',
    [run('2026-11-20T02:00:00.000Z', null, 'active', '2026-11-20T03:02:00.000Z'), ...nightly.slice(1)],
    '2026-11-20T03:32:00.000Z',
  ],
  [
    'a run under way since before the apply has the old settings: the next one counts',
    [run('2026-11-20T02:00:00.000Z', null, 'active'), ...nightly.slice(1)],
    '2026-11-21T02:30:00.000Z',
  ],
  ['one start alone has no distance', nightly.slice(0, 1), null],
  ['no run tells nothing', [], null],
];

describe('the end of the next run', () => {
  test.each(rows)('%s', (_, runs, expected) => {
    expect(expectedRunEnd(runs, '2026-11-20T03:00:00.000Z', NOW)).toBe(expected);
  });

  test('a run under way for longer than usual is expected at no time', () => {
    const runs = [run('2026-11-20T03:01:00.000Z', null, 'active'), ...nightly];

    expect(expectedRunEnd(runs, '2026-11-20T03:00:00.000Z', '2026-11-20T04:00:00.000Z')).toBeNull();
  });

  test('it is never in the past, and lies as far ahead whenever the whole story is told', () => {
    const spans = fc.array(fc.integer({ min: 1, max: 72 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 500 }), fc.integer({ min: -10_000, max: 10_000 }), (hours, late, shift) => {
        const told = (offset: number) => {
          const first = Date.parse('2026-01-01T00:00:00Z') + offset;
          const starts = hours.map((_, index) => first + hours.slice(0, index).reduce((sum, hour) => sum + hour, 0) * HOUR);
          const runs = starts.map((at) => run(new Date(at).toISOString(), 20)).reverse();
          const now = new Date((starts.at(-1) ?? first) + late * HOUR).toISOString();
          const end = expectedRunEnd(runs, now, now);
          return end === null ? null : Date.parse(end) - Date.parse(now);
        };
        expect(told(0)).toBeGreaterThanOrEqual(0);
        expect(told(shift * 60_000)).toBe(told(0));
      }),
    );
  });
});

describe('a change that cannot be judged yet', () => {
  const spec = { kind: 'batch', checks: [], settle_minutes: 0, within_minutes: 36 * 60 } as const;

  test('says when to expect the run that can judge it', () => {
    expect(judgeable(spec, '2026-11-20T03:00:00.000Z', nightly, NOW)).toEqual({
      when: 'later',
      expectedAt: '2026-11-21T02:30:00.000Z',
    });
  });

  test('is judged by the first run that began after the apply, not by a later one', () => {
    const runs = [run('2026-11-20T05:00:00.000Z', 30, 'failed'), run('2026-11-20T04:00:00.000Z', 30), ...nightly];

    expect(judgeable(spec, '2026-11-20T03:00:00.000Z', runs, '2026-11-20T06:00:00.000Z')).toMatchObject({
      when: 'now',
      run: { id: '2026-11-20T04:00:00.000Z' },
    });
  });

  test('is given up once its time has passed', () => {
    expect(judgeable(spec, '2026-11-20T03:00:00.000Z', nightly, '2026-11-21T16:00:00.000Z')).toEqual({ when: 'never' });
  });
});
