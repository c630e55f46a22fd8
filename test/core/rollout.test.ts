import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldRollout, isFinished, isUndoing, notedWith, notedWithRollback, owesRestart } from '../../src/core/rollout.ts';
import type { RerunHow } from '../../src/model/record.ts';
import type { RolloutEntry, RolloutState } from '../../src/model/rollout.ts';
import type { Verification } from '../../src/model/verification.ts';
import { parseRollout, rolloutText } from '../../src/schema/rollout.ts';

const at = '2026-11-23T04:00:00.000Z';
const seen = { at, run: '1.1' };
const intent = (direction: 'apply' | 'rollback'): RolloutEntry => ({
  what: 'intent',
  ...seen,
  before: 'b',
  after: 'a',
  direction,
});
const written = (direction: 'apply' | 'rollback'): RolloutEntry => ({ what: 'written', ...seen, writes: 1, direction });
const adopted = (direction: 'apply' | 'rollback'): RolloutEntry => ({ what: 'adopted', ...seen, direction });
const verified = (verdict: Verification['verdict']): RolloutEntry => ({
  what: 'verified',
  ...seen,
  verification: { verdict, checks: [], runId: null, at, expectedAt: null },
});
const refused = (code: string): RolloutEntry => ({ what: 'refused', ...seen, code, detail: 'why' });

const derived: RolloutEntry = { what: 'derived', ...seen, pull: 12, changes: 1 };

const rows: readonly (readonly [string, readonly RolloutEntry[], RolloutState, number])[] = [
  ['nothing noted is pending', [], 'pending', 0],
  ['whose change it is changes nothing', [derived], 'pending', 0],
  ['an intent without a write is intended', [intent('apply')], 'intended', 0],
  ['an intent and its write are one write', [intent('apply'), written('apply')], 'applied', 1],
  ['a write whose report was lost counts when it is found', [intent('apply'), adopted('apply')], 'applied', 1],
  ['values that were there without an intent are no write', [adopted('apply')], 'applied', 0],
  ['a refusal before anything is refused', [refused('hold')], 'refused', 0],
  ['a refusal after the write does not undo it', [intent('apply'), written('apply'), refused('repair_failed')], 'applied', 1],
  ['doubt is a state of its own', [intent('apply'), refused('in_doubt')], 'in_doubt', 0],
  ['an owner’s retry starts anew', [intent('apply'), refused('in_doubt'), { what: 'retry', ...seen }], 'pending', 0],
  ['an improvement ends it', [intent('apply'), written('apply'), verified('improved')], 'verified', 1],
  ['nothing to verify ends it too', [intent('apply'), adopted('apply'), { what: 'done', ...seen }], 'verified', 1],
  ['waiting for a run does not end it', [intent('apply'), written('apply'), verified('awaiting-run')], 'awaiting-run', 1],
  ['no improvement is rolled back', [intent('apply'), written('apply'), verified('unchanged')], 'rolling-back', 1],
  [
    'no improvement of what a Proposal alone takes back is left to it',
    [adopted('apply'), verified('worse'), { what: 'proposal-due', ...seen }],
    'rollback-due',
    0,
  ],
  [
    'doubt about a rollback is doubt too',
    [written('apply'), verified('worse'), intent('rollback'), refused('in_doubt')],
    'in_doubt',
    1,
  ],
  [
    'an owner’s retry of a rollback rolls back, and applies nothing again',
    [written('apply'), verified('worse'), intent('rollback'), refused('in_doubt'), { what: 'retry', ...seen }],
    'rolling-back',
    1,
  ],
  [
    'a rollback ends it',
    [intent('apply'), written('apply'), verified('worse'), intent('rollback'), written('rollback')],
    'rolled-back',
    2,
  ],
  [
    'a rollback whose report was lost counts when it is found',
    [intent('apply'), written('apply'), verified('worse'), intent('rollback'), adopted('rollback')],
    'rolled-back',
    2,
  ],
];

describe('a rollout', () => {
  test.each(rows)('%s', (_, entries, state, writes) => {
    const rollout = foldRollout(entries);
    expect([rollout.state, rollout.writes]).toEqual([state, writes]);
  });

  const anyEntry = fc.constantFrom(
    intent('apply'),
    written('apply'),
    adopted('apply'),
    refused('hold'),
    refused('in_doubt'),
    verified('improved'),
    verified('worse'),
    intent('rollback'),
    written('rollback'),
    { what: 'proposal-due', ...seen } as const,
    derived,
    { ...derived, pull: null },
  );

  test('its log reads back as it was written', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 10 }), (entries) => {
        expect(parseRollout(entries.length === 0 ? '' : rolloutText(entries))).toEqual({ known: true, value: entries });
      }),
    );
  });

  test('it never counts fewer writes when more is noted', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 10 }), anyEntry, (entries, more) => {
        expect(foldRollout([...entries, more]).writes).toBeGreaterThanOrEqual(foldRollout(entries).writes);
      }),
    );
  });

  test.each(['```json lines\n{"what":"intent"}\n```', 'hello', '```json lines\nnot json\n```', '```json lines\n{}\n'])(
    'a log that was tampered with is unknown: %j',
    (text) => {
      expect(parseRollout(text).known).toBe(false);
    },
  );

  test('an applied change forgets what held it back before', () => {
    expect(foldRollout([refused('hold'), intent('apply'), written('apply')]).lastRefusal).toBeNull();
    expect(foldRollout([refused('hold'), adopted('apply')]).lastRefusal).toBeNull();
  });

  test.each([
    ['a verdict that it did not help', [written('apply'), verified('worse')], true],
    ['doubt about its rollback', [written('apply'), verified('worse'), intent('rollback'), refused('in_doubt')], true],
    ['doubt about its write', [intent('apply'), refused('in_doubt')], false],
    ['its rollback', [written('apply'), verified('worse'), written('rollback')], false],
  ] as const)('is being undone after %s: %s', (_, entries, is) => {
    expect(isUndoing(foldRollout(entries))).toBe(is);
  });

  test('who noted the intent of a rerun is known', () => {
    const intended: RolloutEntry = { what: 'rerun-intent', at, run: '2.1', how: 'repair', subject: '7' };
    expect(foldRollout([written('apply'), intended]).rerunBy).toBe('2.1');
  });

  test('what nothing happens before is noted with the write', () => {
    const record = { rerun: null, action: null, job_id: '42', verification: null };
    const whats = (change: Partial<Parameters<typeof notedWith>[0]>) =>
      notedWith({ ...record, ...change }, seen).map((one) => one.what);
    const verification = { kind: 'batch' as const, checks: [], settle_minutes: 0, within_minutes: 0 };
    expect(whats({})).toEqual(['done']);
    expect(whats({ verification })).toEqual([]);
    expect(whats({ verification, rerun: { how: 'repair', run_id: '7' } })).toEqual(['rerun-intent']);
    expect(whats({ action: { do: 'run-now', parameters: {} } })).toEqual(['rerun-intent']);
    expect(whats({ rerun: { how: 'repair', run_id: '7' }, job_id: null })).toEqual(['done']);
  });

  describe('after a rollback', () => {
    const restart: RolloutEntry = { what: 'rerun-intent', ...seen, how: 'restart', subject: '42' };
    const rerun: RolloutEntry = { what: 'rerun', ...seen, id: '9' };
    const undone = [written('apply'), restart, rerun, verified('worse'), intent('rollback'), written('rollback')];

    test('what was run with the change is over', () => {
      expect(foldRollout(undone)).toMatchObject({ rerun: 'none', rerunAt: null, stopping: null });
    });

    test.each([
      ['nothing is owed where nothing was intended', undone, false],
      ['a restart that was intended is owed', [...undone, restart], true],
      ['also one that was refused', [...undone, restart, refused('hold')], true],
      ['until it is done', [...undone, restart, rerun], false],
    ])('%s', (_, entries, is) => {
      const rollout = foldRollout(entries);
      expect([owesRestart(rollout), isFinished(rollout)]).toEqual([is, !is]);
    });

    test('a restart is intended for a stream that was restarted with the change, and nothing else', () => {
      const whats = (how: RerunHow) =>
        notedWithRollback({ rerun: { how, run_id: null }, action: null, job_id: '42' }, seen).map((one) => one.what);
      expect((['restart', 'cancel-and-run', 'run-now', 'repair'] as const).map(whats)).toEqual([
        ['rerun-intent'],
        ['rerun-intent'],
        [],
        [],
      ]);
    });
  });

  test('a restart is as old as its first intent, and knows the run that it stops', () => {
    const first: RolloutEntry = { what: 'rerun-intent', at, run: '1.1', how: 'cancel-and-run', subject: '42' };
    const next: RolloutEntry = { what: 'rerun-intent', at: '2026-11-23T04:20:00.000Z', run: '2.1', how: 'cancel', subject: '7' };
    const last: RolloutEntry = { ...next, how: 'run-now', subject: '42' };
    expect(foldRollout([written('apply'), first, next, last])).toMatchObject({ rerunAt: at, rerunBy: '2.1', stopping: '7' });
  });

  test('only ends are finished', () => {
    expect(rows.filter(([, entries]) => isFinished(foldRollout(entries))).map(([name]) => name)).toEqual([
      'an improvement ends it',
      'nothing to verify ends it too',
      'no improvement of what a Proposal alone takes back is left to it',
      'a rollback ends it',
      'a rollback whose report was lost counts when it is found',
    ]);
  });
});
