import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstSighting, retold, sightingIn, sightingMark, withSighting } from '../../src/core/sighting.ts';
import type { Sighting } from '../../src/model/sighting.ts';
import { firing, resolved } from '../support/incidents.ts';

const at = (second: number) => new Date(Date.parse('2026-11-23T12:00:00.000Z') + second * 1000).toISOString();
const telling = (second: number, ...signals: Parameters<typeof retold>[1]['signals']) => ({
  at: at(second),
  signals,
  truncated: 0,
});
const first = firstSighting(telling(0, firing()));

describe('a summary', () => {
  test.each([
    ['is not edited for a repeat within the minute', firing(), 59, 'repeat', false],
    ['is edited for a repeat after a minute', firing(), 60, 'repeat', true],
    ['is edited for a resolve at once', resolved(), 1, 'resolved', true],
  ] as const)('%s', (_, signal, second, change, due) => {
    expect(retold(first, telling(second, signal))).toMatchObject({ change, due });
  });

  test('is edited for a return at once, and not for a resolve that it knows', () => {
    const ended = retold(first, telling(1, resolved())).sighting;
    expect(retold(ended, telling(2, firing()))).toMatchObject({ change: 'returned', due: true });
    expect(retold(ended, telling(999, resolved()))).toMatchObject({ change: 'none', due: false });
  });

  test('shows when the alert began and ended, by the sender’s own times', () => {
    expect(first).toMatchObject({ since: '2026-11-23T03:00:00.000Z', resolvedAt: null, count: 1 });
    expect(retold(first, telling(1, resolved())).sighting.resolvedAt).toBe('2026-11-23T04:00:00.000Z');
    const earlier = firing({ b: 'b' }, { startsAt: '2026-11-23T02:00:00.000Z' });
    expect(retold(first, telling(60, earlier)).sighting.since).toBe('2026-11-23T02:00:00.000Z');
  });

  test('is not silenced by a time that somebody wrote into the future', () => {
    expect(retold({ ...first, lastAt: at(86_400) }, telling(1, firing()))).toMatchObject({ due: true });
  });

  test('is resolved with the last of several alerts, in whatever order they end', () => {
    const names = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (order) => {
        const all = firstSighting(telling(0, ...order.map((name) => firing({ name }))));
        let now: Sighting = all;
        for (const [index, name] of order.entries()) {
          const next = retold(now, telling(index + 1, resolved({ name })));
          expect(next.due).toBe(true);
          expect(next.sighting.resolvedAt === null).toBe(index < order.length - 1);
          now = next.sighting;
        }
      }),
    );
  });

  test('is edited at most once a minute however often a firing alert is told', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3600 }), { maxLength: 60 }), (seconds) => {
        let [kept, edits] = [first, 0];
        for (const second of [...seconds].sort((a, b) => a - b)) {
          const next = retold(kept, telling(second, firing()));
          if (next.due) [kept, edits] = [next.sighting, edits + 1];
        }
        expect(edits).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('the mark of a summary', () => {
  const instant = fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1000).toISOString());
  const sighting: fc.Arbitrary<Sighting> = fc.record({
    ...{ firstAt: instant, lastAt: instant, since: instant },
    resolvedAt: fc.option(instant),
    snoozedUntil: fc.option(instant),
    count: fc.nat(1e6),
    cut: fc.nat(1e6),
    firing: fc.uniqueArray(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((n) => n.toString(16).padStart(8, '0')),
      { maxLength: 50 },
    ),
  });

  test('is read back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(sighting, fc.string(), (one, around) => {
        expect(sightingIn(`${around}\n${sightingMark(one)}\n${around}`)).toEqual(one);
      }),
    );
  });

  test('is put into a body once, in the place of an older one', () => {
    fc.assert(
      fc.property(sighting, sighting, (one, other) => {
        const body = withSighting(withSighting('An incident.', one), other);
        expect(sightingIn(body)).toEqual(other);
        expect(body.match(/sluice:seen/g)).toHaveLength(1);
      }),
    );
  });

  test('is made of instants and digests only, whatever an alert says', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const hostile = firing({}, { startsAt: text, fingerprint: other, endsAt: text });
        expect(sightingIn(sightingMark(firstSighting(telling(0, hostile))))).not.toBeNull();
      }),
    );
  });

  test.each(['', '<!-- sluice:seen nothing -->', sightingMark(first).replace(at(0), 'yesterday')])('%j is none', (body) => {
    expect(sightingIn(body)).toBeNull();
  });
});
