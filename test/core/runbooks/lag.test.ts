import { worldsOf } from '../../support/world.ts';

const facts = (one: Readonly<Record<string, number | string | boolean | null>>) => ({ facts: one });
const parameters = (one: Readonly<Record<string, string>>) => ({ facts: {}, parameters: one });

/** 24 partitions alike on 16 cores: 10,000 records a second are produced and 8,000 read, as much as ever. */
const behind = {
  workers: 2,
  facts: {
    ...{ lag: 3_600_000, lag_slope: 2000, lag_lowest: 100_000, lag_seconds: 360, lag_seconds_slope: 0.2 },
    ...{ oldest_seconds: 360, oldest_seconds_slope: 0.2, produced: 10_000, consumed: 8000 },
    ...{ produced_usual: 9000, consumed_usual: 8000, partitions: 24, partitions_rewound: 0, partitions_stalled: 0 },
    ...{ partitions_slow: 0, growth_most: 90, growth_median: 83, produced_unevenness: 1.1, run_active: true },
  },
};
const quiet = { lag: 300_000, lag_slope: 0, lag_seconds: 30, lag_seconds_slope: 0, oldest_seconds: 30, oldest_seconds_slope: 0 };
const uneven = { growth_most: 1900, growth_median: 4, produced_unevenness: 5 };
/** What MSK and CloudWatch tell: how much waits and how old it is. */
const cloudwatch = {
  ...{ produced: null, consumed: null, produced_usual: null, consumed_usual: null, partitions: null, partitions_rewound: null },
  ...{ partitions_stalled: null, partitions_slow: null, growth_most: null, growth_median: null, produced_unevenness: null },
};

worldsOf('kafka-consumer-lag', behind, [
  { rule: 'caught-up', given: facts(quiet), but: facts({ lag_seconds: 121 }) },
  { rule: 'caught-up', given: facts(quiet), but: facts({ partitions_stalled: 1 }) },
  { rule: 'caught-up', given: facts(quiet), but: facts({ lag_lowest: -1 }) },
  { rule: 'caught-up-everywhere', given: facts({ ...quiet, ...cloudwatch }), but: facts({ oldest_seconds: 121 }) },
  { rule: 'draining', given: facts({ lag: 1_000_000, lag_slope: -1000 }), but: facts({ lag_slope: -500 }) },
  // 3.6 million records at 500 a second more than come in.
  { rule: 'draining-slowly', given: facts({ lag_slope: -500 }), but: facts({ lag_slope: 10 }), advises: /gone in 120 minutes/ },
  {
    rule: 'rewound',
    given: facts({ partitions_rewound: 1 }),
    but: facts({ partitions_rewound: 0 }),
    advises: /who reset the offsets/,
  },
  {
    rule: 'consumer-stopped',
    given: facts({ consumed: 0 }),
    but: facts({ produced: 0 }),
    advises: /last run and at its driver log/,
  },
  {
    rule: 'partition-stuck',
    given: facts({ ...uneven, partitions_stalled: 1, growth_most: 400 }),
    but: facts({ growth_median: 83 }),
    advises: /the one task/,
  },
  { rule: 'hot-partition', given: facts(uneven), but: facts({ produced_unevenness: 1.9 }), advises: /Find the key/ },
  {
    rule: 'hot-partition',
    given: { workers: 4, facts: uneven, parameters: { minPartitions: '24' } },
    but: facts({ growth_median: 1000 }),
    writes: ['parameters[name=minPartitions]', '"32"'],
  },
  {
    rule: 'slow-partition',
    given: facts({ ...uneven, produced_unevenness: 1.1 }),
    but: facts({ growth_most: 900 }),
    advises: /one task/,
  },
  {
    rule: 'trigger-cap',
    given: parameters({ maxOffsetsPerTrigger: '480000' }),
    but: parameters({ maxOffsetsPerTrigger: '400000' }),
    writes: ['parameters[name=maxOffsetsPerTrigger]', '"900000"'],
  },
  {
    rule: 'too-few-tasks',
    given: { facts: { partitions: 8 }, parameters: { minPartitions: '8' } },
    but: parameters({ minPartitions: '16' }),
    writes: ['parameters[name=minPartitions]', '"16"'],
  },
  { rule: 'too-few-cores', but: facts({ consumed: 9900 }), writes: ['num_workers', '3'] },
  { rule: 'outpaced', given: facts({ partitions: null }), but: facts({ produced: 8100 }) },
  {
    rule: 'producer-surge',
    given: facts({ produced_usual: 6000 }),
    but: facts({ consumed_usual: 12_000 }),
    writes: ['num_workers', '3'],
  },
  // A consumer that was large enough yesterday is not made larger.
  {
    rule: 'consumer-slowed',
    given: facts({ consumed_usual: 12_000 }),
    but: facts({ consumed_usual: 11_000 }),
    advises: /reads 66 % of what it did/,
  },
  {
    rule: 'burrow-warns',
    given: facts({ ...cloudwatch, partitions_slow: 3 }),
    but: facts({ partitions_slow: 0 }),
    advises: /Give Prometheus the offsets/,
  },
  {
    rule: 'falling-behind',
    given: facts(cloudwatch),
    but: facts({ lag_seconds_slope: 0.04 }),
    advises: /Give Prometheus the offsets/,
  },
]);

/** 12 shards alike; the oldest record is an hour old and grows older by a third of a second each second. */
const aging = {
  workers: 2,
  parameters: { shardsPerTask: '5' },
  facts: {
    ...{ age_ms: 3_600_000, age_ms_slope: 300, age_ms_mean: 3_000_000, throttled: 0, written: 48_000, written_usual: 47_000 },
    ...{ run_active: true },
  },
};

worldsOf('kinesis-iterator-age', aging, [
  { rule: 'caught-up', given: facts({ age_ms: 120_000, age_ms_slope: 0 }), but: facts({ age_ms: 121_000 }) },
  { rule: 'draining', given: facts({ age_ms: 900_000, age_ms_slope: -600 }), but: facts({ age_ms_slope: -400 }) },
  {
    rule: 'draining-slowly',
    given: facts({ age_ms_slope: -500 }),
    but: facts({ age_ms_slope: 10 }),
    advises: /gone in 120 minutes/,
  },
  {
    rule: 'reader-stopped',
    given: facts({ age_ms: null, run_active: false }),
    but: facts({ written: 0 }),
    advises: /whether the job runs/,
  },
  {
    rule: 'reader-stuck',
    given: facts({ age_ms_slope: 1000 }),
    but: facts({ age_ms_slope: 900 }),
    advises: /whether the job runs/,
  },
  { rule: 'throttled', given: facts({ throttled: 4 }), but: facts({ throttled: 0 }), advises: /enhanced fan-out/ },
  { rule: 'too-few-tasks', but: parameters({ shardsPerTask: '1' }), writes: ['parameters[name=shardsPerTask]', '"3"'] },
  {
    rule: 'one-shard',
    given: facts({ age_ms_mean: 300_000 }),
    but: facts({ age_ms_mean: 1_300_000 }),
    advises: /shard that is old/,
  },
  { rule: 'writer-surge', given: facts({ written_usual: 30_000 }), but: facts({ written: 45_000 }) },
  {
    rule: 'falling-behind',
    given: parameters({ shardsPerTask: '1' }),
    but: facts({ throttled: null }),
    advises: /Give the workspace/,
  },
]);

const values = (replicas: number) => ({
  facts: {},
  file: { path: 'charts/values.yaml', text: `# sizes\nconsumer:\n  replicas: ${replicas} # a member each\n` },
});
const service = {
  ...values(4),
  facts: {
    ...{ lag: 3_600_000, lag_slope: 2000, lag_lowest: 100_000, produced: 10_000, consumed: 8000, members: 4, partitions: 24 },
    ...{ growth_most: 90, growth_median: 83 },
  },
};

worldsOf('kafka-consumer-replicas', service, [
  { rule: 'keeps-up', given: facts({ lag: 1_000_000, lag_slope: 0 }), but: facts({ lag: 1_300_000 }) },
  { rule: 'draining', given: facts({ lag_slope: -500 }), but: facts({ lag_slope: 300 }) },
  { rule: 'stopped', given: facts({ consumed: 0 }), but: facts({ consumed: 1 }), advises: /replicas run/ },
  {
    rule: 'one-partition',
    given: facts({ growth_most: 1900, growth_median: 4 }),
    but: facts({ growth_median: 400 }),
    advises: /Find the key/,
  },
  { rule: 'too-few-replicas', but: facts({ members: 24 }), writes: ['consumer.replicas', '6'] },
  // Half of the replicas do not start: asking for as many as there are already is no change, and for fewer is none either.
  { rule: 'too-few-replicas', given: values(8), but: facts({ lag_lowest: -1 }), advises: /Compare the members/ },
  // A chart without the place is another chart.
  {
    rule: 'too-few-replicas',
    given: { facts: {}, file: { path: 'charts/values.yaml', text: 'replicas: 4\n' } },
    but: facts({ produced: 8100 }),
    advises: /Compare the members/,
  },
  { rule: 'as-many-as-partitions', given: facts({ members: 24 }), but: facts({ members: 23 }), advises: /More partitions/ },
]);

const stream = { facts: { run_active: true, run_failed: 0, failures_in_row: 0, run_seconds: 600, run_seconds_usual: 600 } };

worldsOf('streaming-backlog', stream, [
  {
    rule: 'failing',
    given: facts({ failures_in_row: 3, run_failed: 1 }),
    but: facts({ failures_in_row: 2 }),
    advises: /last run's error/,
  },
  {
    rule: 'stopped-by-failure',
    given: facts({ run_active: false, run_failed: 1, failures_in_row: 1 }),
    but: facts({ run_active: true }),
    advises: /last run's error/,
  },
  { rule: 'not-started', given: facts({ run_active: false }), but: facts({ run_seconds: 901 }), advises: /Start a run/ },
  {
    rule: 'stopped',
    given: facts({ run_active: false, run_canceled: true, run_failed: null, run_seconds: null }),
    but: facts({ run_canceled: false }),
    advises: /Start a run/,
  },
  {
    rule: 'runs-grow',
    given: facts({ run_active: false, run_seconds: 901 }),
    but: facts({ run_seconds: 900 }),
    advises: /more often/,
  },
  {
    rule: 'capped',
    given: parameters({ maxOffsetsPerTrigger: '1000' }),
    but: facts({ run_active: null }),
    advises: /with the cap/,
  },
  { rule: 'behind', but: parameters({ maxFilesPerTrigger: '1000' }), advises: /processedRowsPerSecond/ },
]);
