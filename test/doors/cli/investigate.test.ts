import { cpSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Plant, startPlant } from '../../../src/twin/databricks/plant.ts';
import { startSparkRest } from '../../../src/twin/pipeline/spark-rest.ts';
import type { WorkloadName } from '../../../src/twin/pipeline/workloads.ts';
import { rehearsalStart } from '../../support/rehearsal.ts';
import { applicationStart, environment, logStart, stageLine, taskEnd } from '../../support/spark-log.ts';
import { alertOf, build, document, type Ended, folder, sluice, webhook } from './sluice.ts';

let plant: Plant;

beforeAll(async () => {
  await build();
  plant = await startPlant({ workloads: ['oom', 'lag', 'healthy'], start: rehearsalStart });
});
afterAll(() => plant.close());

interface Asked {
  readonly repo?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly json?: boolean;
}

async function investigated(name: WorkloadName, { repo = '.', args, env, json = true }: Asked = {}) {
  const file = `${folder({ 'alert.json': webhook(alertOf(name)) })}/alert.json`;
  const both = ['--prometheus', plant.metrics.url, '--databricks', plant.databricks.url];
  return sluice(['investigate', '--alert', file, '--repo', repo, ...(args ?? both), ...(json ? ['--json'] : [])], {
    env: { SLUICE_TWIN_CLOCK: plant.clockUrl, DATABRICKS_TOKEN: plant.tokens.read, ...env },
  });
}

describe('sluice investigate', () => {
  test('a job out of memory gets the smallest step, with its evidence, diff, verification and inverse', async () => {
    const ended = await investigated('oom');

    expect(ended.code).toBe(0);
    const { outcome, causes, evidence, plan, rejected } = document(ended);
    expect(outcome).toBe('confirmed');
    expect(causes[0]).toMatchObject({ id: 'partitions-too-large', observed: { error_kind: 'executor_oom' } });
    const ids = evidence.map((one: { id: string }) => one.id);
    expect(causes[0].evidence.every((id: string) => ids.includes(id))).toBe(true);
    expect(plan).toMatchObject({
      kind: 'change',
      target: 'orders-nightly',
      risk: 'low',
      changes: [{ file: 'jobs/orders-nightly.json', old: '"200"', new: '"1000"' }],
      inverse: [{ old: '"1000"', new: '"200"' }],
      edits: [
        { file: 'jobs/orders-nightly.json', diff: expect.stringContaining('+          "spark.sql.shuffle.partitions": "1000"') },
      ],
      verification: { kind: 'batch' },
      rerun: { how: 'repair' },
    });
    expect(rejected.map((one: { remedy: string }) => one.remedy)).toContain('larger-node');
  });

  test('a stream that falls behind gets a plan that cites PromQL and its points', async () => {
    const { outcome, evidence, plan } = document(await investigated('lag'));

    expect([outcome, plan.kind, plan.changes[0].selector]).toEqual(['likely', 'change', expect.stringMatching(/num_workers$/)]);
    expect(evidence[0]).toMatchObject({ name: 'lag', source: 'prometheus', window: '30m', quality: 'fresh' });
    expect(evidence[0].query).toContain('topic="orders"');
    expect(evidence[0].points.length).toBeGreaterThan(10);
  });

  test('"no change" is an answer: exit code 0 and no plan', async () => {
    const ended = await investigated('healthy');

    expect(ended.code).toBe(0);
    expect(document(ended)).toMatchObject({ outcome: 'healthy', plan: null, rejected: [] });
  });

  test('nothing is written anywhere', () => {
    expect(plant.databricks.writes).toEqual([]);
    // clusters/events is a read that takes POST.
    const others = plant.databricks.calls
      .all()
      .filter(({ method, path }) => method !== 'GET' && path !== '/api/2.1/clusters/events');
    expect(others).toEqual([]);
  });

  test('a person reads evidence, a chart, the diff, commands, risk, verification and rollback', async () => {
    const { stdout } = await investigated('lag', { json: false });

    for (const part of [
      'Evidence',
      'lag, last 30m',
      '█',
      '+        "num_workers": 4',
      'Risk ',
      'Commands',
      'Verified by',
      'Rollback',
    ])
      expect(stdout).toContain(part);
    expect(stdout).toContain('sluice edit jobs/orders-stream.json --set /job_clusters/0/new_cluster/num_workers=4');
    expect(stdout).toContain('databricks jobs cancel-all-runs --job-id 1234567890123456793');
    expect(stdout).toContain('the active run is cancelled once; Databricks starts the next one by itself');
    expect(stdout).toContain('and the stream is restarted once more');
    expect(stdout).toMatch(/2 → 4 worker-hours an hour of the stream/);
    expect(stdout.split('\n').length).toBeLessThan(80);
  });

  test('the command of a plan makes exactly the plan’s edit', async () => {
    const { stdout } = await investigated('oom', { json: false });
    const setting = /sluice edit (\S+) --set (\S+)/.exec(stdout);
    const after = await sluice(['edit', setting?.[1] ?? '', '--set', setting?.[2] ?? '']);

    expect(after.stdout).toContain('"spark.sql.shuffle.partitions": "1000"');
  });

  test('with Prometheus alone what Databricks would tell is unknown, never zero', async () => {
    const ended = await investigated('lag', { args: ['--prometheus', plant.metrics.url] });

    expect(ended.code).toBe(0);
    const { evidence } = document(ended);
    expect(evidence.find((one: { name: string }) => one.name === 'lag').quality).toBe('fresh');
    expect(evidence.find((one: { name: string }) => one.name === 'run_active')).toMatchObject({
      value: null,
      quality: 'unreadable',
    });
  });

  test('with Prometheus and the job file, advice computes what they tell and says what is missing for a change', async () => {
    const { outcome, causes, plan, blocked } = document(await investigated('lag', { args: ['--prometheus', plant.metrics.url] }));

    expect([outcome, causes[0].id, plan.kind]).toEqual(['likely', 'outpaced', 'advice']);
    expect(plan.what).toMatch(/4 workers keep up .*--databricks/);
    expect(plan.evidence.length).toBeGreaterThan(causes[0].evidence.length);
    const why = 'node types: --databricks was not given';
    expect(blocked).toEqual([
      { rule: 'too-few-tasks', unknown: [{ name: 'job.cores', why }] },
      { rule: 'too-few-cores', unknown: [{ name: 'job.cores', why }] },
    ]);
  });

  test('an inconclusive answer names each rule that was not judged, and the option that was not given', async () => {
    const args = ['--prometheus', plant.metrics.url];
    const told = document(await investigated('oom', { args }));
    const { stdout } = await investigated('oom', { args, json: false });

    expect(told).toMatchObject({ outcome: 'inconclusive', plan: null });
    expect(told.blocked[0]).toEqual({ rule: 'recovered', unknown: [{ name: 'run_failed', why: '--databricks was not given' }] });
    expect(told.blocked).toHaveLength(9);
    expect(stdout).toContain('rule recovered: unknown run_failed: --databricks was not given');
  });

  test('without a config there is a diagnosis, no plan, and what to write', async () => {
    const ended = await investigated('oom', { repo: folder() });

    expect(ended.code).toBe(0);
    expect(document(ended)).toMatchObject({
      outcome: 'confirmed',
      plan: null,
      rejected: [{ remedy: 'all', why: expect.stringMatching(/^target_unknown/) }],
    });
    expect(ended.stderr).toMatch(
      /there is no \.github\/sluice\.yml[\s\S]*mode: shadow[\s\S]*targets:\n {2}- name: REPLACE-WITH-NAME/,
    );
  });

  test('an alert that no runbook fits is inconclusive and says which were considered', async () => {
    const file = `${folder({ 'alert.json': webhook(alertOf('oom', { labels: { alertname: 'Unheard' }, annotations: {} })) })}/alert.json`;
    const ended = await sluice(['investigate', '--alert', file, '--json']);

    expect(ended.code).toBe(0);
    expect(document(ended)).toMatchObject({
      outcome: 'inconclusive',
      rejected: [{ why: expect.stringMatching(/^runbook_none: .*databricks-job-oom/) }],
    });
  });

  test('a repository’s own runbooks are used instead of the ones that come with Sluice', async () => {
    const repo = folder({ 'runbooks/broken.md': 'no front matter\n' });
    cpSync('runbooks/kafka-consumer-lag.md', `${repo}/runbooks/lag.md`);
    const ended = await investigated('oom', { repo });

    expect(document(ended).rejected[0].why).toMatch(/^runbook_none: .*SparkJobOutOfMemory.*; none of kafka-consumer-lag does$/);
    expect(ended.stderr).toMatch(/runbooks\/broken\.md:1: /);
  });

  test('stages come from a History Server where one is given', async () => {
    const alone = await startPlant({ workloads: ['oom'], start: rehearsalStart });
    const spark = await startSparkRest({ pipeline: alone.pipeline, clock: alone.clock.now, ended: true });
    const ended = await investigated('oom', {
      args: ['--databricks', alone.databricks.url, '--spark', spark.url],
      env: { SLUICE_TWIN_CLOCK: alone.clockUrl },
    });
    await Promise.all([alone.close(), spark.close()]);

    // Spark's REST API does not tell who wrote a shuffle: what finished tasks read decides.
    expect(document(ended)).toMatchObject({ outcome: 'likely', causes: [{ id: 'large-partitions-read' }, {}] });
  });

  test('a folder without the run’s event logs leaves the stages absent', async () => {
    const { evidence } = document(
      await investigated('oom', { args: ['--databricks', plant.databricks.url, '--spark', folder()] }),
    );

    expect(evidence.find((one: { name: string }) => one.name === 'failed_shuffle_bytes')).toMatchObject({
      value: null,
      quality: 'absent',
    });
  });
});

describe('sluice investigate without a workspace', () => {
  /** A stage of 20 tasks of which one reads and runs a hundred times the others; cut where it is asked for. */
  const logs = (cut = 0) => {
    const tasks = Array.from({ length: 20 }, (_, index) => {
      const many = index === 7 ? 200 : 1;
      return taskEnd({ index, durationMs: many * 1000, readBytes: many * 1_000_000 });
    });
    const end = stageLine('Completed', { 'Completion Time': 1_763_600_210_000 });
    const lines = [logStart, environment(), applicationStart('local-1'), stageLine('Submitted'), ...tasks, end];
    const text = `${lines.join('\n')}\n`;
    return folder({ 'local-1.gz': gzipSync(text.slice(0, text.length - cut)) });
  };
  const skewed = (spark: string, args: readonly string[] = []) =>
    sluice(['investigate', '--alert', alert, '--json', ...args, '--spark', spark], {
      env: { SLUICE_PROMETHEUS_TEAM_URL: plant.metrics.url },
    });
  const labels = { alertname: 'SparkStageSkew', application_name: 'orders' };
  const alert = `${folder({ 'alert.json': webhook({ ...alertOf('oom'), labels }) })}/alert.json`;
  const ratio = (ended: Ended) => document(ended).evidence.find((one: { name: string }) => one.name === 'skew_ratio');

  test('tells the stages of the application that the alert names, and where they were read', async () => {
    expect(ratio(await skewed(logs()))).toMatchObject({
      value: 200,
      quality: 'fresh',
      query: 'event log of local-1: skew_ratio',
    });
  });

  test('a log that is cut is partial, and the rules name it', async () => {
    const ended = await skewed(logs(40));

    expect(ratio(ended)).toMatchObject({ quality: 'partial', note: 'partial: local-1.gz ends in the middle of a line' });
    expect(document(ended).outcome).toBe('inconclusive');
  });

  test('a Prometheus may be named as the environment names it', async () => {
    expect((await skewed(logs(), ['--prometheus', 'team'])).code).toBe(0);
    expect(document(await skewed(logs(), ['--prometheus', 'other'])).error).toMatchObject({
      code: 'setting_missing',
      message: 'SLUICE_PROMETHEUS_OTHER_URL is not set',
    });
  });
});

describe('sluice investigate refuses', () => {
  const prometheus = (url: string) => ['--prometheus', url];
  test.each([
    ['a Prometheus that does not answer', { args: prometheus('http://127.0.0.1:1') }, 3, 'unreachable'],
    ['a token that is not accepted', { env: { DATABRICKS_TOKEN: 'wrong' } }, 3, 'workspace_forbidden'],
    ['a workspace without a token', { env: { DATABRICKS_TOKEN: '' } }, 2, 'setting_missing'],
    ['headers that are no JSON object', { env: { SLUICE_PROMETHEUS_HEADERS: 'a: b' } }, 2, 'setting_missing'],
    ['an address that is none', { args: prometheus('prometheus:9090/x y') }, 2, 'usage'],
    ['an address with a password', { args: prometheus('http://me:secret@127.0.0.1:9') }, 2, 'usage'],
    ['plain http to another machine', { args: ['--databricks', 'http://example.com'] }, 2, 'usage'],
    ['a user of Prometheus without a password', { env: { SLUICE_PROMETHEUS_USERNAME: 'me' } }, 2, 'setting_missing'],
    ['a folder of event logs that is not there', { args: ['--spark', '/nowhere'] }, 2, 'file_missing'],
    ['a checkout that is not there', { repo: '/nowhere' }, 2, 'file_missing'],
  ])('%s', async (_, asked, code, reason) => {
    const ended = await investigated('lag', asked);

    expect(ended.code).toBe(code);
    expect(document(ended).error).toMatchObject({ code: reason, fix: expect.any(String) });
    expect(ended.stdout + ended.stderr).not.toContain('secret');
  });

  test('a History Server that does not answer', async () => {
    const ended = await investigated('oom', { args: ['--databricks', plant.databricks.url, '--spark', 'http://127.0.0.1:1'] });

    expect([ended.code, document(ended).error.code]).toEqual([3, 'unreachable']);
  });

  test('a config with faults', async () => {
    const ended = await investigated('lag', { repo: folder({ '.github/sluice.yml': 'mode: maybe\n' }) });

    expect(ended.code).toBe(1);
    expect(document(ended).error).toMatchObject({ code: 'config_invalid', line: 1, file: expect.stringMatching(/sluice\.yml$/) });
  });
});
