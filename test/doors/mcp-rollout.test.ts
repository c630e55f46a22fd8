import { readdirSync, readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProposeSettings } from '../../src/doors/mcp/sources.ts';
import { createMcp } from '../../src/doors/mcp.ts';
import { appPorts } from '../../src/doors/wiring.ts';
import { takeAlerts } from '../../src/flow/take-alerts.ts';
import { type Plant, startPlant } from '../../src/twin/databricks/plant.ts';
import { type Stage, stage } from '../support/github.ts';
import { clockOf, rehearsalStart, signalOf } from '../support/rehearsal.ts';

const RECORD_KEY = 'a-record-key';
const KEY = 'spark.sql.shuffle.partitions';
let plant: Plant;

beforeAll(async () => {
  plant = await startPlant({ workloads: ['oom'], start: rehearsalStart });
});
afterAll(() => plant.close());

function files(mode: string): Readonly<Record<string, string>> {
  const paths = ['jobs/orders-nightly.json', ...readdirSync('runbooks').map((name) => `runbooks/${name}`)];
  const target =
    '{name: orders-nightly, match: {job_name: orders-nightly}, files: [jobs/orders-nightly.json], kind: job-json, workspace: prod, job: {name: orders-nightly}, task: join_orders, rerun: repair}';
  return {
    ...Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')])),
    '.github/CODEOWNERS': '* @olga\n',
    '.github/sluice.yml': `mode: ${mode}\ninvestigate: command\nlimits: {percent_per_step: 400}\ntargets:\n  - ${target}\n`,
  };
}

/** A repository with one open incident that the App opened, and nothing proposed yet. */
async function incident(
  mode = 'propose',
): Promise<{ readonly at: Stage; readonly issue: number; readonly settings: ProposeSettings }> {
  const at = await stage({ files: files(mode) });
  const { data } = await at.app.rest.repos.get(at.at);
  const servers = { workspaces: [], metrics: [], appId: 7, applyAppId: 8, twinClock: undefined };
  const facts = { id: data.id, defaultBranch: 'main', botId: 0 };
  const settings = { botLogin: 'sluice[bot]', recordKey: RECORD_KEY, ...servers };
  const ports = appPorts(at.app, at.at, facts, settings, { set: () => {} });
  const alerts = { at: rehearsalStart.toISOString(), signals: [signalOf('oom')], truncated: 0 };
  expect(await takeAlerts([alerts], { ...ports, clock: clockOf(plant) })).toEqual([null]);
  const [issue] = await ports.issues.findByMarker('<!-- sluice:incident');
  const common = { repository: 'acme/pipelines', token: 'tok-olga', recordKey: RECORD_KEY };
  return { at, issue: issue?.number ?? 0, settings: { ...common, apiUrl: at.twin.url, bot: 'sluice[bot]' } };
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads the answer as a client does, by its field names.
async function rollout(settings: ProposeSettings, change: object, target = 'orders-nightly'): Promise<any> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  const servers = {
    workspaces: [{ name: 'prod', host: plant.databricks.url, token: plant.tokens.read }],
    metrics: [{ name: 'main', url: plant.metrics.url, headers: {} }],
  };
  await createMcp({ ...servers, clock: clockOf(plant), folder: '.', propose: settings }).connect(far);
  await client.connect(near);
  await client.listTools();
  const answer = await client.callTool({ name: 'rollout_config', arguments: { change, target } });
  await client.close();
  const [first] = Array.isArray(answer.content) ? answer.content : [];
  return answer.isError ? JSON.parse(String(first?.text)) : answer.structuredContent;
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
      bot: 'sluice[bot]',
      ...change,
    };

    expect(await rollout(settings, { incident: 1, key: KEY, value: 8 })).toMatchObject({
      error: { code: 'setting_missing', message: expect.stringContaining(name) },
    });
  });
});
