import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesByTimeAt } from '../../src/core/by-time.ts';
import { decideGate } from '../../src/core/gate/gate.ts';
import type { Freeze, Window } from '../../src/model/config.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import { approval, facts, olga, omar, record } from '../support/gate.ts';

/** Monday; the approval of `approval()` is of 03:30 then. */
const NOW = '2026-11-23T04:00:00.000Z';
const FAR = record({ expires_at: '2027-06-01T00:00:00.000Z' });
const OFFICE: Window = { name: 'office', days: ['mon', 'tue'], from: '03:00', to: '16:00', zone: 'UTC' };
const CHRISTMAS: Freeze = { name: 'christmas', from: '2026-11-24', to: '2026-12-26', zone: 'UTC' };

const at = (now: string, seen: GateFacts): GateFacts => ({ ...seen, live: { ...seen.live, now } });

describe('an open gate may close by time alone', () => {
  test.each([
    ['when its window closes', { config: { windows: [OFFICE] } }, '2026-11-23T16:00:00.000Z'],
    ['when a freeze begins', { config: { freezes: [CHRISTMAS] } }, '2026-11-24T00:00:00.000Z'],
    ['when the approval expires', {}, '2026-11-26T03:30:00.000Z'],
    ['when the proposal expires', { record: record({ expires_at: '2026-11-24T01:00:00.000Z' }) }, '2026-11-24T01:00:00.000Z'],
  ])('%s', (_, change, instant) => {
    const seen = facts({ record: FAR, live: { now: NOW }, ...change });
    const before = new Date(Date.parse(instant) - 1000).toISOString();

    expect(decideGate(seen).verdict).toBe('allow');
    expect(changesByTimeAt(seen)).toBe(instant);
    expect(decideGate(at(before, seen)).verdict).toBe('allow');
    expect(decideGate(at(instant, seen)).verdict).not.toBe('allow');
  });
});

test('a closed gate may open when its window does', () => {
  const seen = facts({ record: FAR, live: { now: '2026-11-23T02:00:00.000Z' }, config: { windows: [OFFICE] } });
  expect(changesByTimeAt(seen)).toBe('2026-11-23T03:00:00.000Z');
});

test('where nothing is said, planned or shut, time changes nothing', () => {
  expect(changesByTimeAt(facts({ record: null, comments: [], live: { now: NOW } }))).toBeNull();
});

test('a window that cannot be read names no instant', () => {
  const broken = { ...OFFICE, zone: 'Mars/Olympus' };
  expect(changesByTimeAt(facts({ record: null, comments: [], config: { windows: [broken] }, live: { now: NOW } }))).toBeNull();
});

describe('until that instant', () => {
  const start = Date.parse('2026-10-20T00:00:00Z');
  const minute = (most: number) =>
    fc.integer({ min: 0, max: most }).map((count) => new Date(start + count * 60_000).toISOString());
  const wall = fc
    .integer({ min: 0, max: 47 })
    .map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`);
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
  const window: fc.Arbitrary<Window> = fc
    .record({
      ...{ name: fc.constantFrom('a', 'b'), from: wall, to: wall, zone },
      days: fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, { minLength: 1 }),
    })
    .filter(({ from, to }) => from !== to);
  const freeze: fc.Arbitrary<Freeze> = fc
    .record({ from: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 0, max: 9 }), zone })
    .map(({ from, length, zone: place }) => ({ name: 'stop', from: dayOf(from), to: dayOf(from + length), zone: place }));
  const story = fc.record({
    ...{
      now: minute(20_000),
      later: fc.double({ min: 0, max: 1, noNaN: true }),
      said: fc.array(minute(20_000), { maxLength: 3 }),
    },
    ...{ windows: fc.array(window, { maxLength: 2 }), freezes: fc.array(freeze, { maxLength: 2 }), expires: minute(30_000) },
    expireAfterHours: fc.integer({ min: 1, max: 200 }),
  });

  function dayOf(day: number): string {
    return new Date(start + day * 86_400_000).toISOString().slice(0, 10);
  }

  test('no answer of the gate changes by time alone', () => {
    fc.assert(
      fc.property(story, ({ now, later, said, windows, freezes, expires, expireAfterHours }) => {
        const approvals = { owners: { low: 1, medium: 1, high: 2 }, requireSha: false, expireAfterHours, breakGlass: [] };
        const seen = facts({
          record: record({ expires_at: expires }),
          config: { windows, freezes, approvals },
          comments: said.map((createdAt, index) => approval({ id: index + 1, createdAt, author: index === 0 ? olga : omar })),
          live: { now },
        });
        const changes = changesByTimeAt(seen);
        const end = changes === null ? Date.parse(now) + 90 * 86_400_000 : Date.parse(changes);
        expect(end).toBeGreaterThan(Date.parse(now));
        const between = new Date(Date.parse(now) + Math.floor((end - 1 - Date.parse(now)) * later)).toISOString();
        expect(answer(at(between, seen))).toEqual(answer(seen));
      }),
      { numRuns: 400 },
    );
  });

  /** All of an answer but the instant that some reasons quote. */
  function answer(seen: GateFacts) {
    const { verdict, reasons, counted, dropped } = decideGate(seen);
    const codes = reasons.map(({ code, subject }) => `${code} ${subject}`);
    return { verdict, codes, counted, dropped: dropped.map(({ commentId, code }) => `${commentId} ${code}`) };
  }
});
