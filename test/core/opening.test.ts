import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KnownIncident, openingOf } from '../../src/core/opening.ts';
import type { Signal } from '../../src/model/signal.ts';

const NOW = '2026-11-23T12:00:00.000Z';
const firing: Signal = {
  source: 'alertmanager',
  status: 'firing',
  alertname: 'A',
  labels: {},
  annotations: {},
  startsAt: NOW,
  endsAt: null,
  fingerprint: '1',
};
const resolved: Signal = { ...firing, status: 'resolved' };
const open: KnownIncident = { number: 3, state: 'open', closedAt: null };
const closed = (number: number, closedAt: string): KnownIncident => ({ number, state: 'closed', closedAt });

describe('a signal', () => {
  test.each([
    ['opens an incident when its identity has none', firing, [], { do: 'open' }],
    ['joins the open incident of its identity', firing, [open], { do: 'join', issue: 3 }],
    ['reopens what was closed within the time set', firing, [closed(2, '2026-11-23T00:00:00.000Z')], { do: 'reopen', issue: 2 }],
    [
      'reopens the newest of several',
      firing,
      [closed(1, '2026-11-23T01:00:00.000Z'), closed(2, '2026-11-23T00:00:00.000Z')],
      { do: 'reopen', issue: 2 },
    ],
    ['opens anew after that time', firing, [closed(2, '2026-11-22T11:59:00.000Z')], { do: 'open' }],
    ['marks the open incident when it is resolved', resolved, [open], { do: 'resolve', issue: 3 }],
    [
      'does nothing when it is resolved and nothing is open',
      resolved,
      [closed(2, NOW)],
      { do: 'nothing', why: 'resolved, and no incident is open' },
    ],
  ] as const)('%s', (_, signal, incidents, wanted) => {
    expect(openingOf(signal, incidents, { reopenWithinHours: 24 }, NOW)).toEqual(wanted);
  });

  test('never opens a second incident beside an open one', () => {
    const others = fc.array(
      fc.record({
        number: fc.integer({ min: 10, max: 99 }),
        state: fc.constant('closed' as const),
        closedAt: fc.constantFrom(NOW, '2026-11-01T00:00:00.000Z'),
      }),
    );
    fc.assert(
      fc.property(others, (incidents) => {
        expect(openingOf(firing, [...incidents, open], { reopenWithinHours: 24 }, NOW)).toEqual({ do: 'join', issue: 3 });
      }),
    );
  });
});
