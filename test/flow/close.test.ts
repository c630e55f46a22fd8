import { describe, expect, test } from 'vitest';
import { type ClosePorts, reportRollout } from '../../src/flow/close.ts';
import type { HistoryEntry } from '../../src/model/history.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import type { Verification } from '../../src/model/verification.ts';
import { MERGE, record } from '../support/gate.ts';

const seen = { at: '2026-11-23T04:00:00.000Z', run: '1.1' };
const derived = (pull: number | null): RolloutEntry => ({ what: 'derived', ...seen, pull, changes: 1 });
const written: RolloutEntry = { what: 'written', ...seen, writes: 1, direction: 'apply' };
const done: RolloutEntry = { what: 'done', ...seen };
const refused = (code: string): RolloutEntry => ({ what: 'refused', ...seen, code, detail: `${code} here` });
const verified = (verdict: Verification['verdict']): RolloutEntry => ({
  what: 'verified',
  ...seen,
  verification: { verdict, checks: [], runId: null, at: seen.at, expectedAt: null },
});

/** Threads and logs that outlive reports. */
function world(logs: Readonly<Record<string, readonly RolloutEntry[]>>) {
  const state = { said: [] as string[], closed: [] as number[], history: new Map<number, HistoryEntry[]>(), asked: 0 };
  const never = async () => {
    throw new Error('not asked here');
  };
  const ports: ClosePorts = {
    clock: { now: async () => new Date('2026-11-23T04:10:00Z'), sleep: async () => undefined },
    issues: {
      findByMarker: never,
      thread: never,
      notes: never,
      reviews: never,
      open: never,
      update: async (number) => {
        state.closed.push(number);
      },
      comment: async (number, body) => {
        state.said.push(`#${number} ${body.split('\n')[0]} ${/Target `([^`]*)`/.exec(body)?.[1]}`);
        return 1;
      },
      editComment: never,
      react: never,
    },
    content: { tip: never, read: async () => null, list: async () => [] },
    config: { config: never, runbooks: never },
    merged: {
      merged: never,
      at: async (merge) => {
        state.asked++;
        const path = '.sluice/changes/7-1.json';
        return known({ changes: [{ path, record: record(), merge, order: 0, derived: false }], touched: [] });
      },
    },
    log: { read: async ({ target }) => (logs[target] ? known(logs[target]) : unknown('unreadable')) },
    history: {
      read: async (thread) => ({ entries: state.history.get(thread) ?? [], forged: 0 }),
      readPull: never,
      mark: (thread, entries) => {
        state.history.set(thread, [...(state.history.get(thread) ?? []), ...entries]);
        return '<!-- mark -->';
      },
    },
    proposals: { commit: never, open: never, find: never, explain: never, merge: never },
    repositoryId: 1,
  };
  return { state, report: (target: string) => reportRollout(MERGE, target, ports) };
}

describe('the end of a rollout', () => {
  test('of a record is told on its incident, which is closed', async () => {
    const { state, report } = world({ orders: [written, verified('improved')] });
    await report('orders');
    expect([state.said, state.closed]).toEqual([['#7 ### The change helped: verified. orders'], [7]]);
  });

  test('of a person’s change is told on its pull request, and nothing else is read', async () => {
    const { state, report } = world({ orders: [derived(12), written, done] });
    await report('orders');
    expect([state.said, state.closed, state.asked]).toEqual([['#12 ### Applied; the job and Git agree. orders'], [], 0]);
  });

  test('of one merge for two targets is told for each, once', async () => {
    const { state, report } = world({ a: [derived(12), refused('drift')], b: [derived(12), written, done] });
    for (const target of ['a', 'b', 'a', 'b']) await report(target);
    expect(state.said).toEqual(['#12 ### The merged change was not applied. a', '#12 ### Applied; the job and Git agree. b']);
  });

  test.each([
    ['steps on the way', [derived(12), written]],
    ['a rollback under way', [written, verified('worse')]],
    ['a push that no pull request brought', [derived(null), refused('merged_around_gate')]],
    ['an empty log', []],
  ] as const)('is not told for %s', async (_, entries) => {
    const { state, report } = world({ orders: entries });
    await report('orders');
    expect(state.said).toEqual([]);
  });

  test('is not told of a log that cannot be read, nor of a target that the merge did not bring', async () => {
    const { state, report } = world({ other: [written, verified('improved')] });
    expect([await report('orders'), await report('other')]).toEqual([null, null]);
    expect(state.said).toEqual([]);
  });

  test('is not what a held rollback is: people are told why it waits', async () => {
    const { state, report } = world({ orders: [written, verified('worse'), refused('hold')] });
    await report('orders');
    expect([state.said, state.closed]).toEqual([['#7 ### The change did not help; it is being rolled back. orders'], []]);
  });
});
