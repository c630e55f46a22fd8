import { afterEach, describe, expect, test } from 'vitest';
import { createWorkspaceReader } from '../../../src/adapters/databricks/reader.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { type Answering, answering, json } from '../../support/answering.ts';
import { connectionOf, startRehearsal } from '../../support/rehearsal.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

async function twin() {
  const { plant } = await startRehearsal(['oom', 'lag']);
  closing.push(plant);
  return { plant, reader: createWorkspaceReader(connectionOf(plant)) };
}

async function server(answer: Parameters<typeof answering>[0]) {
  const at: Answering = await answering(answer);
  closing.push(at);
  const connection = { name: 'prod', host: at.url, token: 'secret-token', patience: 0, timeoutMs: 500 };
  return { at, reader: createWorkspaceReader(connection) };
}

describe('reading a job', () => {
  test('its id and its settings keep their lexemes', async () => {
    const { reader } = await twin();

    const job = await reader.job(jobIds.oom);

    expect(job.known && [job.value.id, job.value.name, job.value.managedBy]).toEqual([jobIds.oom, 'orders-nightly', null]);
    expect(job.known && job.value.settings).toContain('"spark.sql.shuffle.partitions"');
  });

  test('all pages are joined, task 101 and later included', async () => {
    const { plant, reader } = await twin();
    const tasks = Array.from({ length: 230 }, (_, index) => ({
      task_key: `t${String(index).padStart(3, '0')}`,
      notebook_task: { notebook_path: '/x' },
    }));
    plant.databricks.edit(jobIds.lag, JSON.stringify({ name: 'wide', tasks }));

    const job = await reader.job(jobIds.lag);

    if (!job.known) throw new Error(job.why);
    const keys = JSON.parse(job.value.settings).tasks.map((task: { task_key: string }) => task.task_key);
    expect(new Set(keys).size).toBe(230);
    expect(plant.databricks.calls.count()).toBeGreaterThanOrEqual(3);
  });

  test.each([
    [400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"Job 7 does not exist."}', /^missing: /],
    [404, '{"message":"not found"}', /^missing: /],
    [403, '{"error_code":"PERMISSION_DENIED","message":"no"}', /^forbidden: /],
    [400, '{"error_code":400,"message":"numeric"}', /^refused: 400 400: numeric/],
    [400, 'INVALID_STATE: plain text', /^refused: 400 INVALID_STATE: plain text/],
    [500, '<html><pre>UNKNOWN: broken</pre></html>', /^unreachable: 500 UNKNOWN: broken/],
    [500, '', /^unreachable: 500 without a message/],
    [200, '<html>please log in</html>', /^unreadable: /],
    [200, '{"job_id":7', /^unreadable: /],
    [200, '{"job_id":8,"settings":{}}', /^unreadable: the answer is about another job/],
    [200, '{"job_id":7}', /^unreadable: /],
  ])('an answer of %s %s is unknown', async (status, body, why) => {
    const { reader } = await server((_, response) => json(response, status, body));

    const job = await reader.job('7');

    expect(job.known ? 'known' : job.why).toMatch(why);
  });

  test('a redirect is refused and not followed, so that the token goes nowhere else', async () => {
    const { at, reader } = await server((_, response) => json(response, 302, '', { location: 'http://127.0.0.1:1/stolen' }));

    const job = await reader.job('7');

    expect(job.known ? 'known' : job.why).toContain('redirect');
    expect(at.seen).toHaveLength(1);
  });

  test('what hangs is given up, and no reason holds the token', async () => {
    const { reader } = await server(() => undefined);

    const job = await reader.job('7');

    expect(job.known ? 'known' : job.why).toBe('unreachable: no answer in time');
    expect(JSON.stringify(job)).not.toContain('secret-token');
  });

  test('a busy service is asked again, as often as four times', async () => {
    const { at, reader } = await server((_, response, count) =>
      count < 3
        ? json(response, 429, '{"error_code":"REQUEST_LIMIT_EXCEEDED"}', { 'retry-after': '0' })
        : json(response, 200, '{"job_id":7,"settings":{"name":"n"}}'),
    );

    const job = await reader.job('7');

    expect([job.known, at.seen.length]).toEqual([true, 4]);
  });

  test('a limit that comes with 400 is a limit too', async () => {
    const { at, reader } = await server((_, response) =>
      json(response, 400, '{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow down"}'),
    );

    await reader.job('7');

    expect(at.seen).toHaveLength(4);
  });

  test('pages that disagree were read around a write and are unknown', async () => {
    const { reader } = await server((seen, response) =>
      seen.url.includes('page_token')
        ? json(response, 200, '{"job_id":7,"settings":{"name":"new","tasks":[{"task_key":"b"}]}}')
        : json(response, 200, '{"job_id":7,"settings":{"name":"old","tasks":[{"task_key":"a"}]},"next_page_token":"p2"}'),
    );

    const job = await reader.job('7');

    expect(job.known ? 'known' : job.why).toMatch(/^changed while reading: name/);
  });

  test('pages that repeat do not go on for ever', async () => {
    const { at, reader } = await server((_, response) =>
      json(response, 200, '{"job_id":7,"settings":{},"next_page_token":"again"}'),
    );

    const job = await reader.job('7');

    expect(job.known ? 'known' : job.why).toBe('unreadable: the pages repeat');
    expect(at.seen).toHaveLength(2);
  });

  test.each([
    ['{"deployment":{"kind":"BUNDLE"}}', 'bundle'],
    ['{"deployment":{"kind":"SOMETHING_NEW"}}', 'bundle'],
    ['{"edit_mode":"UI_LOCKED"}', 'ui-lock'],
    ['{"edit_mode":"EDITABLE"}', null],
    ['{}', null],
  ])('settings of %s are managed by %s', async (settings, managedBy) => {
    const { reader } = await server((_, response) => json(response, 200, `{"job_id":7,"settings":${settings}}`));

    const job = await reader.job('7');

    expect(job.known && job.value.managedBy).toBe(managedBy);
  });

  test.each(['', '7; drop', '../7', '12345678901234567890'])('an id of %s is not asked for', async (id) => {
    const { at, reader } = await server((_, response) => json(response, 200, '{}'));

    expect((await reader.job(id)).known).toBe(false);
    expect(at.seen).toHaveLength(0);
  });
});

describe('finding a job by its name', () => {
  test('only the exact name counts, though the filter ignores case', async () => {
    const { reader } = await server((_, response) =>
      json(
        response,
        200,
        '{"jobs":[{"job_id":1234567890123456789,"settings":{"name":"Nightly"}},{"job_id":2,"settings":{"name":"nightly"}}]}',
      ),
    );

    expect(await reader.jobsNamed('Nightly')).toEqual({ known: true, value: ['1234567890123456789'] });
  });

  test('a name that nobody has is an empty list', async () => {
    const { reader } = await twin();

    expect(await reader.jobsNamed('nobody')).toEqual({ known: true, value: [] });
  });
});

describe('reading runs', () => {
  test('they come newest first, bounded, with their tasks and ids as text', async () => {
    const { reader } = await twin();

    const runs = await reader.runs(jobIds.oom, 3);

    if (!runs.known) throw new Error(runs.why);
    expect(runs.value).toHaveLength(3);
    expect(runs.value.map((run) => run.outcome)).toEqual(['failed', 'succeeded', 'succeeded']);
    expect(runs.value[0]?.tasks.map((task) => [task.taskKey, task.outcome])).toContainEqual(['join_orders', 'failed']);
    expect(BigInt(runs.value[0]?.id ?? 0) > 2n ** 53n).toBe(true);
  });

  test('a failed task tells its error, its cluster its events, and the workspace its machines', async () => {
    const { reader } = await twin();
    const runs = await reader.runs(jobIds.oom, 1);
    const failed = runs.known ? runs.value[0]?.tasks.find((task) => task.outcome === 'failed') : undefined;

    const error = await reader.details.taskError(failed?.runId ?? '');
    const events = await reader.details.clusterEvents(failed?.clusterId ?? '');
    const nodes = await reader.details.nodeTypes();

    expect(error.known && error.value.error).toContain('OutOfMemoryError');
    expect(events.known && events.value.length).toBeGreaterThan(0);
    expect(nodes.known && nodes.value.find((node) => node.id === 'm5.2xlarge')).toEqual({
      id: 'm5.2xlarge',
      memoryMb: 32768,
      cores: 8,
    });
  });

  test('one run is read with all its tasks', async () => {
    const { reader } = await twin();
    const runs = await reader.runs(jobIds.oom, 1);
    const id = runs.known ? (runs.value[0]?.id ?? '') : '';

    const run = await reader.run(id);

    expect(run.known && [run.value.id, run.value.tasks.length, run.value.repairs]).toEqual([id, 2, []]);
  });

  test('a run that nobody knows is missing', async () => {
    const { reader } = await twin();

    const run = await reader.run('1');

    expect(run.known ? 'known' : run.why).toMatch(/^missing: /);
  });
});

describe('the reading client', () => {
  test('has no method that writes', async () => {
    const { reader } = await twin();

    expect(Object.keys(reader).sort()).toEqual(['details', 'host', 'job', 'jobsNamed', 'name', 'run', 'runs']);
    expect(Object.keys(reader.details).sort()).toEqual(['clusterEvents', 'nodeTypes', 'taskError']);
  });

  test('writes nothing in the twin, whatever it reads', async () => {
    const { plant, reader } = await twin();

    await Promise.all([
      reader.job(jobIds.oom),
      reader.runs(jobIds.oom, 25),
      reader.jobsNamed('orders-nightly'),
      reader.details.nodeTypes(),
    ]);

    expect(plant.databricks.writes).toEqual([]);
  });
});
