import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldHistory } from '../../src/core/history.ts';
import { debtOf, hasRoom, isFlapping, type KnownIncident, minutesToHold, openingOf } from '../../src/core/opening.ts';
import type { HistoryEntry } from '../../src/model/history.ts';
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
const open: KnownIncident = { number: 3, state: 'open', closedAt: null, quietUntil: null };
const closed = (number: number, closedAt: string): KnownIncident => ({ number, state: 'closed', closedAt, quietUntil: null });

const ROOM = { now: NOW, room: true };
const quiet = (incident: KnownIncident, quietUntil: string): KnownIncident => ({ ...incident, quietUntil });
const LATER = '2026-11-23T12:00:01.000Z';

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
    ['only tells an incident that is kept quiet', firing, [quiet(open, LATER)], { do: 'quiet', issue: 3 }],
    ['only tells it of its resolve', resolved, [quiet(open, LATER)], { do: 'quiet', issue: 3 }],
    ['is heard again once the quiet has ended', firing, [quiet(open, NOW)], { do: 'join', issue: 3 }],
    ['reopens nothing that is kept quiet', firing, [quiet(closed(2, NOW), LATER)], { do: 'quiet', issue: 2 }],
    ['opens nothing beside it either', firing, [quiet(closed(2, '2026-11-01T00:00:00.000Z'), LATER)], { do: 'quiet', issue: 2 }],
    ['is not kept quiet by an older incident', firing, [quiet(closed(2, NOW), LATER), open], { do: 'join', issue: 3 }],
  ] as const)('%s', (_, signal, incidents, wanted) => {
    expect(openingOf(signal, incidents, { reopenWithinHours: 24 }, ROOM)).toEqual(wanted);
  });

  test('waits where the hour has no room, but still joins and reopens', () => {
    const full = { now: NOW, room: false };
    expect(openingOf(firing, [], { reopenWithinHours: 24 }, full)).toEqual({ do: 'wait' });
    expect(openingOf(firing, [open], { reopenWithinHours: 24 }, full)).toEqual({ do: 'join', issue: 3 });
    expect(openingOf(firing, [closed(2, NOW)], { reopenWithinHours: 24 }, full)).toEqual({ do: 'reopen', issue: 2 });
  });

  test('never opens a second incident beside an open one', () => {
    const others = fc.array(
      fc.record({
        number: fc.integer({ min: 10, max: 99 }),
        state: fc.constant('closed' as const),
        closedAt: fc.constantFrom(NOW, '2026-11-01T00:00:00.000Z'),
        quietUntil: fc.constantFrom(null, NOW, LATER),
      }),
    );
    fc.assert(
      fc.property(others, fc.boolean(), (incidents, room) => {
        const opening = openingOf(firing, [...incidents, open], { reopenWithinHours: 24 }, { now: NOW, room });
        expect(opening).toEqual({ do: 'join', issue: 3 });
      }),
    );
  });
});

describe('the room of an hour', () => {
  test('is counted over the last sixty minutes', () => {
    const at = ['2026-11-23T11:00:00.000Z', '2026-11-23T11:00:01.000Z', '2026-11-23T11:59:59.000Z'];
    expect(hasRoom(at, 2, NOW)).toBe(false);
    expect(hasRoom(at, 3, NOW)).toBe(true);
  });

  test('never grows with another incident', () => {
    const instants = fc.array(fc.integer({ min: -7200, max: 0 }).map((s) => new Date(Date.parse(NOW) + s * 1000).toISOString()));
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 20 }), (at, limit) => {
        if (!hasRoom(at, limit, NOW)) expect(hasRoom([...at, NOW], limit, NOW)).toBe(false);
      }),
    );
  });
});

describe('what an incident is owed', () => {
  const opened: readonly HistoryEntry[] = [
    { what: 'opened', at: NOW, identity: 'i', target: null },
    { what: 'signal', at: NOW, signal: firing },
  ];
  const found = (acting: boolean): HistoryEntry => {
    return { what: 'investigated', at: NOW, outcome: 'likely', cause: null, asker: null, hint: null, acting };
  };
  const blocked: HistoryEntry = { what: 'blocked', at: NOW, code: 'runbook_none' };

  test.each([
    ['its opening, where nothing was noted', [], 'opening'],
    ['an answer, where it was opened only', opened, 'answer'],
    ['nothing, once it was investigated', [...opened, found(false)], null],
    ['nothing, once it was told what stands in the way', [...opened, blocked], null],
    ['an answer, where a proposal was announced and never came', [...opened, found(true)], 'answer'],
    ['its reopening, where it ended', [...opened, found(false), { what: 'closed', at: NOW, why: 'healthy' }], 'reopening'],
  ] as const)('is %s', (_, entries, wanted) => {
    expect(debtOf(foldHistory(entries))).toBe(wanted);
  });
});

describe('an alert that comes back', () => {
  const hours = (count: number) =>
    Array.from({ length: count }, (_, hour) => new Date(Date.parse(NOW) + hour * 5_400_000).toISOString());

  test('is to be tuned from its third return on', () => {
    expect([1, 2, 3, 4].map((count) => isFlapping({ flaps: hours(count) }))).toEqual([false, false, true, true]);
  });

  test('is to be held as long as two returns lay apart, in whatever order they are given', () => {
    expect(minutesToHold(hours(3))).toBe(90);
    expect(minutesToHold([])).toBe(1);
    fc.assert(
      fc.property(fc.shuffledSubarray(hours(6), { minLength: 2 }), (flaps) => {
        expect(minutesToHold(flaps)).toBe(minutesToHold([...flaps].sort()));
        expect(minutesToHold(flaps)).toBeGreaterThanOrEqual(90);
      }),
    );
  });
});
