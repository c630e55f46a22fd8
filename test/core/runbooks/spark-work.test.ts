import { describe, expect, test } from 'vitest';
import { shippedRunbooks } from '../../support/rehearsal.ts';
import { planIn, type World, worldsOf } from '../../support/world.ts';

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const aqe = 'spark.sql.adaptive';
const facts = (one: Readonly<Record<string, number | string | boolean | null>>) => ({ facts: one });
const conf = (one: Readonly<Record<string, string>>) => ({ facts: {}, conf: one });

/** A good run that collects for a third of an hour of task time; 60 GiB are shuffled by 200 even tasks. */
const collecting = {
  facts: {
    ...{ gc_ratio: 0.3, task_seconds: 3600, shuffle_bytes: 20 * gib, shuffle_tasks: 200, shuffle_bytes_ratio: 1.3 },
    ...{ skew_ratio: 1.5, skew_seconds: 20, skew_bytes_ratio: 1.4, run_failed: 0, gc_live: null, task_seconds_live: null },
  },
};
const hot = { skew_ratio: 9, skew_seconds: 400, skew_bytes_ratio: 12 };

worldsOf('gc-pressure', collecting, [
  { rule: 'little', given: facts({ gc_ratio: 0.1 }), but: facts({ gc_ratio: 0.11 }) },
  { rule: 'short', given: facts({ task_seconds: 299 }), but: facts({ task_seconds: 300 }) },
  { rule: 'short', given: facts({ task_seconds: 299 }), but: facts({ run_failed: 1 }) },
  { rule: 'hot-key', given: facts(hot), but: facts({ skew_bytes_ratio: 3.9 }), advises: /salt/ },
  {
    rule: 'partitions-too-large',
    given: facts({ shuffle_bytes: 60 * gib }),
    but: facts({ shuffle_bytes_ratio: 4 }),
    writes: ['spark.sql.shuffle.partitions', '"500"'],
  },
  { rule: 'heap-too-small', but: facts({ gc_ratio: 0.1 }), advises: /twice the memory a core/ },
  { rule: 'heap-too-small', given: facts({ gc_ratio: 0.6 }), but: facts(hot), writes: ['spark.task.cpus', '"2"'] },
  {
    rule: 'collecting-now',
    given: facts({ gc_ratio: null, gc_live: 0.3, task_seconds_live: 900 }),
    but: facts({ task_seconds_live: 200 }),
    advises: /event log/,
  },
]);

/** A stage of 200 even tasks that reads 60 GiB of shuffle and spills half as much. */
const spilling = {
  facts: {
    ...{ spill_bytes: 30 * gib, spill_ratio: 0.5, spill_tasks: 200, spill_shuffle_bytes: 60 * gib, spill_input_bytes: 0 },
    ...{ skewed_spill_bytes: 0, run_failed: 0 },
  },
};
const advisory = { [`${aqe}.advisoryPartitionSizeInBytes`]: '1g' };
const scanning = { spill_shuffle_bytes: 0, spill_input_bytes: 60 * gib };

worldsOf('spill', spilling, [
  { rule: 'none', given: facts({ spill_bytes: 100 * mib }), but: facts({ skewed_spill_bytes: 101 * mib }) },
  { rule: 'little', given: facts({ spill_ratio: 0.24 }), but: facts({ spill_ratio: 0.25 }) },
  {
    rule: 'skewed-spill',
    given: facts({ skewed_spill_bytes: gib, spill_bytes: 0, spill_ratio: 0, run_failed: 1 }),
    but: facts({ skewed_spill_bytes: 100 * mib }),
    advises: /spark-stage-skew/,
  },
  {
    rule: 'coalesced-too-large',
    given: { ...facts({ spill_tasks: 60 }), conf: advisory },
    but: conf({ [`${aqe}.advisoryPartitionSizeInBytes`]: '128m' }),
    writes: ['advisoryPartitionSizeInBytes', '"64m"'],
  },
  {
    rule: 'partitions-too-large',
    given: conf({ [`${aqe}.coalescePartitions.initialPartitionNum`]: '200' }),
    but: facts({ spill_bytes: 0 }),
    writes: ['initialPartitionNum', '"500"'],
  },
  { rule: 'partitions-too-large', but: facts({ spill_tasks: 400 }), writes: ['spark.sql.shuffle.partitions', '"500"'] },
  // R4: where a skewed stage spills too, the partitions stay as they are.
  {
    rule: 'partitions-too-large',
    given: facts({ skew_ratio: 8, skewed_spill_bytes: 10 * gib }),
    but: facts({ spill_ratio: 0.2 }),
    advises: /twice the memory a core/,
  },
  {
    rule: 'scan-too-large',
    given: { ...facts(scanning), conf: { 'spark.sql.files.maxPartitionBytes': '512m' } },
    but: facts({ spill_tasks: 2000 }),
    writes: ['maxPartitionBytes', '"128m"'],
  },
  {
    rule: 'scan-too-large',
    given: facts(scanning),
    but: facts({ spill_shuffle_bytes: 61 * gib }),
    writes: ['maxPartitionBytes', '"64m"'],
  },
  {
    rule: 'memory-short',
    given: facts({ spill_tasks: 400 }),
    but: facts({ spill_bytes: 100 * mib }),
    writes: ['spark.sql.shuffle.partitions', '"1000"'],
  },
  {
    rule: 'memory-short',
    given: facts({ spill_tasks: 2000 }),
    but: facts({ spill_ratio: 0.1 }),
    advises: /twice the memory a core/,
  },
]);

/** 60 GiB in 200 even tasks, on 32 cores, for ten minutes. */
const shuffling = {
  facts: {
    ...{ shuffle_bytes: 60 * gib, shuffle_tasks: 200, shuffle_bytes_ratio: 1.3, shuffle_task_seconds: 60, shuffle_seconds: 600 },
    ...{ run_failed: 0, run_seconds: 1200, run_seconds_usual: 1200 },
  },
};
const tiny = { shuffle_tasks: 10_000, shuffle_task_seconds: 0.2 };
const off = { [`${aqe}.enabled`]: 'false' };

worldsOf('shuffle-partitions', shuffling, [
  { rule: 'fits', given: facts({ shuffle_tasks: 400 }), but: facts({ shuffle_tasks: 200 }) },
  { rule: 'fits', given: facts({ shuffle_tasks: 5000, shuffle_task_seconds: 0.2 }), but: facts({ shuffle_tasks: 5001 }) },
  { rule: 'short', given: facts({ shuffle_seconds: 150 }), but: facts({ shuffle_seconds: 151 }) },
  {
    rule: 'skewed',
    given: facts({ shuffle_bytes_ratio: 4 }),
    but: facts({ shuffle_bytes_ratio: 3.9 }),
    advises: /spark-stage-skew/,
  },
  {
    rule: 'coalesced-too-large',
    given: { ...facts({ shuffle_tasks: 60 }), conf: advisory },
    but: facts({ shuffle_tasks: 200 }),
    writes: ['advisoryPartitionSizeInBytes', '"64m"'],
  },
  {
    rule: 'too-few-for-the-data',
    given: conf({ [`${aqe}.coalescePartitions.initialPartitionNum`]: '200' }),
    but: facts({ shuffle_bytes_ratio: 4 }),
    writes: ['initialPartitionNum', '"500"'],
  },
  { rule: 'too-few-for-the-data', but: facts({ shuffle_bytes: 30 * gib }), writes: ['spark.sql.shuffle.partitions', '"500"'] },
  {
    rule: 'too-few-for-the-cores',
    given: { ...facts({ shuffle_bytes: gib, shuffle_tasks: 8 }), conf: { 'spark.sql.shuffle.partitions': '8' } },
    but: { facts: {}, workers: 2 },
    writes: ['spark.sql.shuffle.partitions', '"64"'],
  },
  // With adaptive execution on, too many partitions are joined at run time: nothing is said.
  {
    rule: 'too-many',
    given: { ...facts(tiny), conf: off },
    but: conf({ [`${aqe}.enabled`]: 'true' }),
    writes: [`${aqe}.enabled`, '"true"'],
  },
  {
    rule: 'too-many',
    given: { ...facts(tiny), conf: { [`${aqe}.coalescePartitions.enabled`]: 'false' } },
    but: facts({ shuffle_task_seconds: 0.5 }),
    writes: ['coalescePartitions.enabled', '"true"'],
  },
]);

/** 2,000 tasks that read 2 MiB each, for ten minutes. */
const opening = {
  facts: {
    ...{ input_bytes: 4000 * mib, input_tasks: 2000, input_bytes_per_task: 2 * mib, input_task_seconds: 3, input_seconds: 600 },
    ...{ run_failed: 0, run_seconds: 1200 },
  },
};
const split = 'spark.sql.files.maxPartitionBytes';

worldsOf('small-files', opening, [
  { rule: 'large-enough', given: facts({ input_bytes_per_task: 32 * mib }), but: facts({ input_bytes_per_task: 31 * mib }) },
  { rule: 'large-enough', given: facts({ input_tasks: 100 }), but: facts({ input_tasks: 101 }) },
  { rule: 'short', given: facts({ input_seconds: 150 }), but: facts({ input_seconds: 151 }) },
  {
    rule: 'split-too-small',
    given: { ...facts({ input_bytes_per_task: 12 * mib }), conf: { [split]: '16m' } },
    but: conf({ [split]: '128m' }),
    writes: [split, '"128m"'],
  },
  { rule: 'tiny-files', but: facts({ input_bytes_per_task: 3 * mib }), advises: /about 32 files/ },
  // Small files too: a split far below the default takes few of them into a task, and is undone with one line.
  {
    rule: 'split-too-small',
    given: conf({ [split]: '32m' }),
    but: conf({ [split]: '64m' }),
    writes: [split, '"128m"'],
  },
  {
    rule: 'small-files',
    given: facts({ input_bytes_per_task: 8 * mib }),
    but: facts({ input_bytes_per_task: 32 * mib }),
    advises: /OPTIMIZE/,
  },
]);

/** A run in which one task reads 30 times the median for ten minutes. */
const skewed = {
  facts: {
    ...{
      skew_ratio: 30,
      skew_seconds: 600,
      skew_share: 0.9,
      skew_run_share: 0.4,
      skew_bytes_ratio: 30,
      skew_bytes: 3.6 * gib,
      skew_bytes_median: 120 * mib,
      skew_input_ratio: null,
      skew_input_bytes: 0,
    },
    ...{ skewed_spill_bytes: 0, spill_bytes: 0, spill_ratio: 0, shuffle_bytes: 60 * gib, run_failed: 0 },
    ...{ run_seconds: 1200, run_seconds_usual: 600 },
  },
};

worldsOf('spark-stage-skew', skewed, [
  { rule: 'even', given: facts({ skew_ratio: 1.9 }), but: facts({ skew_ratio: 2 }) },
  { rule: 'short', given: facts({ skew_seconds: 150 }), but: facts({ skew_seconds: 151 }) },
  { rule: 'minor', given: facts({ skew_run_share: 0.049 }), but: facts({ skew_run_share: 0.05 }) },
  { rule: 'hot-key', but: facts({ skew_share: 0.75 }), advises: /Find the key/ },
  {
    rule: 'hot-key',
    given: conf({ [`${aqe}.skewJoin.skewedPartitionThresholdInBytes`]: '8g' }),
    but: facts({ skew_bytes_ratio: 3.9 }),
    writes: ['skewedPartitionThresholdInBytes', '"256m"'],
  },
  { rule: 'hot-key-in-part', given: facts({ skew_share: 0.7 }), but: facts({ skew_share: 0.76 }), advises: /Find the key/ },
  {
    rule: 'slow-node',
    given: facts({ skew_bytes_ratio: 1.2 }),
    but: facts({ skew_bytes_ratio: 2 }),
    advises: /Run the job again/,
  },
  {
    rule: 'slow-node',
    given: facts({ skew_bytes_ratio: 1.2, skew_input_ratio: 3.9, skew_input_bytes: gib }),
    but: facts({ skew_input_ratio: 40 }),
    advises: /Run the job again/,
  },
  {
    rule: 'large-file',
    given: facts({ skew_bytes_ratio: null, skew_input_ratio: 40, skew_input_bytes: 129 * mib }),
    but: facts({ skew_input_bytes: 128 * mib }),
    advises: /Find the file/,
  },
  {
    rule: 'even-spill',
    given: facts({ skew_ratio: 1.2, spill_bytes: 30 * gib, spill_ratio: 0.5 }),
    but: facts({ spill_ratio: 0.2 }),
    writes: ['spark.sql.shuffle.partitions', '"500"'],
  },
]);

describe('a hot key', () => {
  const runbook = shippedRunbooks().find((one) => one.runbook.id === 'spark-stage-skew')?.runbook;
  const split = `${aqe}.skewJoin`;
  const off = { [`${aqe}.enabled`]: 'false' };
  /** Spark splits a partition that is larger than factor (5) medians and than the threshold (256 MB). */
  test.each<readonly [string, World, string]>([
    ['is split by a lower threshold', facts({ skew_bytes: 200 * mib }), 'lower-threshold'],
    ['of five medians is not', facts({ skew_bytes: 200 * mib, skew_bytes_ratio: 5 }), 'salt-the-key'],
    [
      'of fewer medians than the job’s own factor is not',
      { ...facts({ skew_bytes: 200 * mib }), conf: { [`${split}.skewedPartitionFactor`]: '30' } },
      'salt-the-key',
    ],
    [
      'of more medians than the job’s own factor is',
      { ...facts({ skew_bytes: 200 * mib, skew_bytes_ratio: 4.5 }), conf: { [`${split}.skewedPartitionFactor`]: '4' } },
      'lower-threshold',
    ],
    ['is split once adaptive execution is on', conf(off), 'aqe-on'],
    ['is not where it is smaller than the threshold', { ...facts({ skew_bytes: 120 * mib }), conf: off }, 'salt-the-key'],
    [
      'is where it is larger than the job’s own threshold',
      { ...facts({ skew_bytes: 120 * mib }), conf: { ...off, [`${split}.skewedPartitionThresholdInBytes`]: '64m' } },
      'aqe-on',
    ],
    ['is not where it has five medians', { ...facts({ skew_bytes_ratio: 5 }), conf: off }, 'salt-the-key'],
    ['is not where its splitting is off, too', conf({ ...off, [`${split}.enabled`]: 'false' }), 'salt-the-key'],
    ['is split once its splitting is on', conf({ [`${split}.enabled`]: 'false' }), 'skew-join-on'],
    [
      'of five medians is not split by that',
      { ...facts({ skew_bytes_ratio: 5 }), conf: { [`${split}.enabled`]: 'false' } },
      'salt-the-key',
    ],
  ])('%s', (_, world, remedy) => {
    if (runbook === undefined) throw new Error('no runbook');
    const given = { facts: { ...skewed.facts, ...world.facts }, conf: world.conf ?? {} };

    expect(planIn(runbook, given).plan?.remedy).toBe(remedy);
  });
});
