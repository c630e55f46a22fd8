import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { buildOnce, person, proposed, resets, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const shipped = readFileSync('.github/sluice.yml', 'utf8');
/** The rehearsal starts on Friday 20 November 2026: in a freeze nobody's approval is enough. */
const FREEZE = '\nfreezes:\n  - { name: november, from: "2026-11-19", to: "2026-11-30", zone: UTC }\n';
const NAMED = shipped.replace('approvals:\n', 'approvals:\n  break_glass: [omar, wendy]\n') + FREEZE;

const followUps = async (at: World) =>
  (await person(at, 'olga').issues()).filter(({ title }) => title.startsWith('Break-glass was used'));

async function announcements(at: World): Promise<number> {
  const olga = person(at, 'olga');
  const said = await Promise.all((await olga.issues()).map(({ number }) => olga.thread(number)));
  return said.flat().filter((note) => note.body.includes('Break-glass was used on')).length;
}

async function status(at: World, pull: number, words: string): Promise<string> {
  return until(`${words} in the status`, async () => {
    const notes = await person(at, 'olga').thread(pull);
    return notes.map((note) => note.body).find((body) => body.includes('sluice:status') && body.includes(words));
  });
}

test('in a freeze two named people let a proposal pass; it is applied, announced, and an issue remains', async () => {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': NAMED } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const glass = `/approve ${pull.head} --break-glass orders are not shipped`;
  await person(at, 'omar').say(pull.number, glass);
  expect(await status(at, pull.number, 'a second of')).toContain('@wendy');
  await person(at, 'wendy').say(pull.number, glass);
  await until('a merge', async () => (await person(at, 'olga').pulls()).find((one) => one.merged));
  await at.runner.idle();
  await wake(at, 45);

  expect(resets(at)).toBe(1);
  const [issue, ...more] = await followUps(at);
  expect(more).toEqual([]);
  for (const said of [`#${pull.number}`, '@omar', '@wendy', 'orders are not shipped', pull.head, 'freeze_active'])
    expect(issue?.body).toContain(said);
  expect(await announcements(at)).toBe(1);
  await status(at, pull.number, `#${issue?.number} waits for an owner`);
});

test('what a person merges on broken glass is announced with the first report', async () => {
  const config = NAMED.replace('merge: auto', 'merge: manual');
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': config } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  for (const login of ['omar', 'wendy'])
    await person(at, login).say(pull.number, `/approve ${pull.head} --break-glass orders are not shipped`);
  await status(at, pull.number, 'two people broke the glass');
  expect(await followUps(at)).toEqual([]);
  await writer(at, 'olga').ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' });
  await at.runner.idle();
  await wake(at, 45);

  expect(resets(at)).toBe(1);
  expect(await followUps(at)).toHaveLength(1);
  expect(await announcements(at)).toBe(1);
});

test('where the policy names nobody it is answered, and nothing passes', async () => {
  const at = await startWorld({ workloads: ['oom'], files: { '.github/sluice.yml': shipped + FREEZE } });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  for (const login of ['omar', 'wendy']) await person(at, login).say(pull.number, `/approve ${pull.head} --break-glass now`);
  const answers = await until('two answers', async () => {
    const notes = (await person(at, 'olga').thread(pull.number)).filter((note) => note.body.includes('break_glass_denied'));
    return notes.filter((note) => !note.body.includes('sluice:status')).length === 2 && notes;
  });
  expect(answers[0]?.body).toContain('is off');
  await wake(at, 10);
  expect([(await person(at, 'olga').pulls())[0]?.merged, resets(at)]).toEqual([false, 0]);
});
