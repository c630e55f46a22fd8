import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { jobIds } from '../../src/twin/pipeline/workloads.ts';
import { buildOnce, person, resets, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const ORDERS = 'jobs/orders-nightly.json';
const ROLLUP = 'jobs/events-rollup.json';
const edited = (path: string, from: string | RegExp, to: string) => readFileSync(path, 'utf8').replace(from, to);

/** A person's pull request with these files; approved by an owner when `approved`, then merged by a person. */
async function merged(
  at: World,
  files: Readonly<Record<string, string>>,
  approved: boolean,
  from: { readonly author: 'omar' | 'wendy'; readonly owners: readonly ('olga' | 'omar')[] } = {
    author: 'omar',
    owners: ['olga'],
  },
): Promise<{ pull: number; merge: string; gate: string }> {
  const author = writer(at, from.author);
  const sha = await author.commit(files, [await author.main()]);
  await author.branch('by-hand', sha);
  const pull = await author.pull('by-hand');
  at.plant.clock.advance(60_000);
  if (approved) for (const owner of from.owners) await person(at, owner).say(pull, `/approve ${sha}`);
  const gate = await until('the gate’s answer', async () =>
    (await person(at, 'olga').thread(pull)).find((note) =>
      note.body.includes(approved ? 'The gate is open' : 'Approvals needed: 1; counted: 0'),
    ),
  );
  const { sha: merge } = await author.ask('PUT', `/pulls/${pull}/merge`, { sha, merge_method: 'merge' });
  await at.runner.idle();
  await at.github.deliveries.settled();
  return { pull, merge: String(merge), gate: gate.body };
}

async function start(options: Parameters<typeof startWorld>[0]): Promise<World> {
  world = await startWorld(options);
  return world;
}

const reported = (at: World, pull: number, words: string) =>
  until(`${words} on #${pull}`, async () => (await person(at, 'olga').thread(pull)).find((note) => note.body.includes(words)));

describe('a change that a person made and merged', () => {
  test('with an owner’s approval is applied by one write and told on its pull request', async () => {
    const at = await start({ workloads: ['oom'] });
    const before = at.plant.databricks.settingsText(jobIds.oom);
    const { pull } = await merged(at, { [ORDERS]: edited(ORDERS, '"num_workers": 4', '"num_workers": 6') }, true);

    expect(at.runner.runs.at(-1)?.outputs).toMatchObject({ decision: 'verified', writes: '1', 'change-id': ORDERS });
    const live = at.plant.databricks.settingsText(jobIds.oom);
    expect([resets(at), live]).toEqual([1, before?.replace(/"num_workers":\s*4/, (found) => found.replace('4', '6'))]);
    await reported(at, pull, 'Applied; the job and Git agree.');
    await wake(at, 5);
    expect([resets(at), at.runner.runs.at(-1)?.outputs.decision]).toEqual([1, 'nothing']);
  });

  test('without an approval is refused, and nothing is written', async () => {
    const at = await start({ workloads: ['oom'] });
    const { pull } = await merged(at, { [ORDERS]: edited(ORDERS, '"num_workers": 4', '"num_workers": 6') }, false);

    expect(at.runner.runs.at(-1)?.outputs).toMatchObject({ decision: 'refused', writes: '0' });
    expect(at.runner.runs.at(-1)?.outputs['reason-codes']).toContain('approval_missing');
    await reported(at, pull, 'The merged change was not applied.');
    await wake(at, 5);
    expect(resets(at)).toBe(0);
  });

  test('without an approval is applied once an owner approves it after the merge', async () => {
    const at = await start({ workloads: ['oom'] });
    const { pull } = await merged(at, { [ORDERS]: edited(ORDERS, '"num_workers": 4', '"num_workers": 6') }, false);
    const head = (await person(at, 'olga').pulls()).find((one) => one.number === pull)?.head;
    await person(at, 'olga').say(pull, `/approve ${head}`);
    await wake(at, 5);

    expect(resets(at)).toBe(1);
    await reported(at, pull, 'Applied; the job and Git agree.');
  });

  test('to two jobs is applied to both, each told for itself', async () => {
    const at = await start({ workloads: ['oom', 'bad'] });
    const files = {
      [ORDERS]: edited(ORDERS, '"num_workers": 4', '"num_workers": 6'),
      [ROLLUP]: edited(ROLLUP, '"num_workers": 4', '"num_workers": 5'),
    };
    const { pull, merge } = await merged(at, files, true);

    expect(at.runner.runs.at(-1)?.outputs).toMatchObject({ decision: 'verified,verified', writes: '2' });
    expect(resets(at)).toBe(2);
    expect(at.plant.databricks.settingsText(jobIds.oom)).toMatch(/"num_workers":\s*6/);
    expect(at.plant.databricks.settingsText(jobIds.bad)).toMatch(/"num_workers":\s*5/);
    const { check_runs: logs } = await writer(at, 'olga').ask(
      'GET',
      `/commits/${merge}/check-runs?check_name=sluice/rollout&filter=all`,
    );
    expect(logs).toHaveLength(2);
    await reported(at, pull, 'Target `orders-nightly`');
    await reported(at, pull, 'Target `events-rollup`');
  });

  test('that only moves text about is nothing to apply', async () => {
    const at = await start({ workloads: ['oom'] });
    await merged(at, { [ORDERS]: JSON.stringify(JSON.parse(readFileSync(ORDERS, 'utf8'))) }, true);

    expect([resets(at), at.runner.runs.at(-1)?.outputs.decision]).toEqual([0, 'nothing']);
  });

  test('that cannot be told is said early, and refused after its merge', async () => {
    const at = await start({ workloads: ['oom'] });
    const { pull, gate } = await merged(at, { [ORDERS]: edited(ORDERS, '{', '{"name": "twice",') }, true, {
      author: 'wendy',
      owners: ['olga', 'omar'],
    });

    expect(gate).toContain('the Action will refuse to apply it');
    await reported(at, pull, '`orders-nightly`: The merged change was not applied.');
    expect(at.runner.runs.at(-1)?.outputs['reason-codes']).toBe('key_duplicate');
    expect(resets(at)).toBe(0);
  });
});
