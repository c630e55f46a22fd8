import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, resets, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const CONFIG = readFileSync('.github/sluice.yml', 'utf8').replace('merge: auto', 'merge: manual');
/** Tokens are asked for once an hour and belong to no question. */
const countOf = (at: World, actors: RegExp) =>
  at.github.calls.all().filter(({ actor, path }) => actors.test(actor) && !/access_tokens|\/installation$/.test(path)).length;

test('a decision costs at most 12 calls to GitHub, the approval’s acknowledgement and the status included; an apply with both of its at most 30', async () => {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': CONFIG } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const olga = person(at, 'olga');
  const before = countOf(at, /^app:7$/);
  await olga.say(pull.number, `/approve ${pull.head}`);
  await until('the open gate in the status', async () =>
    (await olga.thread(pull.number)).find((note) => note.body.includes('The gate is open')),
  );
  await at.github.deliveries.settled();
  const decision = countOf(at, /^app:7$/) - before;

  await writer(at, 'omar').ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' });
  await at.runner.idle();
  const apply = countOf(at, /^(app:8|actions)$/);

  expect(resets(at)).toBe(1);
  expect([decision, decision <= 12]).toEqual([decision, true]);
  expect([apply, apply <= 30]).toEqual([apply, true]);
});
