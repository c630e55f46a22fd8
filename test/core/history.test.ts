import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldHistory, openIn } from '../../src/core/history.ts';
import type { HistoryEntry } from '../../src/model/history.ts';
import { parseEntry } from '../../src/schema/history.ts';
import { firing, resolved } from '../support/incidents.ts';

const at = (minute: number) => `2026-11-23T12:${String(minute).padStart(2, '0')}:00.000Z`;
const olga = { id: 101, login: 'olga' };
const opened: readonly HistoryEntry[] = [
  { what: 'opened', at: at(0), identity: 'i', target: 'orders' },
  { what: 'signal', at: at(0), signal: firing() },
];

describe('a flap', () => {
  test('is a return after a resolve', () => {
    const entries: readonly HistoryEntry[] = [
      ...opened,
      { what: 'signal', at: at(1), signal: resolved() },
      { what: 'signal', at: at(2), signal: firing() },
    ];
    expect(foldHistory(entries).flaps).toEqual([at(2)]);
  });

  test('is a reopening, counted once with the signal that caused it', () => {
    const entries: readonly HistoryEntry[] = [
      ...opened,
      { what: 'signal', at: at(1), signal: resolved() },
      { what: 'closed', at: at(1), why: 'dismissed' },
      { what: 'reopened', at: at(2) },
      { what: 'signal', at: at(2), signal: firing() },
    ];
    expect(foldHistory(entries)).toMatchObject({ flaps: [at(2)], closedAt: null });
  });

  test('is not a repeat', () => {
    expect(foldHistory([...opened, { what: 'signal', at: at(1), signal: firing() }]).flaps).toEqual([]);
  });
});

describe('a snooze', () => {
  test('is the last one said: a past instant ends an earlier one', () => {
    const entries: readonly HistoryEntry[] = [
      ...opened,
      { what: 'snoozed', at: at(1), by: olga, until: at(50) },
      { what: 'snoozed', at: at(2), by: olga, until: at(2) },
    ];
    expect(foldHistory(entries.slice(0, 3)).snoozedUntil).toBe(at(50));
    expect(foldHistory(entries).snoozedUntil).toBe(at(2));
  });
});

const entry: fc.Arbitrary<HistoryEntry> = fc.oneof(
  fc.record({
    what: fc.constant('signal' as const),
    at: fc.constantFrom(at(1), at(2)),
    signal: fc.constantFrom(firing(), resolved()),
  }),
  fc.record({ what: fc.constant('reopened' as const), at: fc.constantFrom(at(1), at(3)) }),
  fc.record({ what: fc.constant('snoozed' as const), at: fc.constant(at(4)), by: fc.constant(olga), until: fc.constant(at(9)) }),
  fc.record({ what: fc.constant('advised' as const), at: fc.constant(at(5)), why: fc.constant('flapping' as const) }),
);

test('an entry that is there twice counts once, wherever its copy stands', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.nat(), (entries, pick) => {
      const copy = entries[pick % Math.max(1, entries.length)];
      const doubled = copy ? [...entries, copy] : entries;
      expect(foldHistory(doubled)).toEqual(foldHistory(entries));
    }),
  );
});

test('an entry that was signed before hints were kept is still believed', () => {
  const old = { what: 'investigated', at: at(1), outcome: 'likely', cause: null, asker: olga, acting: true };
  expect(parseEntry(old)).toEqual({ ...old, hint: null });
});

test('a dismissal withdraws what was proposed and not merged, and nothing that comes later', () => {
  const proposed = (pull: number) =>
    ({ what: 'proposed', at: at(pull), pull, branch: 'b', head: 'h', record: 'r', kind: 'change' }) as const;
  const merged = { what: 'merged', at: at(3), pull: 1, merge: 'm', approvers: [], status: null } as const;
  const dismissed = { what: 'closed', at: at(4), why: 'dismissed' } as const;
  const state = foldHistory([proposed(1), proposed(2), merged, dismissed, proposed(5)]);

  expect(state.withdrawn).toEqual([2]);
  expect(openIn(state).map(({ pull }) => pull)).toEqual([5]);
  expect(foldHistory([proposed(2), { ...dismissed, why: 'healthy' }]).withdrawn).toEqual([]);
});
