import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldRollout, isFinished } from '../../src/core/rollout.ts';
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

const rows: readonly (readonly [string, readonly RolloutEntry[], RolloutState, number])[] = [
  ['nothing noted is pending', [], 'pending', 0],
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
