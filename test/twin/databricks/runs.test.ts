import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Plant } from '../../../src/twin/databricks/plant.ts';
import { startPlant } from '../../../src/twin/databricks/plant.ts';
import type { Json } from '../../../src/twin/pipeline/json.ts';
import { digitsAt, listAt, member, numberAt, textAt } from '../../../src/twin/pipeline/json.ts';
import { startSparkRest } from '../../../src/twin/pipeline/spark-rest.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import type { Client } from './client.ts';
import { clientOf, plain } from './client.ts';

const start = new Date('2026-11-20T03:00:00Z');
const minute = 60_000;
const oom = jobIds.oom;

let plant: Plant;
let read: Client;
let write: Client;

beforeEach(async () => {
  plant = await startPlant({ workloads: ['oom', 'lag'], start });
  read = clientOf(plant.databricks, plant.tokens.read);
  write = clientOf(plant.databricks, plant.tokens.write);
});

afterEach(() => plant.close());

const runsOf = async (jobId: string, query: Record<string, string> = {}) =>
  listAt((await read.get('2.2/jobs/runs/list', { job_id: jobId, ...query })).body, 'runs');
const runOf = async (runId: string) => (await read.get('2.2/jobs/runs/get', { run_id: runId, include_history: 'true' })).body;
const idOf = (run: Json | undefined) => digitsAt(run, 'run_id') ?? '';
const lastRun = async () => idOf((await runsOf(oom))[0]);
const cure = () =>
  write.post(
    '2.2/jobs/reset',
    `{"job_id":${oom},"new_settings":${plant.databricks.settingsText(oom).replace('"spark.sql.shuffle.partitions":"200"', '"spark.sql.shuffle.partitions":"800"')}}`,
  );

describe('a run that died of memory', () => {
  test('says so in the output of its task, not in a code', async () => {
    const run = await runOf(await lastRun());
    expect(plain(run, 'status', 'termination_details', 'code')).toBe('RUN_EXECUTION_ERROR');
    expect(plain(run, 'state', 'result_state')).toBe('FAILED');
    const failed = listAt(run, 'tasks').find((task) => textAt(task, 'task_key') === 'join_orders');
    const { body } = await read.get('2.2/jobs/runs/get-output', { run_id: idOf(failed) });
    expect(textAt(body, 'error')).toContain('java.lang.OutOfMemoryError: Java heap space');
    expect(textAt(body, 'error_trace')).toContain('Driver stacktrace:');
  });

  test('output is per task: a run of several tasks has none', async () => {
    expect((await read.get('2.2/jobs/runs/get-output', { run_id: await lastRun() })).status).toBe(400);
  });

  test('a repair without a change fails again, one after the cure passes, and both are in its history', async () => {
    const runId = await lastRun();
    const first = await write.post('2.2/jobs/runs/repair', `{"run_id":${runId},"rerun_all_failed_tasks":true}`);
    expect(plain(await runOf(runId), 'state', 'life_cycle_state')).not.toBe('TERMINATED');
    plant.clock.advance(60 * minute);
    expect(plain(await runOf(runId), 'state', 'result_state')).toBe('FAILED');

    await cure();
    expect((await write.post('2.2/jobs/runs/repair', `{"run_id":${runId},"rerun_all_failed_tasks":true}`)).status).toBe(400);
    const latest = digitsAt(first.body, 'repair_id');
    const second = await write.post(
      '2.2/jobs/runs/repair',
      `{"run_id":${runId},"rerun_tasks":["join_orders"],"latest_repair_id":${latest}}`,
    );
    expect(second.status).toBe(200);
    plant.clock.advance(60 * minute);
    const run = await runOf(runId);
    expect(plain(run, 'state', 'result_state')).toBe('SUCCESS');
    expect(listAt(run, 'repair_history').map((part) => [textAt(part, 'type'), textAt(part, 'state', 'result_state')])).toEqual([
      ['ORIGINAL', 'FAILED'],
      ['REPAIR', 'FAILED'],
      ['REPAIR', 'SUCCESS'],
    ]);
    expect(JSON.stringify(plain(run, 'job_clusters'))).toContain('"800"');
  });

  test('the cluster of the old attempt keeps the settings it had', async () => {
    const runId = await lastRun();
    const clusterId = textAt(listAt(await runOf(runId), 'tasks')[0], 'cluster_instance', 'cluster_id') ?? '';
    await cure();
    await write.post('2.2/jobs/runs/repair', `{"run_id":${runId},"rerun_all_failed_tasks":true}`);
    const { body } = await read.get('2.1/clusters/get', { cluster_id: clusterId });
    expect([textAt(body, 'spark_conf', 'spark.sql.shuffle.partitions'), textAt(body, 'state')]).toEqual(['200', 'TERMINATED']);
  });
});

describe('runs', () => {
  test('a run started twice with one token is one run', async () => {
    const ask = () => write.post('2.2/jobs/run-now', `{"job_id":${oom},"idempotency_token":"t-1"}`);
    const [one, two] = [await ask(), await ask()];
    expect(plain(one.body, 'run_id')).toBe(plain(two.body, 'run_id'));
    expect(await runsOf(oom, { active_only: 'true' })).toHaveLength(1);
  });

  test('a run beyond the limit waits in the queue, and starts with the settings of that moment', async () => {
    const ids = [
      await write.post('2.2/jobs/run-now', `{"job_id":${oom}}`),
      await write.post('2.2/jobs/run-now', `{"job_id":${oom}}`),
    ].map(({ body }) => idOf(body));
    expect(plain(await runOf(ids[1] ?? ''), 'status', 'state')).toBe('QUEUED');
    await cure();
    plant.clock.advance(90 * minute);
    expect(await Promise.all(ids.map(async (id) => plain(await runOf(id), 'state', 'result_state')))).toEqual([
      'FAILED',
      'SUCCESS',
    ]);
  });

  test('a lower timeout stops the run that is up; every other setting waits for the next run', async () => {
    const { body } = await write.post('2.2/jobs/run-now', `{"job_id":${oom}}`);
    await cure();
    await write.post('2.2/jobs/update', `{"job_id":${oom},"new_settings":{"timeout_seconds":300}}`);
    plant.clock.advance(60 * minute);
    const run = await runOf(idOf(body));
    expect([plain(run, 'state', 'result_state'), plain(run, 'end_time')]).toEqual([
      'TIMEDOUT',
      String(start.getTime() + 5 * minute),
    ]);
    expect(JSON.stringify(plain(run, 'job_clusters'))).toContain('"200"');
  });

  test('without a queue a run beyond the limit is skipped', async () => {
    plant.databricks.edit(
      oom,
      plant.databricks.settingsText(oom).replace('"queue":{"enabled":true}', '"queue":{"enabled":false}'),
    );
    await write.post('2.2/jobs/run-now', `{"job_id":${oom}}`);
    const second = await write.post('2.2/jobs/run-now', `{"job_id":${oom}}`);
    expect(plain(await runOf(idOf(second.body)), 'state', 'result_state')).toBe('MAXIMUM_CONCURRENT_RUNS_REACHED');
  });

  test('a list is newest first, in pages, and filtered by state', async () => {
    const all: Json[] = [];
    let token: string | undefined;
    do {
      const { body } = await read.get('2.2/jobs/runs/list', {
        job_id: oom,
        limit: '3',
        ...(token === undefined ? {} : { page_token: token }),
      });
      all.push(...listAt(body, 'runs'));
      token = textAt(body, 'next_page_token');
    } while (token !== undefined);
    const ends = all.map((run) => numberAt(run, 'end_time') ?? 0);
    expect(ends.length).toBe(plant.databricks.runs(oom).length);
    expect(ends).toEqual([...ends].sort((left, right) => right - left));
    expect(await runsOf(oom, { active_only: 'true' })).toHaveLength(0);
    expect(await runsOf(jobIds.lag, { active_only: 'true' })).toHaveLength(1);
    expect(await runsOf(oom, { start_time_from: String(start.getTime() - 2 * 60 * minute) })).toHaveLength(1);
  });

  test('a continuous job whose run is cancelled starts again with the new settings, and the lag falls', async () => {
    const lag = async () => {
      const answer = await fetch(`${plant.metrics.url}/api/v1/query?query=${encodeURIComponent('sum(kafka_consumergroup_lag)')}`);
      return Number(/"value":\[[^,]+,"(\d+)"/.exec(await answer.text())?.[1]);
    };
    const before = await lag();
    const [old] = await runsOf(jobIds.lag, { active_only: 'true' });
    const settings = plant.databricks.settingsText(jobIds.lag).replace('"num_workers":2', '"num_workers":4');
    await write.post('2.2/jobs/reset', `{"job_id":${jobIds.lag},"new_settings":${settings}}`);
    plant.clock.advance(10 * minute);
    expect(await lag()).toBeGreaterThan(before);
    await write.post('2.2/jobs/runs/cancel', `{"run_id":${idOf(old)}}`);
    plant.clock.advance(20 * minute);
    expect(plain(await runOf(idOf(old)), 'state', 'result_state')).toBe('CANCELED');
    const [fresh] = await runsOf(jobIds.lag, { active_only: 'true' });
    expect(idOf(fresh)).not.toBe(idOf(old));
    plant.clock.advance(30 * minute);
    expect(await lag()).toBeLessThan(before);
  });
});

describe('what a cluster leaves behind', () => {
  async function eventLog(): Promise<readonly { readonly Event: string; readonly [key: string]: unknown }[]> {
    let path = 'dbfs:/cluster-logs';
    const { body: run } = await read.get('2.2/jobs/runs/get', { run_id: await lastRun() });
    path += `/${textAt(listAt(run, 'tasks')[0], 'cluster_instance', 'cluster_id')}`;
    for (let depth = 0; depth < 4; depth += 1) {
      const { body } = await read.get('2.0/dbfs/list', { path });
      path = textAt(listAt(body, 'files')[0], 'path') ?? '';
    }
    const parts: Buffer[] = [];
    for (;;) {
      const { body } = await read.get('2.0/dbfs/read', { path, offset: String(Buffer.concat(parts).length), length: '300000' });
      if (numberAt(body, 'bytes_read') === 0) break;
      parts.push(Buffer.from(textAt(body, 'data') ?? '', 'base64'));
    }
    return Buffer.concat(parts)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test('its event log can be listed and read in parts, and shows stages, tasks and the failure', async () => {
    const events = await eventLog();
    const kinds = new Set(events.map((event) => event.Event));
    for (const kind of ['ApplicationStart', 'StageSubmitted', 'StageCompleted', 'TaskEnd', 'ApplicationEnd'])
      expect(kinds).toContain(`SparkListener${kind}`);
    const failed = events.filter((event) => JSON.stringify(event['Task End Reason'] ?? '').includes('ExecutorLostFailure'));
    expect(failed.length).toBeGreaterThanOrEqual(4);
    expect(failed.every((event) => event['Task Metrics'] === undefined)).toBe(true);
    expect(JSON.stringify(events)).toContain('Failure Reason');
  });

  test('a path that does not exist is 404 in the shape of DBFS', async () => {
    const answer = await read.get('2.0/dbfs/read', { path: '/nothing' });
    expect([answer.status, plain(answer.body, 'error_code')]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST']);
    expect((await read.get('2.0/dbfs/read', { path: '/nothing', length: '2000000' })).status).toBe(404);
  });

  test('files under /Volumes are served by the Files API', async () => {
    plant.databricks.putFile('/Volumes/main/ops/logs/a.txt', 'hello');
    expect((await read.get('2.0/fs/files/Volumes/main/ops/logs/a.txt')).text).toBe('hello');
    expect(plain(listAt((await read.get('2.0/fs/directories/Volumes/main/ops')).body, 'contents')[0])).toMatchObject({
      name: 'logs',
      is_directory: true,
    });
    expect((await read.get('2.0/fs/files/Volumes/none')).status).toBe(404);
  });

  test('cluster events are newest first, in pages', async () => {
    const clusterId = textAt(listAt(await runOf(await lastRun()), 'tasks')[0], 'cluster_instance', 'cluster_id');
    const first = (await read.post('2.1/clusters/events', JSON.stringify({ cluster_id: clusterId, page_size: 3 }))).body;
    const second = (
      await read.post(
        '2.1/clusters/events',
        JSON.stringify({ cluster_id: clusterId, page_size: 3, page_token: textAt(first, 'next_page_token') }),
      )
    ).body;
    const types = [...listAt(first, 'events'), ...listAt(second, 'events')].map((event) => textAt(event, 'type'));
    expect(types).toEqual(['TERMINATING', 'DRIVER_HEALTHY', 'RUNNING', 'CREATING']);
  });

  test('node types have memory and cores', async () => {
    const { body } = await read.get('2.1/clusters/list-node-types');
    const type = listAt(body, 'node_types').find((one) => textAt(one, 'node_type_id') === 'm5.2xlarge');
    expect([numberAt(type, 'memory_mb'), numberAt(type, 'num_cores')]).toEqual([32768, 8]);
    expect(member(type, 'instance_type_id')).toBe('m5.2xlarge');
  });

  test('the Spark REST of an ended application tells the same quantiles as its event log', async () => {
    const rest = await startSparkRest({ pipeline: plant.pipeline, clock: plant.clock.now, ended: true });
    const appId = plant.databricks.runs(oom).at(-1)?.attempts.at(-1)?.cluster?.appId;
    const stage = await (await fetch(`${rest.url}/api/v1/applications/${appId}/stages/11/0`)).json();
    expect(stage).toMatchObject({ status: 'COMPLETE', stageId: 11 });
    const answer = await fetch(`${rest.url}/api/v1/applications/${appId}/stages/11/0/taskSummary?quantiles=0,0.5,1`);
    const summary = (await answer.json()) as { readonly quantiles: number[]; readonly duration: number[] };
    const times = (await eventLog())
      .filter((event) => event.Event === 'SparkListenerTaskEnd' && event['Stage ID'] === 11)
      .map((event) => event['Task Info'] as Record<string, number>)
      .map((info) => (info['Finish Time'] ?? 0) - (info['Launch Time'] ?? 0))
      .sort((left, right) => left - right);
    expect(summary.duration).toEqual([times[0], times[Math.floor(times.length / 2)], times.at(-1)]);
    expect((await fetch(`${rest.url}/api/v1/applications/none/stages`)).status).toBe(404);
    await rest.close();
  });
});
