import { afterEach, describe, expect, test } from 'vitest';
import { investigate } from '../../src/flow/investigate.ts';
import type { Plant } from '../../src/twin/databricks/plant.ts';
import type { Workload } from '../../src/twin/pipeline/workload.ts';
import { apply, changeOf, runAgain, verdictNow, write } from '../support/closed-loop.ts';
import { MADE_JOB, type MadeBatch, madeBatch, madeStream } from '../support/made-workload.ts';
import { openLimits, rehearsalStart, shippedRunbooks, signalOf, startRehearsal, targetOf } from '../support/rehearsal.ts';

const plants: Plant[] = [];
afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.close()));
});

async function rehearse(made: Workload) {
  const { plant, reads, clock } = await startRehearsal([made]);
  plants.push(plant);
  const file = 'jobs/made.json';
  const target = targetOf('oom', { files: [file], job: { by: 'id', id: MADE_JOB }, taskKey: made.work.taskKey });
  const investigateNow = () => {
    const files = [{ path: file, text: plant.databricks.settingsText(MADE_JOB) ?? '' }];
    const given = { signal: signalOf(made), target, files, runbooks: shippedRunbooks(), config: { limits: openLimits } };
    return investigate(given, reads, clock);
  };
  return { plant, reads, investigateNow };
}

interface Wrong {
  readonly wrong: Workload;
  readonly cause: string;
  /** The change that the plan makes. */
  readonly sets: readonly [key: string, value: string];
  /** What people try, and what leaves the model as it is: the same key at a useless value, or another one. */
  readonly useless: readonly [key: string, value: string | number];
}

const PARTITIONS = 'spark.sql.shuffle.partitions';
const SPLIT = 'spark.sql.files.maxPartitionBytes';
const AQE = 'spark.sql.adaptive';
const ADVISORY = `${AQE}.advisoryPartitionSizeInBytes`;
const INITIAL = `${AQE}.coalescePartitions.initialPartitionNum`;

const spilling = (made: Partial<MadeBatch>) => madeBatch({ alertname: 'SparkStageSpill', shuffled: 100, conf: {}, ...made });
const shuffling = (made: Partial<MadeBatch>) =>
  madeBatch({ alertname: 'SparkShufflePartitionsTooFew', shuffled: 60, conf: {}, shuffle: lean, ...made });
/** Rows that take no more memory than bytes, in slow code: a matter of time and not of memory. */
const lean = { expansion: 1, bytesPerSecond: 6 * 1024 ** 2 };
const slow = { expansion: 1, bytesPerSecond: 1024 ** 2 };

const batches: readonly Wrong[] = [
  {
    wrong: spilling({ conf: { [PARTITIONS]: '200' } }),
    cause: 'partitions-too-large',
    sets: [PARTITIONS, '800'],
    useless: [PARTITIONS, '220'],
  },
  {
    wrong: spilling({ conf: { [PARTITIONS]: '200', [INITIAL]: '200' } }),
    cause: 'partitions-too-large',
    sets: [INITIAL, '800'],
    useless: [PARTITIONS, '800'],
  },
  {
    wrong: spilling({ conf: { [PARTITIONS]: '1000', [ADVISORY]: '1g' } }),
    cause: 'coalesced-too-large',
    sets: [ADVISORY, '64m'],
    useless: [PARTITIONS, '2000'],
  },
  {
    wrong: spilling({ shuffled: 10, scanned: 100, scan: { expansion: 3 }, conf: { [SPLIT]: '1g' } }),
    cause: 'scan-too-large',
    sets: [SPLIT, '128m'],
    useless: [PARTITIONS, '800'],
  },
  {
    wrong: spilling({ shuffled: 10, scanned: 100, scan: { expansion: 20 } }),
    cause: 'scan-too-large',
    sets: [SPLIT, '64m'],
    useless: ['spark.memory.fraction', '0.6'],
  },
  {
    wrong: spilling({ shuffle: { expansion: 20 }, conf: { [PARTITIONS]: '800' } }),
    cause: 'memory-short',
    sets: [PARTITIONS, '1600'],
    useless: ['num_workers', 8],
  },
  {
    wrong: madeBatch({
      ...{ alertname: 'SparkExecutorHighGcTime', shuffled: 72, shuffle: { bytesPerSecond: 8 * 1024 ** 2 } },
      conf: { [PARTITIONS]: '200' },
    }),
    cause: 'partitions-too-large',
    sets: [PARTITIONS, '600'],
    useless: ['num_workers', 8],
  },
  {
    wrong: shuffling({ conf: { [PARTITIONS]: '200' } }),
    cause: 'too-few-for-the-data',
    sets: [PARTITIONS, '500'],
    useless: ['num_workers', 8],
  },
  {
    wrong: shuffling({ conf: { [PARTITIONS]: '200', [INITIAL]: '200' } }),
    cause: 'too-few-for-the-data',
    sets: [INITIAL, '500'],
    useless: [PARTITIONS, '500'],
  },
  {
    wrong: shuffling({ conf: { [PARTITIONS]: '1000', [ADVISORY]: '1g' } }),
    cause: 'coalesced-too-large',
    sets: [ADVISORY, '64m'],
    useless: [PARTITIONS, '2000'],
  },
  {
    wrong: shuffling({ shuffled: 1.5, shuffle: slow, conf: { [PARTITIONS]: '8' } }),
    cause: 'too-few-for-the-cores',
    sets: [PARTITIONS, '64'],
    useless: ['num_workers', 8],
  },
  {
    wrong: shuffling({ shuffled: 10, shuffle: {}, conf: { [PARTITIONS]: '6000', [`${AQE}.enabled`]: 'false' } }),
    cause: 'too-many',
    sets: [`${AQE}.enabled`, 'true'],
    useless: [PARTITIONS, '5500'],
  },
  {
    wrong: shuffling({
      shuffled: 10,
      shuffle: {},
      conf: { [PARTITIONS]: '6000', [`${AQE}.coalescePartitions.enabled`]: 'false' },
    }),
    cause: 'too-many',
    sets: [`${AQE}.coalescePartitions.enabled`, 'true'],
    useless: [ADVISORY, '1g'],
  },
  {
    wrong: madeBatch({ alertname: 'SparkSmallFiles', scanned: 50, shuffled: 10, scan: lean, conf: { [SPLIT]: '16m' } }),
    cause: 'split-too-small',
    sets: [SPLIT, '128m'],
    useless: [PARTITIONS, '400'],
  },
];

const risen = (at: Date) => at.getTime() >= rehearsalStart.getTime() - 90 * 60_000;
const autoscaled = (text: string) => text.replace('"num_workers": 2', '"autoscale": {"min_workers": 1, "max_workers": 2}');

const streams: readonly Wrong[] = [
  {
    // One of 8 partitions gets more than the one task that reads it can take, and half of the 16 cores are idle.
    wrong: madeStream('lagNarrow', { produced: (at, partition) => (risen(at) && partition === 3 ? 1250 : 400) }),
    cause: 'hot-partition',
    sets: ['minPartitions', '16'],
    useless: ['num_workers', 8],
  },
  {
    wrong: madeStream('lag', { settings: autoscaled }),
    cause: 'too-few-cores',
    sets: ['max_workers', '4'],
    useless: ['maxOffsetsPerTrigger', '3000000'],
  },
];

const rows = [...batches, ...streams].map((row) => [row.cause, row.sets.join(' = '), row] as const);

describe('the step against a setting that does not fit', () => {
  test.each(rows)('%s: %s cures it, and nothing is left to do', async (cause, _, { wrong, sets: [key, value] }) => {
    const { plant, reads, investigateNow } = await rehearse(wrong);
    const found = await investigateNow();
    const { plan, change } = changeOf(found.plan);
    expect([plan.cause.id, change.selector, change.new?.replaceAll('"', '')]).toEqual([
      cause,
      expect.stringContaining(key),
      value,
    ]);

    await apply(plant, MADE_JOB, plan);
    await runAgain(plant, MADE_JOB, reads);

    expect(await verdictNow(plan, plant, MADE_JOB, reads)).toBe('improved');
    const after = await investigateNow();
    expect([after.diagnosis.outcome, after.plan]).toEqual(['healthy', null]);
  });

  test.each(rows)('%s: where it needs %s, something else is not taken for a cure', async (cause, _, { wrong, useless }) => {
    const { plant, reads, investigateNow } = await rehearse(wrong);
    const { plan } = changeOf((await investigateNow()).plan);

    await write(plant, MADE_JOB, withSetting(plant.databricks.settingsText(MADE_JOB) ?? '', useless));
    await runAgain(plant, MADE_JOB, reads);

    expect(['unchanged', 'worse']).toContain(await verdictNow(plan, plant, MADE_JOB, reads));
    expect((await investigateNow()).diagnosis.causes.map(({ id }) => id)).toContain(cause);
  });
});

/** The settings with a Spark setting, a job parameter or the number of workers set to another value. */
function withSetting(text: string, [key, value]: Wrong['useless']): string {
  const settings = JSON.parse(text);
  const { new_cluster: cluster } = settings.job_clusters[0];
  const parameter = settings.parameters?.find((one: { name: string }) => one.name === key);
  if (parameter !== undefined) parameter.default = String(value);
  else if (key.startsWith('spark.')) cluster.spark_conf[key] = value;
  else cluster[key] = value;
  return JSON.stringify(settings);
}
