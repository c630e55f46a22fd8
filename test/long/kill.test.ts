import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { mortalWorld, rolloutOf } from '../support/kill.ts';
import { buildOnce, mergedAndRun, person, repairs, resets, until, wake } from '../support/story.ts';
import { doneTo, underWay } from '../support/stream.ts';

/**
 * The Action loses its machine right after a call took effect and before the answer arrived, at every call that changes something.
 * Counted from 1 over GitHub and Databricks together, in the order of one undisturbed attempt.
 */
const BOUNDARIES = [
  'the intent is noted',
  'the settings are written',
  'the write and the intent of the rerun are noted',
  'the deployment is made',
  'the deployment is told',
  'the run is repaired',
  'the rerun and the wait are noted',
];

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

/** A world whose first run of the Action is killed at its n-th changing call. */
async function killedAt(call: number, workload: 'oom' | 'lag' = 'oom'): Promise<World> {
  return (await mortalWorld(call, 'push', { workloads: [workload] })).at;
}

describe('an Action that is killed', () => {
  test.each(BOUNDARIES.map((name, index) => [name, index + 1] as const))(
    'as soon as %s is finished by the next one, with one write',
    async (_, call) => {
      world = await killedAt(call);
      const pull = await mergedAndRun(world, 'databricks-oom');
      expect(world.runner.runs[0]?.state).toBe('killed');
      await wake(world, 3);
      await wake(world, 45);
      const rollout = await rolloutOf(world, pull.merge ?? '');
      expect(rollout.state).toBe('verified');
      expect(rollout.writes).toBe(1);
      expect(resets(world)).toBe(1);
      expect(repairs(world)).toBe(1);
      const olga = person(world, 'olga');
      await until('the closed issue', async () => (await olga.issues()).find((issue) => issue.state === 'closed'));
    },
  );

  test('before its write, and woken too late, is in doubt until an owner says /retry', async () => {
    world = await killedAt(1);
    const pull = await mergedAndRun(world, 'databricks-oom');
    await wake(world, 40);
    expect((await rolloutOf(world, pull.merge ?? '')).state).toBe('in_doubt');
    expect(resets(world)).toBe(0);
    await wake(world, 40);
    expect(resets(world)).toBe(0);
    const olga = person(world, 'olga');
    await olga.say(pull.number, '/retry');
    await wake(world, 1);
    await wake(world, 45);
    expect(resets(world)).toBe(1);
    expect((await rolloutOf(world, pull.merge ?? '')).state).toBe('verified');
  });

  test('is not needed for an undisturbed attempt: the boundaries above are all there are', async () => {
    world = await killedAt(BOUNDARIES.length + 1);
    await mergedAndRun(world, 'databricks-oom');
    expect(world.runner.runs[0]?.state).toBe('success');
    expect(resets(world)).toBe(1);
  });
});

describe('an Action that is killed while it restarts a stream', () => {
  test.each([
    ['the write and the intent of the restart are noted', 3],
    ['the run is cancelled', 6],
    ['the restart and the wait are noted', 7],
  ])('as soon as %s is finished by the next one, with one write and one restart', async (_, call) => {
    world = await killedAt(call, 'lag');
    const { merge } = await mergedAndRun(world, 'kafka-lag');
    expect(world.runner.runs[0]?.state).toBe('killed');
    await wake(world, 3);
    await wake(world, 45);

    expect(doneTo(world)).toEqual(['reset', 'cancel']);
    expect((await rolloutOf(world, merge ?? '')).state).toBe('verified');
    expect(underWay(world)).toHaveLength(1);
  });
});

describe('an Action that is killed while it verifies', () => {
  test('as soon as the verdict is noted is finished by the next one: the verdict stands, and the issue is closed once', async () => {
    const { at, state } = await mortalWorld(1, 'schedule', { workloads: ['oom'] });
    world = at;
    const { merge } = await mergedAndRun(at, 'databricks-oom');
    state.armed = true;
    await wake(at, 45);
    expect(at.runner.runs.at(-1)?.state).toBe('killed');
    state.armed = false;
    await wake(at, 3);

    expect((await rolloutOf(at, merge ?? '')).state).toBe('verified');
    expect([resets(at), repairs(at)]).toEqual([1, 1]);
    const olga = person(at, 'olga');
    const closed = await until('the closed issue', async () => (await olga.issues()).find((issue) => issue.state === 'closed'));
    const said = (await olga.thread(closed.number)).filter((note) => note.body.includes('The change helped: verified.'));
    expect(said).toHaveLength(1);
  });
});

describe('a wire that breaks', () => {
  test('after the write was accepted costs nothing: one write, reported', async () => {
    world = await startWorld({ workloads: ['oom'] });
    world.plant.databricks.faults.add({ fault: { kind: 'accepted_then_broken' }, path: '/api/2.2/jobs/reset' });
    const pull = await mergedAndRun(world, 'databricks-oom');
    await wake(world, 45);
    expect(resets(world)).toBe(1);
    const rollout = await rolloutOf(world, pull.merge ?? '');
    expect([rollout.state, rollout.writes]).toEqual(['verified', 1]);
  });
});
