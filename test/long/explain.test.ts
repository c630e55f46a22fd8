import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { sluice } from '../doors/cli/sluice.ts';
import { buildOnce, person, proposed, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

/** What a step of somebody's pipeline knows: a token that reads, which account is the App's, and where the job and its signals are. */
async function environment({ github, plant, appEnvironment }: World): Promise<Readonly<Record<string, string>>> {
  const servers = Object.entries(appEnvironment).filter(([name]) => /^SLUICE_(WORKSPACE|PROMETHEUS|TWIN)_/.test(name));
  const headers = { authorization: 'token token-of-olga' };
  const bot = await fetch(`${github.url}/users/${encodeURIComponent('sluice[bot]')}`, { headers });
  return {
    ...Object.fromEntries(servers),
    SLUICE_BOT_ID: String(JSON.parse(await bot.text()).id),
    GITHUB_TOKEN: 'token-of-olga',
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.url,
    GITHUB_REPOSITORY: `${github.owner}/${github.repo}`,
    SLUICE_TWIN_CLOCK: plant.clockUrl,
  };
}

test('an open proposal is explained: whose approval is missing, and every fact', async () => {
  world = await startWorld({ workloads: ['oom'] });
  const pull = await proposed(world, 'databricks-oom');
  const address = `${world.github.url}/acme/pipelines/pull/${pull.number}`;
  const said = await sluice(['explain', address], { env: await environment(world) });
  expect(said.code).toBe(0);
  expect(said.stdout).toContain('approval_missing');
  expect(said.stdout).toContain(`/approve ${pull.head}`);
  expect(said.stdout).toContain('acme/data-oncall');
  const { stdout } = await sluice(['explain', address, '--json'], { env: await environment(world) });
  const document = JSON.parse(stdout);
  expect(document.verdict).toBe('wait');
  expect(document.reasons.map((one: { code: string }) => one.code)).toContain('approval_missing');
  expect(Object.keys(document.facts)).toEqual(['question', 'change', 'followUp', 'live']);
  expect(
    world.github.calls
      .all()
      .filter((call) => call.actor.includes('olga') && call.method !== 'GET' && !call.path.endsWith('/graphql')),
  ).toEqual([]);
});

test('the guard step of a pipeline lets an approved merge through, and no other', async () => {
  world = await startWorld({ workloads: ['bundle'] });
  const first = await writer(world, 'olga').main();
  const pull = await proposed(world, 'bundle-deploy');
  await person(world, 'olga').say(pull.number, `/approve ${pull.head}`);
  const merged = await until('a merge', async () => (await person(world as World, 'olga').pulls()).find((one) => one.merge));
  const approved = await sluice(['gate', '--sha', merged.merge ?? '', '--json'], { env: await environment(world) });
  expect(JSON.parse(approved.stdout)).toMatchObject({ verdict: 'allow', reasons: [] });
  expect(approved.code).toBe(0);
  const other = await sluice(['gate', '--sha', first, '--json'], { env: await environment(world) });
  expect(JSON.parse(other.stdout)).toMatchObject({ verdict: 'deny' });
  expect(JSON.parse(other.stdout).reasons[0]).toMatchObject({ code: 'merge_mismatch', observed: 'none: it was pushed' });
  expect(other.code).toBe(1);
});
