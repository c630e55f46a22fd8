import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorkspaceLogs } from '../../../src/adapters/databricks/event-logs.ts';
import { createEventLogStages } from '../../../src/adapters/spark/event-log.ts';
import { foldStages } from '../../../src/adapters/spark/fold-stages.ts';
import { createLogFolder } from '../../../src/adapters/spark/log-folder.ts';
import { latestFinished } from '../../../src/core/run-facts.ts';
import type { Run } from '../../../src/model/job.ts';
import { jobIds } from '../../../src/twin/pipeline/workloads.ts';
import { connectionOf, startRehearsal } from '../../support/rehearsal.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function folder(): string {
  const at = mkdtempSync(join(tmpdir(), 'sluice-logs-'));
  closing.push(() => rmSync(at, { recursive: true }));
  return at;
}

const run: Run = {
  id: '1',
  jobId: '2',
  outcome: 'succeeded',
  startedAt: '2026-11-20T00:00:00Z',
  endedAt: '2026-11-20T01:00:00Z',
  terminationCode: 'SUCCESS',
  terminationType: 'SUCCESS',
  message: '',
  tasks: [{ runId: '3', taskKey: 't', outcome: 'succeeded', clusterId: '1120-cluster', startedAt: '', endedAt: null }],
  repairs: [],
};

const stage = (event: string, change = {}) =>
  JSON.stringify({
    Event: `SparkListenerStage${event}`,
    'Stage Info': {
      'Stage ID': 3,
      'Stage Attempt ID': 0,
      'Stage Name': 'join',
      'Number of Tasks': 3,
      'Submission Time': 1000,
      ...change,
    },
  });
const task = (durationMs: number, readBytes: number) =>
  JSON.stringify({
    Event: 'SparkListenerTaskEnd',
    'Stage ID': 3,
    'Stage Attempt ID': 0,
    'Task End Reason': { Reason: 'Success' },
    'Task Info': { 'Launch Time': 1000, 'Finish Time': 1000 + durationMs, Failed: false, Killed: false },
    'Task Metrics': {
      'Executor Run Time': durationMs,
      'JVM GC Time': 1,
      'Memory Bytes Spilled': 5,
      'Disk Bytes Spilled': 2,
      'Shuffle Read Metrics': { 'Remote Bytes Read': readBytes, 'Local Bytes Read': 1 },
    },
  });
const lines = [
  '{"Event":"SparkListenerLogStart","Spark Version":"3.5.0"}',
  stage('Submitted'),
  task(10, 100),
  task(20, 200),
  task(90, 900),
  stage('Completed', { 'Completion Time': 1100 }),
];

describe('stages of an event log', () => {
  test('tell tasks, bytes and milliseconds in quantiles', async () => {
    const at = folder();
    writeFileSync(join(at, 'eventlog'), lines.join('\n'));

    const stages = await createEventLogStages(createLogFolder(at)).stages(run);

    if (!stages.known) throw new Error(stages.why);
    expect(stages.value).toHaveLength(1);
    expect(stages.value[0]).toMatchObject({
      stageId: 3,
      status: 'complete',
      tasks: 3,
      durationMs: 100,
      taskMs: { min: 10, median: 20, max: 90 },
      totalShuffleReadBytes: 1203,
      memorySpilledBytes: 15,
      gcMs: 3,
    });
  });

  test('are the same from gzip, from rolled files and from a folder by cluster', async () => {
    const [plain, rolled] = [folder(), folder()];
    writeFileSync(join(plain, 'eventlog'), lines.join('\n'));
    const inside = join(rolled, '1120-cluster', 'eventlog', 'driver', '77');
    mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, 'eventlog-2026-11-20--00-00.gz'), gzipSync(`${lines.slice(0, 3).join('\n')}\n`));
    writeFileSync(join(inside, 'eventlog'), lines.slice(3).join('\n'));

    const [one, other] = await Promise.all([plain, rolled].map((at) => createEventLogStages(createLogFolder(at)).stages(run)));

    expect(other).toEqual(one);
  });

  test('a last line that is still being written is passed over', async () => {
    const at = folder();
    writeFileSync(join(at, 'eventlog'), `${lines.slice(0, 5).join('\n')}\n${lines[5]?.slice(0, 40)}`);

    const stages = await createEventLogStages(createLogFolder(at)).stages(run);

    expect(stages.known && stages.value[0]?.status).toBe('active');
  });

  test('of a folder that is not there are absent, and say so', async () => {
    expect(await createEventLogStages(createLogFolder('/nowhere')).stages(run)).toEqual({
      known: false,
      why: 'absent: no folder /nowhere',
    });
  });

  test('of a run without clusters are absent', async () => {
    const stages = await createEventLogStages(createLogFolder('/nowhere')).stages({ ...run, tasks: [] });

    expect(stages.known ? '' : stages.why).toMatch(/^absent/);
  });

  test('damaged gzip is unreadable, not empty', async () => {
    const at = folder();
    writeFileSync(join(at, 'eventlog.gz'), 'not gzip');

    const stages = await createEventLogStages(createLogFolder(at)).stages(run);

    expect(stages.known ? '' : stages.why).toMatch(/^unreadable/);
  });

  test('quantiles never leave the least and the greatest task', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 60 }), (durations) => {
        const fold = foldStages();
        fold.add({
          what: 'stage',
          stage: 1,
          attempt: 0,
          name: '',
          tasks: durations.length,
          submitted: 0,
          completed: 1,
          failed: false,
        });
        const rest = {
          runMs: 0,
          gcMs: 0,
          memorySpilledBytes: 0,
          diskSpilledBytes: 0,
          shuffleReadBytes: 0,
          shuffleWriteBytes: 0,
          inputBytes: 0,
        };
        for (const durationMs of durations)
          fold.add({ what: 'task', stage: 1, attempt: 0, failed: false, metrics: { durationMs, ...rest } });
        const [only] = fold.summaries();
        const { min, p25, median, p75, p95, max } = only?.taskMs ?? { min: 0, p25: 0, median: 0, p75: 0, p95: 0, max: 0 };
        expect([min, p25, median, p75, p95, max]).toEqual([min, p25, median, p75, p95, max].sort((a, b) => a - b));
        expect([min, max]).toEqual([Math.min(...durations), Math.max(...durations)]);
      }),
    );
  });
});

describe('event logs of a workspace', () => {
  async function twin() {
    const { plant, reads } = await startRehearsal(['oom', 'lag']);
    closing.push(() => plant.close());
    const read = async (name: 'oom' | 'lag') => {
      const runs = await reads.workspace?.runs(jobIds[name], 5);
      if (runs?.known !== true) throw new Error('no runs');
      return runs.value;
    };
    return { plant, reads, read, logs: createWorkspaceLogs(connectionOf(plant)) };
  }

  test('are found at the cluster log destination and read in parts', async () => {
    const { reads, read } = await twin();
    const latest = latestFinished(await read('oom'));
    if (latest === null) throw new Error('no run');

    const stages = await reads.stages?.stages(latest);

    expect(stages?.known === true && stages.value.map((one) => one.status)).toEqual(['complete', 'complete', 'failed']);
  });

  test('of a cluster without a log destination are absent, and say so', async () => {
    const { read, logs } = await twin();
    const cluster = (await read('lag'))[0]?.tasks[0]?.clusterId ?? '';

    expect(await logs.logs(cluster)).toEqual({ known: false, why: 'absent: the cluster has no log destination' });
  });

  test.each(['s3://bucket/logs', 'abfss://x@y/logs', 'gs://bucket/logs'])(
    'at %s are absent: another system holds them',
    async (destination) => {
      const { plant, logs } = await twin();
      const text = JSON.parse(plant.databricks.settingsText(jobIds.oom) ?? '{}');
      text.job_clusters[0].new_cluster.cluster_log_conf = { s3: { destination } };
      plant.databricks.edit(jobIds.oom, JSON.stringify(text));
      plant.pipeline.runNow(jobIds.oom);
      plant.clock.advance(3_600_000);
      const cluster = plant.pipeline.runs(jobIds.oom).at(-1)?.attempts[0]?.cluster?.clusterId ?? '';

      const found = await logs.logs(cluster);

      expect(found.known ? '' : found.why).toMatch(/^absent: (?:s3|abfss|gs) is not readable/);
    },
  );

  test('a cluster that nobody knows is missing', async () => {
    const { logs } = await twin();

    const found = await logs.logs('0000-none');

    expect(found.known ? '' : found.why).toMatch(/^missing: /);
  });
});
