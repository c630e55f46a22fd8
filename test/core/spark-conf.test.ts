import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobFacts } from '../../src/core/job-facts.ts';
import { confFacts } from '../../src/core/job-facts.ts';
import { runtimeOf } from '../../src/core/runtime.ts';
import { judgeEdit, keyForbidden } from '../../src/core/spark-conf.ts';
import { refusedSparkKeys, sparkKeys } from '../../src/core/spark-conf-table.ts';
import type { RemedyEdit } from '../../src/model/runbook.ts';

const plain = confFacts('', { taskKey: 't', clusterKey: null, streaming: false });
const cluster = (change: Partial<JobFacts['cluster']>): JobFacts => ({ ...plain, cluster: { ...plain.cluster, ...change } });
const conf = (sparkConf: Record<string, string>) => cluster({ sparkConf });
const spark = (key: string): RemedyEdit => ({ surface: 'spark-conf', key });
const field = (name: string): RemedyEdit => ({ surface: 'cluster', field: name });
const parameter = (name: string): RemedyEdit => ({ surface: 'parameter', name });
const aqe = 'spark.sql.adaptive';
const fixed = cluster({ fixedWorkers: 4 });
const scaling = cluster({ autoscale: { min: 2, max: 8 } });
const on = (sparkVersion: string, sparkConf: Record<string, string> = {}) =>
  cluster({ runtime: runtimeOf(sparkVersion), sparkConf });
const node = { id: 'm5.2xlarge', memoryMb: 32_768, cores: 8 };
const threshold = `${aqe}.skewJoin.skewedPartitionThresholdInBytes`;
const stream: JobFacts = { ...plain, streaming: true, parameters: { maxOffsetsPerTrigger: '1000', maxFetchRate: '1.0' } };

describe('judging an edit', () => {
  test.each<[RemedyEdit, number | string | boolean, JobFacts, string | number]>([
    [spark('spark.sql.shuffle.partitions'), 400, plain, '400'],
    [spark('spark.sql.shuffle.partitions'), 'auto', plain, 'auto'],
    [spark(`${aqe}.skewJoin.skewedPartitionThresholdInBytes`), 134_217_728, plain, '128m'],
    [
      spark(`${aqe}.skewJoin.skewedPartitionThresholdInBytes`),
      268_435_456,
      conf({ [`${aqe}.skewJoin.skewedPartitionThresholdInBytes`]: '8g' }),
      '256m',
    ],
    [spark(`${aqe}.enabled`), true, conf({ [`${aqe}.enabled`]: 'false' }), 'true'],
    [spark(`${aqe}.enabled`), true, on('7.2.x-scala2.12'), 'true'],
    [spark(`${aqe}.coalescePartitions.parallelismFirst`), false, on('10.4.x-scala2.12'), 'false'],
    [spark(`${aqe}.coalescePartitions.parallelismFirst`), false, on('custom:my-image'), 'false'],
    // With parallelismFirst, too, where a core's share of the shuffle is larger (ShufflePartitionsUtil.scala).
    [spark(`${aqe}.advisoryPartitionSizeInBytes`), 134_217_728, plain, '128m'],
    [spark('spark.sql.shuffle.partitions'), 400, conf({ 'spark.sql.shuffle.partitions': 'auto' }), '400'],
    [
      spark('spark.sql.shuffle.partitions'),
      400,
      conf({ [`${aqe}.coalescePartitions.initialPartitionNum`]: '800', [`${aqe}.enabled`]: 'false' }),
      '400',
    ],
    [spark('spark.databricks.adaptive.autoBroadcastJoinThreshold'), -1, plain, '-1'],
    [spark('spark.task.cpus'), 8, cluster({ node }), '8'],
    [field('node_type_id'), 'r5.2xlarge', cluster({ nodeType: 'm5.2xlarge', policy: 'p' }), 'r5.2xlarge'],
    [spark('spark.memory.fraction'), 0.7, plain, '0.7'],
    [spark('spark.sql.autoBroadcastJoinThreshold'), -1, plain, '-1'],
    [spark('spark.task.cpus'), 2, plain, '2'],
    [field('num_workers'), 6, fixed, 6],
    [field('autoscale.max_workers'), 12, scaling, 12],
    [field('node_type_id'), 'r5.2xlarge', cluster({ nodeType: 'm5.2xlarge' }), 'r5.2xlarge'],
    [parameter('maxOffsetsPerTrigger'), 2000, stream, '2000'],
    [parameter('maxFetchRate'), 1.5, stream, '1.5'],
    [{ surface: 'file', pointer: 'executor.instances' }, 4, plain, 4],
  ])('%j to %s is written as asked', (edit, value, job, written) => {
    expect(judgeEdit(edit, value, job)).toEqual({ ok: true, value: written });
  });

  test.each<[string, RemedyEdit, number | string | boolean, JobFacts, string]>([
    ['AQE is on already', spark(`${aqe}.enabled`), true, plain, 'no_effect'],
    ['the default of spark.memory.fraction', spark('spark.memory.fraction'), 0.6, plain, 'no_effect'],
    ['the same default written otherwise', spark('spark.memory.fraction'), '0.60', plain, 'no_effect'],
    [
      'the value that is set',
      spark('spark.sql.shuffle.partitions'),
      400,
      conf({ 'spark.sql.shuffle.partitions': '400' }),
      'no_effect',
    ],
    ['the same size in another unit', spark(`${aqe}.advisoryPartitionSizeInBytes`), 67_108_864, plain, 'no_effect'],
    ['partitions pinned by a checkpoint', spark('spark.sql.shuffle.partitions'), 400, stream, 'no_effect'],
    ['AQE in a stream', spark(`${aqe}.skewJoin.skewedPartitionFactor`), 3, stream, 'no_effect'],
    ['AQE that the runtime has on', spark(`${aqe}.enabled`), true, on('7.3.x-scala2.12'), 'no_effect'],
    ['a key that the runtime does not know', spark(`${aqe}.forceOptimizeSkewedJoin`), true, on('10.4.x-scala2.12'), 'no_effect'],
    ['AQE before there was any', spark(`${aqe}.skewJoin.skewedPartitionFactor`), 3, on('6.4.x-scala2.11'), 'no_effect'],
    ['a part of AQE where AQE is off', spark(threshold), 134_217_728, conf({ [`${aqe}.enabled`]: 'false' }), 'no_effect'],
    [
      'a bound of skew where skewed joins are not split',
      spark(`${aqe}.skewJoin.skewedPartitionFactor`),
      3,
      conf({ [`${aqe}.skewJoin.enabled`]: 'FALSE' }),
      'no_effect',
    ],
    [
      'a start for coalescing where there is none',
      spark(`${aqe}.coalescePartitions.initialPartitionNum`),
      800,
      conf({ [`${aqe}.coalescePartitions.enabled`]: 'false' }),
      'no_effect',
    ],
    [
      'a start for coalescing where Databricks chooses it',
      spark(`${aqe}.coalescePartitions.initialPartitionNum`),
      800,
      conf({ 'spark.sql.shuffle.partitions': 'auto' }),
      'no_effect',
    ],
    [
      'partitions where another key is their start',
      spark('spark.sql.shuffle.partitions'),
      400,
      conf({ [`${aqe}.coalescePartitions.initialPartitionNum`]: '800' }),
      'no_effect',
    ],
    ['auto without AQE', spark('spark.sql.shuffle.partitions'), 'auto', conf({ [`${aqe}.enabled`]: 'false' }), 'no_effect'],
    ['a threshold below the advisory size', spark(threshold), 33_554_432, plain, 'no_effect'],
    [
      'a threshold below an advisory size that was raised',
      spark(threshold),
      134_217_728,
      conf({ [`${aqe}.advisoryPartitionSizeInBytes`]: '256m' }),
      'no_effect',
    ],
    ['more cores a task than a node has', spark('spark.task.cpus'), 9, cluster({ node }), 'limit_exceeded'],
    [
      'more cores a task than an executor has',
      spark('spark.task.cpus'),
      4,
      conf({ 'spark.executor.cores': '2' }),
      'limit_exceeded',
    ],
    [
      'fewer cores than a task takes',
      spark('spark.executor.cores'),
      2,
      conf({ 'spark.executor.cores': '8', 'spark.task.cpus': '4' }),
      'limit_exceeded',
    ],
    [
      'a larger broadcast after the shuffle',
      spark('spark.databricks.adaptive.autoBroadcastJoinThreshold'),
      104_857_600,
      plain,
      'key_forbidden',
    ],
    ['a node type beside a pool', field('node_type_id'), 'r5.2xlarge', cluster({ pool: 'pool-1' }), 'no_surface'],
    [
      'workers of a single node',
      field('num_workers'),
      2,
      cluster({ fixedWorkers: 0, sparkConf: { 'spark.databricks.cluster.profile': 'singleNode' } }),
      'no_surface',
    ],
    ['JVM memory under Photon', spark('spark.memory.fraction'), 0.7, cluster({ photon: true }), 'no_effect'],
    ['serverless compute', spark('spark.sql.shuffle.partitions'), 400, cluster({ base: null, serverless: true }), 'no_surface'],
    [
      'a cluster that others share',
      spark('spark.sql.shuffle.partitions'),
      400,
      cluster({ base: null, existing: true }),
      'no_surface',
    ],
    ['AQE switched off', spark(`${aqe}.enabled`), false, plain, 'key_forbidden'],
    ['a higher broadcast threshold', spark('spark.sql.autoBroadcastJoinThreshold'), 104_857_600, plain, 'key_forbidden'],
    ['a key nobody listed', spark('spark.ui.port'), 1, plain, 'key_forbidden'],
    ['a key named like a method', spark('toString'), 1, plain, 'key_forbidden'],
    ['a fraction of partitions', spark('spark.sql.shuffle.partitions'), 1.5, plain, 'type_mismatch'],
    ['no partitions', spark('spark.sql.shuffle.partitions'), 0, plain, 'type_mismatch'],
    ['NaN', spark('spark.sql.shuffle.partitions'), Number.NaN, plain, 'type_mismatch'],
    ['a word for a number', spark('spark.sql.shuffle.partitions'), 'many', plain, 'type_mismatch'],
    ['all of the heap', spark('spark.memory.fraction'), 1, plain, 'type_mismatch'],
    ['a fixed size beside autoscale', field('num_workers'), 6, scaling, 'no_surface'],
    ['autoscale beside a fixed size', field('autoscale.max_workers'), 6, fixed, 'no_surface'],
    ['as many workers as there are', field('num_workers'), 4, fixed, 'no_effect'],
    ['half a worker', field('num_workers'), 4.5, fixed, 'type_mismatch'],
    ['a maximum below the minimum', field('autoscale.max_workers'), 1, scaling, 'type_mismatch'],
    ['a minimum above the maximum', field('autoscale.min_workers'), 9, scaling, 'type_mismatch'],
    ['a field of the cluster that runs code', field('init_scripts'), 'x', fixed, 'key_forbidden'],
    ['a node type with a space', field('node_type_id'), 'r5 2xlarge', fixed, 'type_mismatch'],
    ['a parameter that loses data', parameter('failOnDataLoss'), 'false', stream, 'key_forbidden'],
    ['an option that the job does not expose', parameter('minPartitions'), 8, stream, 'no_surface'],
    ['the cap that is set', parameter('maxOffsetsPerTrigger'), 1000, stream, 'no_effect'],
    ['more than a shard gives', parameter('maxFetchRate'), 3, stream, 'type_mismatch'],
  ])('%s is refused', (_, edit, value, job, code) => {
    const judged = judgeEdit(edit, value, job);

    expect(judged.ok ? 'ok' : judged.reason.code).toBe(code);
  });

  test.each<[string, number | string | boolean, JobFacts, RegExp]>([
    [threshold, 33_554_432, plain, /not split/],
    ['spark.sql.shuffle.partitions', 400, stream, /pinned in the checkpoint/],
    [`${aqe}.forceOptimizeSkewedJoin`, true, on('10.4.x-scala2.12'), /runtime 10.4 with Spark 3.2, which does not know it/],
    [threshold, 134_217_728, conf({ [`${aqe}.enabled`]: 'false' }), /is off, and without it this does nothing/],
    ['spark.sql.shuffle.partitions', 400, cluster({ base: null, serverless: true }), /its code may set this key/],
    ['spark.memory.fraction', 0.7, cluster({ base: null, serverless: true }), /refuses this key from code, too/],
  ])('a refusal of %s = %s says why', (key, value, job, words) => {
    const judged = judgeEdit(spark(key), value, job);

    expect(judged.ok ? 'ok' : judged.reason.observed).toMatch(words);
  });

  test('what a key needs is a switch on the allow-list', () => {
    const needed = Object.values(sparkKeys).flatMap(({ needs }) => needs);

    expect(needed.filter((key) => sparkKeys[key]?.type !== 'bool')).toEqual([]);
  });

  test('no refused key is on the allow-list', () => {
    for (const [pattern] of refusedSparkKeys) {
      const matching = Object.keys(sparkKeys).filter((key) =>
        pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern,
      );
      expect(matching).toEqual([]);
    }
  });

  test.each(['spark.sql.legacy.timeParserPolicy', 'spark.dynamicAllocation.maxExecutors', 'spark.executor.extraJavaOptions'])(
    '%s says why it is refused',
    (key) => {
      expect(keyForbidden(key)).not.toBe('is not on the allow-list');
      expect(keyForbidden(key)).not.toBeNull();
    },
  );

  test('what is written once is in force: judging it again is no effect', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(sparkKeys)), fc.oneof(fc.integer(), fc.double(), fc.boolean()), (key, value) => {
        const first = judgeEdit(spark(key), value, plain);
        if (!first.ok) return;
        const second = judgeEdit(spark(key), first.value, conf({ [key]: String(first.value) }));
        expect(second.ok ? 'ok' : second.reason.code).toBe('no_effect');
      }),
    );
  });
});
