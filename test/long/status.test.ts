import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { STATUS_MARKER } from '../../src/render/gate.ts';
import { buildOnce, mergedAndRun, person, proposed, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const thread = (at: World, pull: number) => person(at, 'olga').thread(pull);
const statusOf = async (at: World, pull: number, words: string) =>
  until(`${words} on #${pull}`, async () =>
    (await thread(at, pull)).map((note) => note.body).find((body) => body.includes(STATUS_MARKER) && body.includes(words)),
  );

async function gateChecks(at: World, head: string): Promise<readonly string[]> {
  const listed = await writer(at, 'olga').ask('GET', `/commits/${head}/check-runs`);
  const runs: readonly { readonly name: string; readonly conclusion: string }[] = listed.check_runs ?? [];
  return runs.filter(({ name }) => name === 'sluice/gate').map(({ conclusion }) => conclusion);
}

/** Words that wake the App after the merge; the gate has been asked again once the Action is woken. */
async function talkedAbout(at: World, pull: number, head: string): Promise<void> {
  await person(at, 'wendy').say(pull, `/approve ${head}`);
  await person(at, 'olga').say(pull, '/retry');
  await until('the woken Action', async () => at.runner.runs.some((run) => run.event === 'repository_dispatch'));
  await at.runner.idle();
}

test('what is said after the merge changes neither the status nor the check', async () => {
  world = await startWorld({ workloads: ['oom'] });
  const { number, head } = await mergedAndRun(world, 'databricks-oom');
  const before = await statusOf(world, number, 'waiting for the next run');
  const checks = await gateChecks(world, head);
  await talkedAbout(world, number, head);

  expect(await statusOf(world, number, '')).toBe(before);
  expect(await gateChecks(world, head)).toEqual(checks);
});

test('a proposal that a person squashed says where it stands, whatever is said there', async () => {
  const config = readFileSync('.github/sluice.yml', 'utf8').replace('merge: auto', 'merge: manual');
  world = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': config } });
  const { number, head } = await proposed(world, 'databricks-oom');
  await person(world, 'olga').say(number, `/approve ${head}`);
  await statusOf(world, number, 'The gate is open');
  await writer(world, 'omar').ask('PUT', `/pulls/${number}/merge`, { sha: head, merge_method: 'squash' });
  await world.runner.idle();

  const waiting = await statusOf(world, number, 'waiting for the next run');
  await talkedAbout(world, number, head);
  expect(await statusOf(world, number, '')).toBe(waiting);
  await wake(world, 45);
  expect(await statusOf(world, number, 'The change helped: verified.')).toContain('Merged as');
});
