import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { mortalWorld, rolloutOf } from '../support/kill.ts';
import { buildOnce, mergedAndRun, person, resets, until, wake } from '../support/story.ts';

/**
 * The attempt that finds no improvement and rolls back loses its machine right after a call took effect and before the answer arrived:
 * at every call of it that changes something, over GitHub and Databricks together, in the order of one undisturbed attempt.
 */
const BOUNDARIES = [
  'the verdict is noted',
  'the intent to roll back is noted',
  'the old settings are written',
  'the rollback is noted',
];

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

/** Merged, applied, and then the attempt that finds no improvement. */
async function rolledBackAt(call: number) {
  const { at, state } = await mortalWorld(call, 'schedule', { workloads: ['bad'] });
  world = at;
  const before = at.plant.databricks.settingsText(jobIds.bad);
  const pull = await mergedAndRun(at, 'bad-fix');
  // The run that judges it has not ended yet.
  await wake(at, 45);
  expect(resets(at)).toBe(1);
  state.armed = true;
  await wake(at, 45);
  const { state: end } = at.runner.runs.at(-1) ?? { state: null };
  state.armed = false;
  return { at, before, end, merge: pull.merge ?? '', pull: pull.number };
}

describe('an Action that is killed while it rolls back', () => {
  test.each(BOUNDARIES.map((name, index) => [name, index + 1] as const))(
    'as soon as %s is finished by the next one, with two writes in all',
    async (_, call) => {
      const { at, before, end, merge, pull } = await rolledBackAt(call);
      expect(end).toBe('killed');
      await wake(at, 3);
      await wake(at, 3);

      expect(resets(at)).toBe(2);
      expect(at.plant.databricks.settingsText(jobIds.bad)).toBe(before);
      const rollout = await rolloutOf(at, merge);
      expect([rollout.state, rollout.writes]).toEqual(['rolled-back', 2]);
      const olga = person(at, 'olga');
      await until('the rollback proposal', async () =>
        (await olga.pulls()).find((one) => one.number !== pull && one.state === 'open'),
      );
      const [incident] = await olga.issues();
      await until('the truth on the incident', async () =>
        (await olga.thread(incident?.number ?? 0)).find((note) => note.body.includes('was rolled back')),
      );
    },
  );

  test('before it wrote, and woken too late, is in doubt until an owner says /retry', async () => {
    const { at, before, merge, pull } = await rolledBackAt(2);
    await wake(at, 40);
    expect((await rolloutOf(at, merge)).state).toBe('in_doubt');
    await wake(at, 40);
    expect(resets(at)).toBe(1);
    await person(at, 'olga').say(pull, '/retry');
    await wake(at, 1);

    expect(resets(at)).toBe(2);
    expect(at.plant.databricks.settingsText(jobIds.bad)).toBe(before);
    expect((await rolloutOf(at, merge)).state).toBe('rolled-back');
  });

  test('does not roll back while somebody holds, and does once they lift it', async () => {
    const { at, merge, pull } = await rolledBackAt(1);
    const omar = person(at, 'omar');
    await omar.say(pull, '/hold');
    await wake(at, 3);
    expect([resets(at), at.runner.runs.at(-1)?.outputs['reason-codes']]).toEqual([1, 'hold']);
    await omar.say(pull, '/retry');
    await wake(at, 3);
    expect([resets(at), (await rolloutOf(at, merge)).state]).toEqual([2, 'rolled-back']);
  });

  test('and is run again by hand afterwards applies nothing a second time, and says why', async () => {
    const { at, before, merge } = await rolledBackAt(BOUNDARIES.length + 1);
    const runs = at.runner.runs.length;
    for (const { id } of at.runner.runs.slice()) at.runner.rerun(id);
    await at.runner.idle();

    const again = at.runner.runs.slice(runs);
    expect(again.length).toBeGreaterThan(1);
    for (const { state, outputs } of again)
      expect([state, outputs]).toMatchObject(['success', { decision: 'rolled-back', 'reason-codes': 'diverged', writes: '0' }]);
    expect([resets(at), at.plant.databricks.settingsText(jobIds.bad)]).toEqual([2, before]);
    expect((await rolloutOf(at, merge)).state).toBe('rolled-back');
  });

  test('is not needed for an undisturbed attempt: the boundaries above are all there are', async () => {
    const { at, end } = await rolledBackAt(BOUNDARIES.length + 1);
    expect([end, resets(at)]).toEqual(['success', 2]);
  });
});
