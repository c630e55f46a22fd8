import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { mortalWorld, rolloutOf } from '../support/kill.ts';
import { buildOnce, mergedAndRun, wake } from '../support/story.ts';
import { doneTo, makeWeekly, underWay, uselessForLag, weeklyFile } from '../support/stream.ts';

/**
 * A stream that nothing but us starts again. The Action loses its machine right after a call took effect, at every call of the restart:
 * over GitHub and Databricks together, in the order of one undisturbed attempt.
 */
const AFTER_APPLY = [
  ['the write and the intent of the restart are noted', 3],
  ['the run that is cancelled is noted', 6],
  ['the run is cancelled', 7],
  ['the run that is started is noted', 8],
  ['the job is run', 9],
  ['the restart and the wait are noted', 10],
] as const;

const AFTER_ROLLBACK = [
  ['the rollback and the intent of its restart are noted', 4],
  ['the run that is cancelled is noted', 5],
  ['the run is cancelled', 6],
  ['the run that is started is noted', 7],
  ['the job is run', 8],
  ['the restart is noted', 9],
] as const;

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const settingsOf = (at: World) => at.plant.databricks.settingsText(jobIds.lag);
/** Without the repetition of a cancel that an attempt may have died before the answer of. */
const once = (done: readonly string[]) => done.filter((one, index) => one !== done[index - 1]);

describe('an Action that is killed while it restarts a stream', () => {
  const merged = async (call: number) => {
    const { at } = await mortalWorld(call, 'push', { workloads: ['lag'], files: weeklyFile() });
    world = at;
    await makeWeekly(at);
    const { merge } = await mergedAndRun(at, 'kafka-lag');
    return { at, merge: merge ?? '' };
  };

  test.each(AFTER_APPLY)('as soon as %s leaves one run with the new settings after the next one', async (_, call) => {
    const { at, merge } = await merged(call);
    expect(at.runner.runs[0]?.state).toBe('killed');
    await wake(at, 3);
    await wake(at, 45);

    expect(once(doneTo(at)).slice(0, 3)).toEqual(['reset', 'cancel', 'run-now']);
    expect(underWay(at).map(({ settings }) => settings)).toEqual([settingsOf(at)]);
    expect((await rolloutOf(at, merge)).state).toBe('verified');
  });

  test('after it was cancelled starts it again however late the next one comes', async () => {
    const { at } = await merged(7);
    await wake(at, 120);

    expect(underWay(at).map(({ settings }) => settings)).toEqual([settingsOf(at)]);
  });

  test('before it was cancelled leaves it as it is when the next one comes too late', async () => {
    const { at, merge } = await merged(3);
    await wake(at, 120);

    expect(doneTo(at)).toEqual(['reset']);
    expect(underWay(at)).toHaveLength(1);
    expect((await rolloutOf(at, merge)).lastRefusal?.detail).toContain('start it by hand');
  });

  test('is not needed for an undisturbed attempt: the boundaries above are all there are', async () => {
    const { at } = await merged(11);
    expect(at.runner.runs[0]?.state).toBe('success');
    expect(doneTo(at)).toEqual(['reset', 'cancel', 'run-now']);
  });
});

describe('an Action that is killed while it restarts a stream after a rollback', () => {
  const undone = async (call: number) => {
    const { at, state } = await mortalWorld(call, 'schedule', {
      workloads: ['lag'],
      files: { ...weeklyFile(), ...uselessForLag() },
    });
    world = at;
    await makeWeekly(at);
    const before = settingsOf(at);
    const { merge } = await mergedAndRun(at, 'kafka-lag');
    state.armed = true;
    await wake(at, 45);
    state.armed = false;
    return { at, before, merge: merge ?? '' };
  };

  test.each(AFTER_ROLLBACK)('as soon as %s leaves one run with the old settings after the next one', async (_, call) => {
    const { at, before, merge } = await undone(call);
    expect(at.runner.runs.at(-1)?.state).toBe('killed');
    await wake(at, 3);
    await wake(at, 3);

    expect(once(doneTo(at)).slice(3, 6)).toEqual(['reset', 'cancel', 'run-now']);
    expect(underWay(at).map(({ settings }) => settings)).toEqual([before]);
    const { state, rerun } = await rolloutOf(at, merge);
    expect([state, rerun]).toEqual(['rolled-back', 'done']);
  });

  test('is not needed for an undisturbed attempt: the boundaries above are all there are', async () => {
    const { at } = await undone(10);
    expect(at.runner.runs.at(-1)?.state).toBe('success');
  });
});
