import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const CONF = 'jobs/spark-defaults.conf';
const edited = readFileSync(CONF, 'utf8').replace(/(shuffle\.partitions\s+)200/, '$1900');
const IN_FORCE = 'A change that the gate did not allow is in force: its merge applied it.';

async function start(): Promise<World> {
  world = await startWorld({ workloads: ['conf'] });
  return world;
}

const told = (at: World, thread: number, words: string) =>
  until(`${words} on #${thread}`, async () =>
    (await person(at, 'olga').thread(thread)).find((note) => note.ours && note.body.includes(words)),
  );

/** A person's pull request of the file that the merge applies. */
async function byHand(
  at: World,
): Promise<{ readonly pull: number; readonly sha: string; readonly merge: () => Promise<unknown> }> {
  const omar = writer(at, 'omar');
  const sha = await omar.commit({ [CONF]: edited }, [await omar.main()]);
  await omar.branch('by-hand', sha);
  const pull = await omar.pull('by-hand');
  await told(at, pull, 'The gate waits.');
  at.plant.clock.advance(60_000);
  return { pull, sha, merge: () => omar.ask('PUT', `/pulls/${pull}/merge`, { sha, merge_method: 'merge' }) };
}

test('an unapproved proposal whose merge is the apply is told on its incident, with what to do', async () => {
  const at = await start();
  const pull = await proposed(at, 'conf-merge');
  await writer(at, 'wendy').ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' });
  const { body } = await told(at, 1, IN_FORCE);
  expect(body).toMatch(/in_force .*\n?.*approval_missing jobs\/spark-defaults\.conf/);
  expect(body).toContain('Revert it, or an owner approves it after the fact');
});

test('a person’s is told on their pull request, once, and is in order when an owner approves it after the fact', async () => {
  const at = await start();
  const { pull, sha, merge } = await byHand(at);
  await merge();
  await told(at, pull, IN_FORCE);
  await wake(at, 15);
  await person(at, 'olga').say(pull, `/approve ${sha}`);
  await wake(at, 15);
  await told(at, pull, 'Applied; the job and Git agree.');
  const notes = await person(at, 'olga').thread(pull);
  expect(notes.filter(({ body }) => body.startsWith('### A change that the gate did not allow'))).toHaveLength(1);
});

test('an approved one of a person is told as applied', async () => {
  const at = await start();
  const { pull, sha, merge } = await byHand(at);
  await person(at, 'olga').say(pull, `/approve ${sha}`);
  await told(at, pull, 'The gate is open');
  await merge();
  await told(at, pull, 'Applied; the job and Git agree.');
});

test('one that was pushed is told on an issue about its commit', async () => {
  const at = await start();
  const wendy = writer(at, 'wendy');
  const sha = await wendy.commit({ [CONF]: edited }, [await wendy.main()]);
  await wendy.ask('PATCH', '/git/refs/heads/main', { sha });
  const issue = await until('an issue about the commit', async () =>
    (await person(at, 'olga').issues()).find(({ body }) => body.includes(`git revert ${sha}`)),
  );
  await told(at, issue.number, IN_FORCE);
  await wake(at, 15);
  expect(await person(at, 'olga').issues()).toHaveLength(1);
});
