import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { foldRollout } from '../../src/core/rollout.ts';
import { checkTexts } from '../../src/doors/demo/people.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { parseRollout } from '../../src/schema/rollout.ts';
import { buildOnce, mergedAndRun, person, repairs, resets, until, wake } from '../support/story.ts';

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
async function killedAt(call: number): Promise<World> {
  const stop = new AbortController();
  let seen = 0;
  const made = await startWorld({
    workloads: ['oom'],
    kill: (run) => (run.event === 'push' && run.attempt === 1 ? stop.signal : undefined),
  });
  const count = () => {
    seen++;
    if (seen === call) stop.abort();
  };
  made.github.onExchange(({ method, path }) => {
    const last = made.github.calls.all().at(-1);
    if (
      method !== 'GET' &&
      !path.endsWith('/graphql') &&
      !path.includes('access_tokens') &&
      /^(app:8|actions)$/.test(last?.actor ?? '')
    )
      count();
  });
  made.plant.databricks.onCall(({ method, path, token }) => {
    if (token === 'write' && method === 'POST' && !path.endsWith('/clusters/events')) count();
  });
  return made;
}

async function rolloutOf(at: World, merge: string) {
  const [text] = await checkTexts(at.github.url, 'acme/pipelines', 'token-of-olga', merge, 'sluice/rollout');
  const entries = parseRollout(text ?? '');
  return foldRollout(entries.known ? entries.value : []);
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
