import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GithubSettings } from '../../src/doors/mcp/own-github.ts';
import { ownWorld } from '../../src/doors/mcp/own-world.ts';
import { type Plant, startPlant } from '../../src/twin/databricks/plant.ts';
import type { Stage } from '../support/github.ts';
import { ask, clientOf } from '../support/mcp.ts';
import { openIncident, RECORD_KEY } from '../support/mcp-incident.ts';
import { clockOf, rehearsalStart } from '../support/rehearsal.ts';

const APP = { bot: 'sluice[bot]', botId: null, appId: null };
const KEY = 'spark.sql.shuffle.partitions';
let plant: Plant;

beforeAll(async () => {
  plant = await startPlant({ workloads: ['oom'], start: rehearsalStart });
});
afterAll(() => plant.close());

/** The same under a person's own token. */
async function incident(
  mode = 'propose',
): Promise<{ readonly at: Stage; readonly issue: number; readonly settings: GithubSettings }> {
  const { at, issue } = await openIncident(plant, mode);
  const common = { repository: 'acme/pipelines', token: 'tok-olga', recordKey: RECORD_KEY };
  return { at, issue, settings: { ...common, apiUrl: at.twin.url, ...APP } };
}

async function rollout(settings: GithubSettings, change: object, target = 'orders-nightly') {
  const servers = {
    workspaces: [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read }],
    metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }],
    spark: null,
  };
  const world = ownWorld({ ...servers, clock: clockOf(plant), folder: '.', propose: true, github: settings });
  return ask(await clientOf(world), 'rollout_config', { change, target });
}

describe('rollout_config', () => {
  test('opens one pull request by the person who asks, applies nothing, and a second call finds it', async () => {
    const { at, issue, settings } = await incident();

    const opened = await rollout(settings, { incident: issue, key: KEY, value: 800 });
    const again = await rollout(settings, { incident: issue, key: KEY, value: 800 });
    const { data: pulls } = await at.user('alice').rest.pulls.list({ ...at.at, state: 'all' });
    const { data: changed } = await at.user('alice').rest.pulls.listFiles({ ...at.at, pull_number: opened.pull });

    expect(opened).toMatchObject({
      already: false,
      branch: `sluice/${issue}-1`,
      changes: [{ file: 'jobs/orders-nightly.json', old: '"200"', new: '"800"' }],
      next: expect.stringContaining(`/approve ${opened.head_sha}`),
    });
    expect(pulls.map((pull) => [pull.number, pull.user?.login, pull.draft, pull.merged_at])).toEqual([
      [opened.pull, 'olga', true, null],
    ]);
    expect(changed.map((file) => file.filename).sort()).toEqual([`.sluice/changes/${issue}-1.json`, 'jobs/orders-nightly.json']);
    expect(again).toMatchObject({ pull: opened.pull, already: true });
    expect(plant.databricks.writes).toEqual([]);
  });

  test.each([
    ['a key that no remedy of the runbook edits', { key: 'spark.sql.ansi.enabled', value: 'false' }, 'not_permitted'],
    ['a key whose cause the evidence does not show', { key: 'spark.sql.autoBroadcastJoinThreshold', value: -1 }, 'not_permitted'],
    ['a value of another type', { key: KEY, value: 'many' }, 'not_permitted'],
    ['a value that is in force already', { key: KEY, value: 200 }, 'not_permitted'],
    ['more than one step', { key: KEY, value: 50_000 }, 'limit_exceeded'],
  ])('refuses %s and opens nothing', async (_, change, code) => {
    const { at, issue, settings } = await incident();

    expect(await rollout(settings, { incident: issue, ...change })).toMatchObject({ error: { code } });
    expect((await at.user('alice').rest.pulls.list({ ...at.at, state: 'all' })).data).toEqual([]);
  });

  test('refuses another target than the incident’s, a number that is no incident, and another record key', async () => {
    const { issue, settings } = await incident();
    const change = { incident: issue, key: KEY, value: 800 };

    expect(await rollout(settings, change, 'customers-enrich')).toMatchObject({ error: { code: 'target_mismatch' } });
    expect(await rollout(settings, { ...change, incident: 999 })).toMatchObject({ error: { code: 'facts_unavailable' } });
    expect(await rollout({ ...settings, recordKey: 'guessed' }, change)).toMatchObject({ error: { code: 'facts_unavailable' } });
  });

  test('refuses in shadow mode', async () => {
    const { issue, settings } = await incident('shadow');

    expect(await rollout(settings, { incident: issue, key: KEY, value: 800 })).toMatchObject({
      error: { code: 'not_permitted' },
    });
  });

  test.each([
    ['GITHUB_TOKEN', { token: undefined }],
    ['GITHUB_REPOSITORY', { repository: undefined }],
    ['SLUICE_RECORD_KEY', { recordKey: undefined }],
  ])('says that %s is not set', async (name, change) => {
    const settings = {
      repository: 'a/b',
      token: 't',
      recordKey: 'k',
      apiUrl: 'http://127.0.0.1:1',
      ...APP,
      ...change,
    };

    expect(await rollout(settings, { incident: 1, key: KEY, value: 8 })).toMatchObject({
      error: { code: 'setting_missing', message: expect.stringContaining(name) },
    });
  });
});
