import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, mergedAndRun, person, resets, until, wake } from '../support/story.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

/** A remedy that did not help, rolled back by the Action, with its Proposal open. */
async function rolledBack(): Promise<{
  readonly at: World;
  readonly rollback: number;
  readonly head: string;
  readonly before: string;
}> {
  world = await startWorld({ workloads: ['bad'] });
  const before = world.plant.databricks.settingsText(jobIds.bad);
  const pull = await mergedAndRun(world, 'bad-fix');
  for (let look = 0; look < 6 && resets(world) < 2; look++) await wake(world, 45);
  const olga = person(world, 'olga');
  const proposal = await until('the rollback proposal', async () =>
    (await olga.pulls()).find((one) => one.number !== pull.number),
  );
  await until('its status', async () => (await olga.thread(proposal.number)).some((note) => note.body.includes('sluice:status')));
  return { at: world, rollback: proposal.number, head: proposal.head, before };
}

test('a rollback is brought into Git by a proposal that an owner approves, and its apply writes nothing', async () => {
  const { at, rollback, head, before } = await rolledBack();
  expect(at.plant.databricks.settingsText(jobIds.bad)).toBe(before);
  const olga = person(at, 'olga');
  await olga.say(rollback, `/approve ${head}`);
  await until('the merge of the rollback', async () => (await olga.pulls()).find((one) => one.number === rollback && one.merged));
  await at.runner.idle();
  await until('the closed issue', async () => (await olga.issues()).find((issue) => issue.state === 'closed'));
  expect(resets(at)).toBe(2);
  expect(at.plant.databricks.settingsText(jobIds.bad)).toBe(before);
});

test('a rollback proposal is not approved by the approval of the change it undoes', async () => {
  const { at, rollback } = await rolledBack();
  const olga = person(at, 'olga');
  const [change] = (await olga.pulls()).filter((one) => one.number !== rollback);
  await olga.say(rollback, `/approve ${change?.head}`);
  const answer = await until('an answer', async () =>
    (await olga.thread(rollback)).map((note) => note.body).find((body) => body.includes('changes nothing')),
  );
  expect(answer).toContain('approval_wrong_sha');
  expect((await olga.pulls()).find((one) => one.number === rollback)?.merged).toBe(false);
});
