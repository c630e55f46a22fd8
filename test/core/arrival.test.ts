import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrivalsOf } from '../../src/core/arrival.ts';
import { firing, resolved } from '../support/incidents.ts';

const at = '2026-11-23T12:00:00.000Z';
const alerts = (...signals: Parameters<typeof arrivalsOf>[0][number]['signals']) => ({ at, signals, truncated: 0 });

describe('alerts of one batch', () => {
  test('of one identity are one arrival, whichever delivery brought them', () => {
    const both = arrivalsOf(
      [alerts(firing({ job_id: '1', a: 'x' })), { ...alerts(firing({ job_id: '1', a: 'y' })), truncated: 3 }],
      'o/r',
      ['job_id'],
    );
    expect(both).toHaveLength(1);
    expect(both[0]).toMatchObject({ truncated: 3, signals: [{ labels: { a: 'x' } }, { labels: { a: 'y' } }] });
  });

  test('stand for a firing incident as long as one of them fires', () => {
    const [mixed] = arrivalsOf([alerts(firing({ a: 'x' }), resolved({ a: 'y' }))], 'o/r', []);
    const [ended] = arrivalsOf([alerts(firing({ a: 'x' }), resolved({ a: 'x' }))], 'o/r', []);
    expect([mixed?.signal.status, ended?.signal.status]).toEqual(['firing', 'resolved']);
  });

  test('are all there, each in the arrival of its identity', () => {
    const signal = fc.record({ job_id: fc.constantFrom('1', '2', '3'), n: fc.string() }).map((labels) => firing(labels));
    fc.assert(
      fc.property(fc.array(fc.array(signal)), (groups) => {
        const arrivals = arrivalsOf(
          groups.map((signals) => alerts(...signals)),
          'o/r',
          ['job_id'],
        );
        const jobs = arrivals.map((one) => new Set(one.signals.map((each) => each.labels.job_id)).size);
        expect(jobs.every((count) => count === 1)).toBe(true);
        expect(arrivals.flatMap((one) => one.signals)).toHaveLength(groups.flat().length);
        expect(new Set(arrivals.map((one) => one.identity)).size).toBe(arrivals.length);
      }),
    );
  });
});
