import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createRestStages } from '../../../src/adapters/spark/rest.ts';
import type { Run } from '../../../src/model/job.ts';
import { type Answering, answering, json, type Seen } from '../../support/answering.ts';

const closing: Answering[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((one) => one.close()));
});

const run: Run = {
  ...{ id: '5', jobId: '2', outcome: 'succeeded', startedAt: '2026-11-20T02:00:00Z', endedAt: '2026-11-20T03:00:00Z' },
  ...{ terminationCode: null, terminationType: null, message: '', repairs: [] },
  tasks: [{ runId: '3', taskKey: 't', outcome: 'succeeded', clusterId: '1120-a', startedAt: '', endedAt: null }],
};

/** ApplicationInfo as Spark 3.5 answers it. */
const application = (id: string, startTime: string, attempts: readonly (string | null)[] = [null], completed = true) => ({
  ...{ id, name: 'orders' },
  attempts: attempts.map((attemptId) => ({
    ...(attemptId === null ? {} : { attemptId }),
    ...{ startTime, endTime: '2026-11-20T02:50:00.000GMT', lastUpdated: '', duration: 1, sparkUser: 'root', completed },
    ...{ appSparkVersion: '3.5.0', startTimeEpoch: 0, endTimeEpoch: 0, lastUpdatedEpoch: 0 },
  })),
});

/** TaskMetricDistributions of 0, 25, 50, 75, 95 and 100 percent. */
const distributions = {
  ...{ quantiles: [0, 0.25, 0.5, 0.75, 0.95, 1], duration: [1, 2, 3, 4, 5, 60], executorDeserializeTime: [0, 0, 0, 0, 0, 0] },
  ...{ executorRunTime: [1, 1, 2, 3, 4, 50], jvmGcTime: [0, 0, 0, 0, 0, 1], peakExecutionMemory: [0, 0, 0, 0, 0, 900] },
  ...{ memoryBytesSpilled: [0, 0, 0, 0, 0, 7], diskBytesSpilled: [0, 0, 0, 0, 0, 5] },
  inputMetrics: { bytesRead: [0, 0, 0, 0, 0, 0], recordsRead: [0, 0, 0, 0, 0, 0] },
  shuffleReadMetrics: {
    readBytes: [10, 20, 30, 40, 50, 600],
    readRecords: [1, 2, 3, 4, 5, 6],
    fetchWaitTime: [0, 0, 0, 0, 0, 0],
  },
};

/** StageData. */
const stage = (change: Readonly<Record<string, unknown>> = {}) => ({
  ...{ status: 'COMPLETE', stageId: 3, attemptId: 0, numTasks: 9, numActiveTasks: 0, numCompleteTasks: 8, numFailedTasks: 1 },
  ...{ numKilledTasks: 0, submissionTime: '2026-11-20T02:10:00.000GMT', completionTime: '2026-11-20T02:11:00.000GMT' },
  ...{ executorRunTime: 500, jvmGcTime: 20, memoryBytesSpilled: 7, diskBytesSpilled: 5, inputBytes: 0, inputRecords: 0 },
  ...{ shuffleReadBytes: 750, shuffleWriteBytes: 40, name: 'save at Orders.scala:42', details: '', rddIds: [1] },
  ...{ accumulatorUpdates: [], killedTasksSummary: {}, resourceProfileId: 0 },
  ...change,
});

type Bodies = Readonly<Record<string, unknown>>;

/** A server that answers each path with its body; a number is a status. */
async function spark(bodies: Bodies, change: { readonly timeoutMs?: number } = {}) {
  const at = await answering((seen: Seen, response: ServerResponse) => {
    const path = seen.url.replace('/prefix/api/v1/applications', '').split('?')[0] ?? '';
    const body = bodies[seen.url.includes('withSummaries') ? `${path}?summaries` : path] ?? bodies[path] ?? 404;
    if (body === 'hangs') return;
    if (typeof body === 'number') json(response, body, 'no', body === 302 ? { location: 'http://127.0.0.1:1/' } : {});
    else json(response, 200, typeof body === 'string' ? body : JSON.stringify(body));
  });
  closing.push(at);
  const reader = createRestStages({ url: `${at.url}/prefix/`, headers: { authorization: 'Bearer x' }, ...change });
  const told = async (of: Run | null = run, named: string | null = null) => {
    const stages = await reader.stages(of, named);
    return stages.known ? stages.value : stages.why;
  };
  return { at, told };
}

const during = '2026-11-20T02:01:00.000GMT';
const one = { '': [application('app-1', during)] };

describe('stages of Spark’s REST API', () => {
  test('come from the stage and the quantiles of its tasks', async () => {
    const { told, at } = await spark({ ...one, '/app-1/stages': [stage()], '/app-1/stages/3/0/taskSummary': distributions });

    expect(await told()).toEqual([
      {
        ...{ stageId: 3, attempt: 0, name: 'save at Orders.scala:42', status: 'complete', tasks: 8, failedTasks: 1 },
        ...{ durationMs: 60_000, taskMs: { min: 1, p25: 2, median: 3, p75: 4, p95: 5, max: 60 } },
        shuffleReadBytes: { min: 10, p25: 20, median: 30, p75: 40, p95: 50, max: 600 },
        inputBytes: { min: 0, p25: 0, median: 0, p75: 0, p95: 0, max: 0 },
        ...{ totalShuffleReadBytes: 750, totalShuffleWriteBytes: 40, totalInputBytes: 0, memorySpilledBytes: 7 },
        ...{ diskSpilledBytes: 5, gcMs: 20, runMs: 500, peakExecutionMemoryBytes: 900, source: 'Spark REST of app-1' },
      },
    ]);
    expect(at.seen.every(({ headers }) => headers.authorization === 'Bearer x')).toBe(true);
  });

  test('need no question for each where the list brings the quantiles', async () => {
    const { told, at } = await spark({ ...one, '/app-1/stages': [stage({ taskMetricsDistributions: distributions })] });

    expect(await told()).toMatchObject([{ taskMs: { max: 60 } }]);
    expect(at.seen.some(({ url }) => url.includes('taskSummary'))).toBe(false);
  });

  test('are asked for one by one where the list with quantiles is refused', async () => {
    const bodies = {
      ...one,
      '/app-1/stages?summaries': 500,
      '/app-1/stages': [stage()],
      '/app-1/stages/3/0/taskSummary': distributions,
    };

    expect(await (await spark(bodies)).told()).toMatchObject([{ taskMs: { max: 60 } }]);
  });

  test('of Spark 2, which tells no garbage collection and no duration, are read without them', async () => {
    const { duration: _, peakExecutionMemory: __, ...old } = distributions;
    const { jvmGcTime: ___, ...data } = stage();
    const { told } = await spark({ ...one, '/app-1/stages': [data], '/app-1/stages/3/0/taskSummary': old });

    expect(await told()).toMatchObject([{ gcMs: Number.NaN, taskMs: { median: 2, max: 50 } }]);
  });

  test('are partial where the quantiles of one cannot be read', async () => {
    const { told } = await spark({ ...one, '/app-1/stages': [stage()], '/app-1/stages/3/0/taskSummary': 500 });

    expect(await told()).toMatchObject([{ partial: expect.stringMatching(/^stage 3: unreachable: 500/) }]);
  });

  test('of no successful task need no quantiles, and a failed one says why', async () => {
    const failed = stage({ status: 'FAILED', numCompleteTasks: 0, failureReason: 'Job aborted' });
    const [only] = await (await spark({ ...one, '/app-1/stages': [failed] })).told();

    expect(only).toMatchObject({ status: 'failed', failure: 'Job aborted', tasks: 0 });
    expect(only).not.toHaveProperty('partial');
  });

  test('are those of the last attempt of the application and of the stage; skipped ones are none', async () => {
    const whole = { numTasks: 8, attemptId: 1, name: 'again' };
    const stages = [stage(whole), stage({ numTasks: 8 }), stage({ stageId: 4, status: 'SKIPPED' })];
    const { told } = await spark({
      ...{ '': [application('app-1', during, ['2', '1'])] },
      ...{ '/app-1/2/stages': stages, '/app-1/2/stages/3/1/taskSummary': distributions },
      '/app-1/2/stages/3/0/taskSummary': distributions,
    });

    expect(await told()).toMatchObject([
      { stageId: 3, attempt: 1, name: 'again', tasks: 8, source: 'Spark REST of app-1 attempt 2' },
    ]);
  });

  test('hold the tasks of all attempts of a stage where none ran all of them', async () => {
    const retry = stage({ attemptId: 1, numTasks: 1, numCompleteTasks: 1, shuffleReadBytes: 50, numFailedTasks: 0 });
    const { told } = await spark({
      ...one,
      '/app-1/stages': [retry, stage({ status: 'FAILED', failureReason: 'FetchFailed' })],
      ...{ '/app-1/stages/3/0/taskSummary': distributions, '/app-1/stages/3/1/taskSummary': distributions },
    });

    const [only] = await told();
    expect(only).toMatchObject({ attempt: 1, status: 'complete', tasks: 9, failedTasks: 1, totalShuffleReadBytes: 800 });
    expect(only).not.toHaveProperty('failure');
  });

  test('are partial where the tasks of one of their attempts are not told', async () => {
    const retry = stage({ attemptId: 1, numTasks: 1, numCompleteTasks: 1 });
    const { told } = await spark({
      ...one,
      '/app-1/stages': [retry, stage({ status: 'FAILED' })],
      '/app-1/stages/3/0/taskSummary': distributions,
    });

    expect(await told()).toMatchObject([{ partial: expect.stringMatching(/^stage 3/) }]);
  });

  test('are those of the application that ran on the run’s cluster', async () => {
    const conf = (id: string) => ({ sparkProperties: [['spark.databricks.clusterUsageTags.clusterId', id]] });
    const { told } = await spark({
      '': [application('app-1', during), application('app-2', during)],
      ...{ '/app-1/environment': conf('other'), '/app-2/environment': conf('1120-a') },
      ...{ '/app-2/stages': [stage({ taskMetricsDistributions: distributions })] },
    });

    expect(await told()).toMatchObject([{ source: 'Spark REST of app-2' }]);
  });

  test.each([
    [
      'of two that started during the run',
      [application('a', during), application('b', during)],
      /^unreadable: 2 Spark applications/,
    ],
    ['of none', [], /^absent: no Spark application is there$/],
    [
      'of other days',
      [application('a', '2026-11-18T02:01:00.000GMT'), application('b', '2026-11-19T02:01:00.000GMT')],
      /^absent: none of the Spark applications there \(2\)/,
    ],
  ])('%s are not taken', async (_, applications, why) => {
    expect(await (await spark({ '': applications })).told()).toMatch(why);
  });

  test('without a run are those of the newest finished application', async () => {
    const bodies = {
      '': [
        application('c', '2026-11-22T00:00:00.000GMT', [null], false),
        application('a', during),
        application('b', '2026-11-21T00:00:00.000GMT'),
      ],
      '/b/stages': [stage({ taskMetricsDistributions: distributions })],
    };

    expect(await (await spark(bodies)).told(null)).toMatchObject([{ source: 'Spark REST of b' }]);
  });
});

describe('an answer that is not Spark’s', () => {
  test.each([
    ['a redirect', 302, /^unreachable: \/applications was answered with a redirect, which is refused$/],
    ['a login page', '<html>', /^unreadable: the answer to \/applications is not Spark's$/],
    ['another shape', { error: 'x' }, /^unreadable: the answer to \/applications is not Spark's$/],
    ['half an answer', '[{"id":"app-1","att', /^unreadable/],
    ['a refusal', 403, /^forbidden: 403/],
    ['no such path', 404, /^missing: Spark knows no \/applications$/],
    ['silence', 'hangs', /^unreachable: no answer in time to \/applications$/],
    ['far too much', `"${'x'.repeat(65 * 1024 * 1024)}"`, /^unreadable: the answer to \/applications is larger than 64 MiB$/],
  ])('is unknown, with the reason: %s', async (_, body, why) => {
    const { told, at } = await spark({ '': body }, { timeoutMs: body === 'hangs' ? 200 : 15_000 });

    expect(await told()).toMatch(why);
    expect(at.seen).toHaveLength(1);
  });

  test('is unknown where nobody listens', async () => {
    expect(await createRestStages({ url: 'http://127.0.0.1:1' }).stages(run, null)).toEqual({
      known: false,
      why: 'unreachable: the connection to Spark broke',
    });
  });
});
