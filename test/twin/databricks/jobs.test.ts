import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TwinDatabricks } from '../../../src/twin/databricks/server.ts';
import { startDatabricks } from '../../../src/twin/databricks/server.ts';
import { resetSettings, updatedSettings } from '../../../src/twin/databricks/settings.ts';
import { isObject, json, jsonObject, listAt, member, parseJson, textAt, writeJson } from '../../../src/twin/pipeline/json.ts';
import type { Client } from './client.ts';
import { clientOf, plain } from './client.ts';

const jobId = '1234567890123456789';
const tokens = { read: 'r', write: 'w' };
const settings = `{"name":"Nightly","tags":{"cost":"1"},"run_as":{"user_name":"a@b.c"},"max_concurrent_runs":1,"ratio":1.0,"big":12345678901234567890,
  "tasks":[{"task_key":"b","depends_on":[{"task_key":"a"},{"task_key":"c"}],"job_cluster_key":"k","notebook_task":{"notebook_path":"/b"}},{"task_key":"a","job_cluster_key":"k"},{"task_key":"c","job_cluster_key":"k"}],
  "job_clusters":[{"job_cluster_key":"k","new_cluster":{"node_type_id":"m5.2xlarge","num_workers":2,"spark_conf":{"x":"1"}}}]}`;

let twin: TwinDatabricks;
let read: Client;
let write: Client;

beforeEach(async () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ jobId: String(100 + index), settings: `{"name":"j${index}"}` }));
  twin = await startDatabricks(
    { jobs: [{ jobId, settings }, ...many], tokens },
    { clock: () => new Date('2026-11-20T03:00:00Z') },
  );
  read = clientOf(twin, 'r');
  write = clientOf(twin, 'w');
});

afterEach(() => twin.close());

const get = async () => (await read.get('2.2/jobs/get', { job_id: jobId })).body;

describe('reads', () => {
  test('a job id and every number keep the digits they were written with', async () => {
    const { text } = await read.get('2.2/jobs/get', { job_id: jobId });
    expect(text).toContain(`"job_id":${jobId}`);
    expect(text).toContain('"ratio":1.0');
    expect(text).toContain('"big":12345678901234567890');
  });

  test('defaults of the service appear on read', async () => {
    const body = await get();
    expect(plain(body, 'settings', 'timeout_seconds')).toBe('0');
    expect(plain(body, 'settings', 'format')).toBe('MULTI_TASK');
    expect(plain(body, 'settings', 'email_notifications')).toEqual({});
    expect(textAt(listAt(body, 'settings', 'tasks')[0], 'run_if')).toBe('ALL_SUCCESS');
    expect(textAt(listAt(body, 'settings', 'tasks')[1], 'notebook_task', 'source')).toBe('WORKSPACE');
  });

  test('dependencies come back in another order than they were sent', async () => {
    expect(listAt(listAt(await get(), 'settings', 'tasks')[1], 'depends_on').map((one) => textAt(one, 'task_key'))).toEqual([
      'c',
      'a',
    ]);
  });

  test('tasks beyond 100 are on further pages, and a page without more elements leaves the array out', async () => {
    const tasks = Array.from({ length: 230 }, (_, index) => ({ task_key: `t${String(index).padStart(3, '0')}` }));
    twin.edit(jobId, writeJson(json({ name: 'wide', tasks, parameters: [{ name: 'p', default: '1' }] })));
    const seen: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const { body } = await read.get('2.2/jobs/get', { job_id: jobId, ...(token === undefined ? {} : { page_token: token }) });
      seen.push(...listAt(body, 'settings', 'tasks').map((task) => textAt(task, 'task_key') ?? ''));
      expect(member(body, 'settings', 'parameters') !== undefined).toBe(pages === 0);
      expect(member(body, 'has_more')).toBe(pages < 2 ? true : undefined);
      token = textAt(body, 'next_page_token');
      pages += 1;
    } while (token !== undefined);
    expect([pages, seen.length, new Set(seen).size]).toEqual([3, 230, 230]);
  });

  test('a list is paged, a name is matched whole and without case, and nothing found leaves jobs out', async () => {
    const first = await read.get('2.2/jobs/list', { limit: '25' });
    expect(listAt(first.body, 'jobs')).toHaveLength(25);
    const second = await read.get('2.2/jobs/list', { limit: '25', page_token: textAt(first.body, 'next_page_token') ?? '' });
    expect([listAt(second.body, 'jobs').length, member(second.body, 'has_more')]).toEqual([6, false]);
    expect(listAt((await read.get('2.2/jobs/list', { name: 'NIGHTLY' })).body, 'jobs')).toHaveLength(1);
    expect(member((await read.get('2.2/jobs/list', { name: 'night' })).body, 'jobs')).toBeUndefined();
  });

  test.each([
    ['2.2/jobs/get', { job_id: '5' }, 400, 'INVALID_PARAMETER_VALUE', 'Job 5 does not exist.'],
    ['2.2/jobs/runs/get', { run_id: '5' }, 400, 'INVALID_PARAMETER_VALUE', 'Run 5 does not exist.'],
    ['2.1/clusters/get', { cluster_id: 'x' }, 400, 'INVALID_PARAMETER_VALUE', 'Cluster x does not exist'],
    ['2.2/jobs/list', { limit: '101' }, 400, 'INVALID_PARAMETER_VALUE', 'limit must be between 1 and 100 (inclusive)'],
    [
      '2.2/jobs/runs/list',
      { active_only: 'true', completed_only: 'true' },
      400,
      'INVALID_PARAMETER_VALUE',
      'active_only and completed_only cannot both be true.',
    ],
    ['2.2/nothing', {}, 404, 'ENDPOINT_NOT_FOUND', "No API found for 'GET /api/2.2/nothing'"],
  ])('%s %j is refused in the shape of the service', async (path, query, status, code, message) => {
    const answer = await read.get(path, query);
    expect([answer.status, plain(answer.body)]).toEqual([status, { error_code: code, message }]);
  });
});

describe('writes', () => {
  test('a reset drops every setting that is absent from it, except run_as', async () => {
    expect((await write.post('2.2/jobs/reset', `{"job_id":${jobId},"new_settings":{"name":"Only"}}`)).text).toBe('{}');
    const body = await get();
    expect([member(body, 'settings', 'tags'), member(body, 'settings', 'tasks')]).toEqual([undefined, undefined]);
    expect(textAt(body, 'settings', 'run_as', 'user_name')).toBe('a@b.c');
  });

  test('an update replaces an array element whole and leaves the others', async () => {
    await write.post('2.2/jobs/update', `{"job_id":${jobId},"new_settings":{"tasks":[{"task_key":"b","max_retries":2}]}}`);
    const tasks = listAt(await get(), 'settings', 'tasks');
    expect(tasks.map((task) => textAt(task, 'task_key'))).toEqual(['a', 'b', 'c']);
    expect(member(tasks[1], 'notebook_task')).toBeUndefined();
    expect(textAt(tasks[0], 'job_cluster_key')).toBe('k');
  });

  test('an update replaces an object whole and removes the fields it names', async () => {
    await write.post(
      '2.2/jobs/update',
      `{"job_id":${jobId},"new_settings":{"tags":{"team":"x"}},"fields_to_remove":["ratio","tasks/b"]}`,
    );
    const body = await get();
    expect(plain(body, 'settings', 'tags')).toEqual({ team: 'x' });
    expect(member(body, 'settings', 'ratio')).toBeUndefined();
    expect(listAt(body, 'settings', 'tasks')).toHaveLength(2);
  });

  test('a created job gets queueing under 2.2 and not under 2.1', async () => {
    const ids = await Promise.all(
      ['2.2', '2.1'].map(async (version) => plain((await write.post(`${version}/jobs/create`, '{"name":"new"}')).body, 'job_id')),
    );
    const queues = await Promise.all(
      ids.map(async (id) => plain((await read.get('2.2/jobs/get', { job_id: String(id) })).body, 'settings', 'queue')),
    );
    expect(queues).toEqual([{ enabled: true }, undefined]);
  });

  test.each([
    [
      'spark_conf that is no text',
      '{"job_clusters":[{"job_cluster_key":"k","new_cluster":{"spark_conf":{"a":200}}}]}',
      'MALFORMED_REQUEST',
    ],
    ['two tasks of one key', '{"tasks":[{"task_key":"a"},{"task_key":"a"}]}', 'INVALID_PARAMETER_VALUE'],
    ['a cluster key that is not defined', '{"tasks":[{"task_key":"a","job_cluster_key":"z"}]}', 'INVALID_PARAMETER_VALUE'],
    [
      'both num_workers and autoscale',
      '{"job_clusters":[{"job_cluster_key":"k","new_cluster":{"num_workers":1,"autoscale":{"min_workers":1,"max_workers":2}}}]}',
      'INVALID_PARAMETER_VALUE',
    ],
    ['settings that are a list', '[]', 'INVALID_PARAMETER_VALUE'],
  ])('%s is refused and nothing is written', async (_, sent, code) => {
    const before = twin.settingsText(jobId);
    const answer = await write.post('2.2/jobs/reset', `{"job_id":${jobId},"new_settings":${sent}}`);
    expect([answer.status, plain(answer.body, 'error_code'), twin.writes.length]).toEqual([400, code, 0]);
    expect(twin.settingsText(jobId)).toBe(before);
  });

  test('a write is recorded with its job, token and body', async () => {
    const body = `{"job_id":${jobId},"new_settings":{"name":"Only"}}`;
    await write.post('2.2/jobs/reset', body);
    expect(twin.writes.map(({ at: _, ...rest }) => rest)).toEqual([
      { method: 'POST', path: '/api/2.2/jobs/reset', jobId, token: 'write', body },
    ]);
  });

  test('a foreign edit changes the settings and leaves no write', async () => {
    twin.edit(jobId, '{"name":"Foreign"}');
    expect(textAt(await get(), 'settings', 'name')).toBe('Foreign');
    expect(twin.writes).toHaveLength(0);
  });
});

describe('settings', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const made = fc.record({
    name: fc.string(),
    tags: fc.dictionary(key, fc.string()),
    tasks: fc.uniqueArray(fc.record({ task_key: key, max_retries: fc.nat(9) }), { selector: (task) => task.task_key }),
  });

  test('resetting to what was read changes nothing', () => {
    fc.assert(
      fc.property(made, (sent) => {
        const stored = resetSettings(new Map(), jsonObject(sent));
        const read = parseJson(writeJson(stored));
        expect(isObject(read) && writeJson(resetSettings(stored, read))).toBe(writeJson(stored));
      }),
    );
  });

  test('an update with nothing in it changes nothing, and one twice is one once', () => {
    fc.assert(
      fc.property(made, made, (first, second) => {
        const stored = resetSettings(new Map(), jsonObject(first));
        expect(writeJson(updatedSettings(stored, new Map(), []))).toBe(writeJson(stored));
        const once = updatedSettings(stored, jsonObject(second), []);
        expect(writeJson(updatedSettings(once, jsonObject(second), []))).toBe(writeJson(once));
      }),
    );
  });
});

test('a deleted job is missing like one that never was', async () => {
  expect((await write.post('2.2/jobs/delete', `{"job_id":${jobId}}`)).status).toBe(200);
  expect((await read.get('2.2/jobs/get', { job_id: jobId })).status).toBe(400);
});
