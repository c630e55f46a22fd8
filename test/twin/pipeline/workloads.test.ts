import { describe, expect, test } from 'vitest';
import { defaultNodeTypes } from '../../../src/twin/pipeline/node-types.ts';
import { createPipeline } from '../../../src/twin/pipeline/pipeline.ts';
import { ascending, rankQuantile } from '../../../src/twin/pipeline/quantile.ts';
import { clustersOf, type Run } from '../../../src/twin/pipeline/run.ts';
import { workload } from '../../../src/twin/pipeline/workloads.ts';
import type { ClusterEdit } from './rehearse.ts';
import { rehearse, start } from './rehearse.ts';

const median = (values: readonly number[]) => rankQuantile(ascending(values), 0.5);

/** What a run's clusters cost: workers × hours from a cluster's creation to its end. */
const workerHours = (run: Run) =>
  clustersOf(run).reduce(
    (sum, { cluster, end }) => sum + (cluster.shape.workers.max * ((end ?? 0) - cluster.created)) / 3_600_000,
    0,
  );

type Edit = (cluster: ClusterEdit) => void;
const nothing: Edit = () => {};
const conf =
  (key: string, value: string): Edit =>
  (cluster) => {
    cluster.spark_conf[key] = value;
  };
const node =
  (type: string): Edit =>
  (cluster) => {
    cluster.node_type_id = type;
  };
const workers =
  (count: number): Edit =>
  (cluster) => {
    cluster.num_workers = count;
  };
const parameter =
  (name: string, value: string): Edit =>
  (cluster) => {
    cluster.parameters[name] = value;
  };
const autoscale =
  (most: number): Edit =>
  (cluster) => {
    delete cluster.num_workers;
    cluster.autoscale = { min_workers: 1, max_workers: most };
  };

const shuffleOf = (run: Run) =>
  run.attempts.flatMap((attempt) => attempt.batch?.stages ?? []).find((stage) => stage.stageId === 12);
const seconds = (run: Run) => ((run.ended ?? 0) - run.created) / 1000;

describe('broadcast: a small side that is not small any more', () => {
  test('the last run before the start fails of it after both inputs were read, all earlier ones pass', () => {
    const { pipeline, jobId } = rehearse('broadcast');
    const runs = pipeline.runs(jobId);
    const last = runs.at(-1)?.attempts.at(-1);

    expect(new Set(runs.slice(0, -1).map((run) => run.result))).toEqual(new Set(['SUCCESS']));
    expect(last?.failure?.error).toBe('SparkException: Cannot broadcast the table that is larger than 8.0 GiB: 9.5 GiB.');
    expect(last?.batch?.stages.map(({ stageId }) => stageId)).toEqual([10, 11]);
  });

  test.each<[string, 'SUCCESS' | 'FAILED', Edit]>([
    ['nothing (a retry)', 'FAILED', nothing],
    ['no broadcast', 'SUCCESS', conf('spark.sql.autoBroadcastJoinThreshold', '-1')],
    ['a threshold under the estimate', 'SUCCESS', conf('spark.sql.autoBroadcastJoinThreshold', '4MB')],
    ['a higher threshold', 'FAILED', conf('spark.sql.autoBroadcastJoinThreshold', '100MB')],
    ['a longer timeout', 'FAILED', conf('spark.sql.broadcastTimeout', '3600')],
    ['more workers', 'FAILED', workers(8)],
    ['a larger node', 'FAILED', node('r5.4xlarge')],
  ])('%s: %s', (_, result, edit) => {
    expect(rehearse('broadcast').runWith(edit).result).toBe(result);
  });
});

describe('oom: twice the data in the same partitions', () => {
  test('the last run before the start fails of memory, all earlier ones pass', () => {
    const { pipeline, jobId } = rehearse('oom');
    const results = pipeline.runs(jobId).map((run) => run.result);
    expect(results.at(-1)).toBe('FAILED');
    expect(results.length).toBeGreaterThanOrEqual(6);
    expect(new Set(results.slice(0, -1))).toEqual(new Set(['SUCCESS']));
  });

  test.each<[string, 'SUCCESS' | 'FAILED', Edit]>([
    ['nothing (a retry)', 'FAILED', nothing],
    ['AQE on', 'FAILED', conf('spark.sql.adaptive.enabled', 'true')],
    ['spark.memory.fraction=0.6', 'FAILED', conf('spark.memory.fraction', '0.6')],
    ['more workers', 'FAILED', workers(8)],
    ['skew join on', 'FAILED', conf('spark.sql.adaptive.skewJoin.enabled', 'true')],
    ['fewer partitions', 'FAILED', conf('spark.sql.shuffle.partitions', '32')],
    ['250 partitions', 'FAILED', conf('spark.sql.shuffle.partitions', '250')],
    ['400 partitions', 'SUCCESS', conf('spark.sql.shuffle.partitions', '400')],
    ['800 partitions', 'SUCCESS', conf('spark.sql.shuffle.partitions', '800')],
    ['auto partitions', 'SUCCESS', conf('spark.sql.shuffle.partitions', 'auto')],
    ['4 cores an executor', 'SUCCESS', conf('spark.executor.cores', '4')],
    ['2 cpus a task', 'SUCCESS', conf('spark.task.cpus', '2')],
    ['twice the memory a core', 'SUCCESS', node('r5.2xlarge')],
    ['a bigger node with as much memory a core', 'FAILED', node('m5.4xlarge')],
    ['more cores than the node has', 'FAILED', conf('spark.executor.cores', '64')],
    ['a node type that does not exist', 'FAILED', node('x9.huge')],
  ])('%s: %s', (_, result, edit) => {
    expect(rehearse('oom').runWith(edit).result).toBe(result);
  });

  test('400 partitions spill, 800 do not', () => {
    const spilled = ['400', '800'].map((count) =>
      shuffleOf(rehearse('oom').runWith(conf('spark.sql.shuffle.partitions', count)))?.tasks.reduce(
        (sum, task) => sum + task.memorySpilled,
        0,
      ),
    );
    expect(spilled[0]).toBeGreaterThan(0);
    expect(spilled[1]).toBe(0);
  });

  test('a cluster that cannot start fails as a refused cluster, not of memory', () => {
    const failure = rehearse('oom').runWith(conf('spark.executor.memory', '400g')).attempts.at(-1)?.failure;
    expect(failure?.code).toBe('INVALID_CLUSTER_REQUEST');
    expect(failure?.error).not.toContain('OutOfMemoryError');
  });

  test('twice the memory costs as many workers for a shorter time', () => {
    const [more, cured] = [conf('spark.executor.cores', '4'), node('r5.2xlarge')].map((edit) => rehearse('oom').runWith(edit));
    expect(workerHours(cured!)).toBeLessThan(workerHours(more!));
    expect(workerHours(cured!)).toBeCloseTo((4 * seconds(cured!)) / 3600, 6);
  });

  test('the error reads as Spark writes it', () => {
    const failure = rehearse('oom').runWith(nothing).attempts.at(-1)?.failure;
    expect(failure?.error).toMatch(
      /^SparkException: Job aborted due to stage failure: Task (\d+) in stage 12\.0 failed 4 times, most recent failure: Lost task \1\.3 in stage 12\.0 .*ExecutorLostFailure \(executor \d exited caused by one of the running tasks\).*java\.lang\.OutOfMemoryError: Java heap space$/,
    );
    expect([failure?.code, failure?.type]).toEqual(['RUN_EXECUTION_ERROR', 'CLIENT_ERROR']);
  });
});

describe('nightly, bundle, conf: as oom, but a change reaches them on other ways', () => {
  test.each(['nightly', 'bundle', 'conf'] as const)(
    '%s: the last run before the start fails of memory, all earlier ones pass',
    (name) => {
      const { pipeline, jobId } = rehearse(name);
      const results = pipeline.runs(jobId).map((run) => run.result);

      expect(results.length).toBeGreaterThanOrEqual(6);
      expect(results.at(-1)).toBe('FAILED');
      expect(new Set(results.slice(0, -1))).toEqual(new Set(['SUCCESS']));
    },
  );

  test.each<['nightly' | 'bundle' | 'conf', string, 'SUCCESS' | 'FAILED']>([
    ['nightly', '250', 'FAILED'],
    ['nightly', '400', 'SUCCESS'],
    ['bundle', '400', 'FAILED'],
    ['bundle', '480', 'SUCCESS'],
    ['conf', '250', 'FAILED'],
    ['conf', '400', 'SUCCESS'],
  ])('%s with %s partitions: %s', (name, partitions, result) => {
    expect(rehearse(name).runWith(conf('spark.sql.shuffle.partitions', partitions)).result).toBe(result);
  });

  test('nightly runs once a day', () => {
    const { pipeline, jobId } = rehearse('nightly');
    const starts = pipeline.runs(jobId).map((run) => run.created);

    expect(new Set(starts.slice(1).map((start, index) => start - (starts[index] ?? 0)))).toEqual(new Set([24 * 3_600_000]));
  });

  test('conf: a run takes the conf file as it is when the run starts, and no other key than spark.sql.*', () => {
    const seeded = workload('conf', start);
    let text = 'spark.sql.shuffle.partitions 200\nspark.executor.cores 1\n';
    const pipeline = createPipeline({ workloads: [seeded], start, files: () => text });
    pipeline.attach({ settingsText: () => seeded.settings, nodeTypes: defaultNodeTypes });
    const results = ['200', '800'].map((partitions) => {
      text = text.replace(/(partitions) \d+/, `$1 ${partitions}`);
      const runId = pipeline.restart(seeded.jobId);
      pipeline.advanceTo(new Date(pipeline.now().getTime() + 4 * 3_600_000));
      return pipeline.run(runId)?.result;
    });

    expect(results).toEqual(['FAILED', 'SUCCESS']);
    expect(pipeline.runs(seeded.jobId).at(-1)?.settings).not.toContain('spark.executor.cores');
  });
});

describe('bad: one group that nothing splits', () => {
  test.each<[string, Edit]>([
    ['800 partitions', conf('spark.sql.shuffle.partitions', '800')],
    ['4 cores an executor', conf('spark.executor.cores', '4')],
    ['2 cpus a task', conf('spark.task.cpus', '2')],
    ['twice the memory a core', node('r5.2xlarge')],
    ['four times the memory', node('r5.4xlarge')],
    ['skew join', conf('spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes', '64MB')],
  ])('%s leaves it failing', (_, edit) => {
    expect(rehearse('bad').runWith(edit).result).toBe('FAILED');
  });

  test('fewer cores make it slower besides', () => {
    const [before, after] = [nothing, conf('spark.executor.cores', '2')].map((edit) => seconds(rehearse('bad').runWith(edit)));
    expect(after).toBeGreaterThan(before ?? 0);
  });
});

describe('skew: one key with 6 % of the rows and the threshold at 8 GB', () => {
  const worst = (run: Run) => {
    const times = (shuffleOf(run)?.tasks ?? []).map((task) => task.duration);
    return Math.max(...times) / median(times);
  };

  test('the last run is far slower than those before it, and passes', () => {
    const { pipeline, jobId } = rehearse('skew');
    const runs = pipeline.runs(jobId);
    const last = runs.at(-1);
    expect(last?.result).toBe('SUCCESS');
    expect(last === undefined ? 0 : seconds(last)).toBeGreaterThan(1.4 * median(runs.slice(0, -1).map(seconds)));
  });

  test.each<[string, boolean, Edit]>([
    ['nothing', false, nothing],
    ['more partitions', false, conf('spark.sql.shuffle.partitions', '1600')],
    ['more workers', false, workers(8)],
    ['skew join on (it is)', false, conf('spark.sql.adaptive.skewJoin.enabled', 'true')],
    ['the threshold at 256 MB', true, conf('spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes', '256MB')],
    ['the threshold in bytes', true, conf('spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes', '268435456')],
    ['the threshold at 4 GB', false, conf('spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes', '4g')],
  ])('%s: slowest task near the median is %s', (_, cured, edit) => {
    const ratio = worst(rehearse('skew').runWith(edit));
    if (cured) expect(ratio).toBeLessThan(3);
    else expect(ratio).toBeGreaterThan(10);
  });
});

describe('lag', () => {
  test.each<['lag' | 'lagNarrow' | 'lagCapped' | 'kinesis', string, boolean, Edit]>([
    ['lag', 'nothing', false, nothing],
    ['lag', 'minPartitions', false, parameter('minPartitions', '48')],
    ['lag', '4 workers', true, workers(4)],
    ['lag', 'autoscale to 4', true, autoscale(4)],
    ['lag', 'larger nodes', true, node('m5.2xlarge')],
    ['lagNarrow', 'more workers', false, workers(8)],
    ['lagNarrow', '16 partitions at least', true, parameter('minPartitions', '16')],
    ['lagCapped', 'more workers', false, workers(10)],
    ['lagCapped', 'a higher cap', true, parameter('maxOffsetsPerTrigger', '2000000')],
    ['kinesis', 'more workers', false, workers(4)],
    ['kinesis', '4 shards a task', false, parameter('shardsPerTask', '4')],
    ['kinesis', '3 shards a task', true, parameter('shardsPerTask', '3')],
  ])('%s with %s: drains is %s', (name, _, drains, edit) => {
    const rehearsal = rehearse(name);
    const before = rehearsal.lagAt(0);
    rehearsal.runWith(edit);
    expect(rehearsal.lagAt(0)).toBe(before);
    expect(rehearsal.lagAt(220) < before).toBe(drains);
  });

  test('it grows before the start, and had been small until 90 minutes before', () => {
    const { lagAt } = rehearse('lag');
    expect(lagAt(-120)).toBeLessThan(1_000_000);
    expect(lagAt(0)).toBeGreaterThan(lagAt(-30));
  });

  test('settings act at the next run: a run that is up keeps the old ones', () => {
    const rehearsal = rehearse('lag');
    rehearsal.pipeline.advanceTo(new Date(rehearsal.pipeline.now().getTime() + 3_600_000));
    expect(rehearsal.lagAt(60)).toBeGreaterThan(rehearsal.lagAt(0));
  });

  test('healthy: the blip is over and the lag is where it was', () => {
    const { lagAt } = rehearse('healthy');
    expect(lagAt(-13)).toBeGreaterThan(2 * lagAt(-60));
    expect(lagAt(0)).toBe(lagAt(-60));
  });
});
