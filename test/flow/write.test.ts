import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldRollout } from '../../src/core/rollout.ts';
import { writeSettings } from '../../src/flow/write.ts';
import { known } from '../../src/model/known.ts';
import type { Reason } from '../../src/model/reason.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import type { Clock, RolloutLog, WorkspaceReader, WorkspaceWriter } from '../../src/ports.ts';

const change = { file: 'jobs/a.json', selector: 'max_concurrent_runs', old: '1', new: '2' };
const settings = (value: string) => `{"name":"a","max_concurrent_runs":${value}}`;

/** What goes wrong at the n-th call of an attempt: the machine is lost before or after it took effect, or the wire breaks. */
type Trouble = { readonly at: number; readonly what: 'lost before' | 'lost after' | 'wire' };

/** One job and one log that outlive attempts; every port call is a place where an attempt can end. */
function world() {
  const state = {
    value: '1',
    entries: [] as RolloutEntry[],
    time: Date.parse('2026-11-23T04:00:00Z'),
    transitions: 0,
    resets: 0,
  };
  const ports = (trouble: Trouble | null) => {
    let calls = 0;
    const during = async <T>(effect: () => T): Promise<T> => {
      calls++;
      if (trouble?.at === calls && trouble.what === 'lost before') throw new Error('lost');
      const result = effect();
      if (trouble?.at === calls && trouble.what === 'lost after') throw new Error('lost');
      return result;
    };
    const clock: Clock = {
      now: async () => new Date(state.time),
      sleep: async (milliseconds) => {
        state.time += milliseconds;
      },
    };
    const log: RolloutLog = {
      read: () => during(() => known([...state.entries])),
      append: (_, ...entries) => during(() => void state.entries.push(...entries)),
    };
    const reader = {
      name: 'prod',
      host: 'h',
      job: (id: string) => during(() => known({ id, name: 'a', settings: settings(state.value), managedBy: null })),
    };
    const writer = {
      reset: (_: string, body: string) =>
        during(() => {
          state.resets++;
          const next = /"max_concurrent_runs":(\d+)/.exec(body)?.[1] ?? '';
          if (next !== state.value) state.transitions++;
          state.value = next;
          return trouble?.at === calls && trouble.what === 'wire'
            ? ({ done: false, sure: false, why: 'broken' } as const)
            : ({ done: true, id: null } as const);
        }),
    };
    return { clock, log, reader: reader as unknown as WorkspaceReader, writer: writer as unknown as WorkspaceWriter };
  };
  const attempt = (run: string, trouble: Trouble | null = null, stillAllowed: () => Promise<Reason | null> = async () => null) =>
    writeSettings(
      {
        key: { merge: 'm', target: 't' },
        jobId: '42',
        changes: [change],
        direction: 'apply',
        run,
        stillAllowed,
        notedWith: () => [],
      },
      ports(trouble),
    ).catch(() => null);
  return { state, attempt };
}

describe('a write', () => {
  test('undisturbed is one reset, noted before and after', async () => {
    const { state, attempt } = world();
    expect(await attempt('1.1')).toEqual({ done: true, writes: 1, settings: settings('2') });
    expect(state.entries.map((entry) => entry.what)).toEqual(['intent', 'written']);
    expect([state.resets, state.value]).toEqual([1, '2']);
  });

  test('lost or cut at any call is finished by the next attempts with one net transition, truly reported', async () => {
    const trouble = fc.record({
      at: fc.integer({ min: 1, max: 9 }),
      what: fc.constantFrom('lost before', 'lost after', 'wire'),
    }) as fc.Arbitrary<Trouble>;
    await fc.assert(
      fc.asyncProperty(fc.array(trouble, { maxLength: 4 }), async (troubles) => {
        const { state, attempt } = world();
        for (const [index, one] of troubles.entries()) await attempt(`${index}.1`, one);
        const last = await attempt('9.1');
        const rollout = foldRollout(state.entries);
        expect(state.transitions).toBe(1);
        expect(state.value).toBe('2');
        expect(last?.done).toBe(true);
        expect([rollout.state, rollout.writes]).toEqual(['applied', 1]);
      }),
      { numRuns: 300 },
    );
  });

  test('never undoes somebody else’s edit', async () => {
    const trouble = fc.record({
      at: fc.integer({ min: 1, max: 9 }),
      what: fc.constantFrom('lost before', 'lost after', 'wire'),
    }) as fc.Arbitrary<Trouble>;
    await fc.assert(
      fc.asyncProperty(trouble, async (one) => {
        const { state, attempt } = world();
        await attempt('1.1', one);
        state.value = '7';
        const result = await attempt('2.1');
        expect(state.value).toBe('7');
        expect(result?.done === false && result.reason.code).toBe('drift');
      }),
    );
  });

  test('sends nothing that was read before the last question: an edit made meanwhile is drift', async () => {
    const { state, attempt } = world();
    const asked = async () => {
      state.value = '7';
      return null;
    };
    const result = await attempt('1.1', null, asked);
    expect(result?.done === false && result.reason.code).toBe('drift');
    expect([state.resets, state.value]).toEqual([0, '7']);
  });

  test('is not made when the last question before it says no', async () => {
    const { state, attempt } = world();
    const no = { code: 'hold', subject: '@olga', expected: 'no hold', observed: 'hold' } as const;
    expect(await attempt('1.1', null, async () => no)).toEqual({ done: false, reason: no });
    expect([state.resets, state.value]).toEqual([0, '1']);
  });
});
