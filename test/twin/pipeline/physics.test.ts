import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runBatch } from '../../../src/twin/pipeline/batch.ts';
import { gib, mib, parseBytes } from '../../../src/twin/pipeline/bytes.ts';
import { sizeExecutor } from '../../../src/twin/pipeline/executor.ts';
import type { ClusterShape } from '../../../src/twin/pipeline/job.ts';
import { json, parseJson, writeJson } from '../../../src/twin/pipeline/json.ts';
import { defaultNodeTypes } from '../../../src/twin/pipeline/node-types.ts';
import { reduceTasks } from '../../../src/twin/pipeline/partitions.ts';
import { ascending, rankQuantile, total } from '../../../src/twin/pipeline/quantile.ts';
import { dueTimes } from '../../../src/twin/pipeline/schedule.ts';
import type { StageWork } from '../../../src/twin/pipeline/stage.ts';
import { stepStream } from '../../../src/twin/pipeline/stream.ts';

const work: StageWork = { name: 's', bytesPerSecond: 10 * mib, expansion: 4, unspillable: 0.5, reads: 'shuffle' };
const cluster = (conf: Record<string, string>, workers = 2): ClusterShape => ({
  nodeTypeId: 'm5.2xlarge',
  workers: { min: workers, max: workers },
  sparkConf: new Map(Object.entries(conf)),
  sparkVersion: '',
  logDestination: null,
  clusterKey: 'main',
});
const joining = 'spark.sql.adaptive.coalescePartitions';
const node = defaultNodeTypes.find((type) => type.nodeTypeId === 'm5.2xlarge')!;

const job = fc.record({
  shuffleGib: fc.integer({ min: 1, max: 120 }),
  hotShare: fc.constantFrom(0, 0, 0.01, 0.2),
  partitions: fc.constantFrom(32, 200, 400),
  cores: fc.integer({ min: 1, max: 8 }),
  memoryGib: fc.integer({ min: 2, max: 20 }),
  operation: fc.constantFrom<'join' | 'aggregate'>('join', 'aggregate'),
});
type Job = typeof job extends fc.Arbitrary<infer T> ? T : never;

function run(one: Job, memoryGib = one.memoryGib) {
  const conf = {
    'spark.sql.shuffle.partitions': String(one.partitions),
    'spark.executor.cores': String(one.cores),
    'spark.executor.memory': `${memoryGib}g`,
  };
  const input = { scanBytes: gib, shuffleBytes: one.shuffleGib * gib, hotShare: one.hotShare };
  const made = runBatch(
    { operation: one.operation, scan: { ...work, unspillable: 0.01 }, shuffle: work },
    input,
    cluster(conf),
    node,
  );
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

describe('batch', () => {
  test('more executor memory never turns a passing run into one that dies, nor makes it slower', () => {
    fc.assert(
      fc.property(job, fc.integer({ min: 0, max: 5 }), (one, more) => {
        const [small, large] = [run(one), run(one, one.memoryGib + more)];
        expect(large.outOfMemory && !small.outOfMemory).toBe(false);
        if (!small.outOfMemory) expect(large.duration).toBeLessThanOrEqual(small.duration + 1000);
      }),
      { numRuns: 60 },
    );
  });

  test('a run that dies ends in its stage; one that passes has run every task once', () => {
    fc.assert(
      fc.property(job, (one) => {
        const made = run(one);
        const last = made.stages.at(-1);
        expect(last?.outOfMemory !== null).toBe(made.outOfMemory);
        for (const stage of made.stages) {
          expect(stage.tasks.every((task) => task.start + task.duration <= stage.duration)).toBe(true);
          if (stage.outOfMemory === null) expect(new Set(stage.tasks.map((task) => task.index)).size).toBe(stage.tasks.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('partitioning loses no bytes, whatever splits it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(0, 0.05, 0.5),
        fc.integer({ min: 8, max: 3000 }),
        fc.boolean(),
        (size, hotShare, count, skewJoin) => {
          const conf = new Map([
            ['spark.sql.shuffle.partitions', String(count)],
            ['spark.sql.adaptive.skewJoin.enabled', String(skewJoin)],
          ]);
          const sum = total(reduceTasks({ bytes: size * gib, hotShare, operation: 'join' }, conf, 32));
          expect(Math.abs(sum / (size * gib) - 1)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  test('a partition is split only if larger than both the threshold and the factor', () => {
    const pieces = (conf: Record<string, string>) =>
      reduceTasks({ bytes: 20 * gib, hotShare: 0.1, operation: 'join' }, new Map(Object.entries(conf)), 32).length;
    expect(pieces({})).toBeGreaterThan(200);
    expect(pieces({ 'spark.sql.adaptive.skewJoin.skewedPartitionFactor': '1000' })).toBe(200);
    expect(pieces({ 'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes': '10g' })).toBe(200);
    expect(pieces({ 'spark.sql.adaptive.skewJoin.enabled': 'false' })).toBe(200);
    expect(pieces({ 'spark.sql.adaptive.enabled': 'false' })).toBe(200);
  });

  // 8 GiB in 1,000 partitions of 8 MB on 32 cores: an advisory size of 64 MB, a core's share of 256 MB.
  test.each<[Record<string, string>, fewest: number, most: number]>([
    [{}, 128, 160],
    [{ 'spark.sql.adaptive.advisoryPartitionSizeInBytes': '1g' }, 32, 36],
    [{ 'spark.sql.adaptive.advisoryPartitionSizeInBytes': '1g', [`${joining}.parallelismFirst`]: 'false' }, 8, 9],
    [{ [`${joining}.minPartitionSize`]: '512m', 'spark.sql.adaptive.advisoryPartitionSizeInBytes': '1m' }, 16, 18],
    [{ [`${joining}.initialPartitionNum`]: '100' }, 100, 100],
    [{ [`${joining}.initialPartitionNum`]: '100', [`${joining}.enabled`]: 'false' }, 1000, 1000],
    [{ 'spark.sql.adaptive.enabled': 'false' }, 1000, 1000],
  ])('with %j neighbours are joined to %d up to %d tasks', (more, fewest, most) => {
    const conf = new Map(Object.entries({ 'spark.sql.shuffle.partitions': '1000', ...more }));
    const tasks = reduceTasks({ bytes: 8 * gib, hotShare: 0, operation: 'join' }, conf, 32).length;

    expect(tasks).toBeGreaterThanOrEqual(fewest);
    expect(tasks).toBeLessThanOrEqual(most);
  });

  test('a task gets an equal share of unified memory', () => {
    const executor = sizeExecutor(cluster({ 'spark.executor.memory': '10300m', 'spark.executor.cores': '4' }), node);
    expect('refused' in executor ? 0 : Math.round(executor.perTaskBytes / mib)).toBe(1500);
  });
});

describe('stream', () => {
  test('lag is never negative, consumption never goes back and never exceeds capacity', () => {
    const rate = fc.double({ min: 0, max: 5000, noNaN: true });
    const step = fc.record({
      rates: fc.array(rate, { minLength: 3, maxLength: 3 }),
      total: rate,
      perPartition: rate,
      up: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = { produced: [0, 0, 0] as readonly number[], consumed: [0, 0, 0] as readonly number[] };
        for (const { rates, up, ...capacity } of steps) {
          const next = stepStream(state, rates, up ? { ...capacity, tasks: 3 } : null, 15, 30);
          const read = total(next.consumed) - total(state.consumed);
          expect(read).toBeLessThanOrEqual(capacity.total * 15 + 1e-6);
          for (const [partition, produced] of next.produced.entries()) {
            expect(produced).toBeGreaterThanOrEqual(next.consumed[partition] ?? 0);
            expect(next.consumed[partition]).toBeGreaterThanOrEqual(state.consumed[partition] ?? 0);
          }
          state = next;
        }
      }),
    );
  });
});

describe('small pure parts', () => {
  test('writing and reading JSON gives the same text again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(writeJson(parseJson(text)))).toEqual(JSON.parse(text));
        expect(writeJson(parseJson(writeJson(parseJson(text))))).toBe(writeJson(parseJson(text)));
      }),
    );
  });

  test.each(['1.0', '1e5', '-0', '9007199254740993', '12345678901234567890.10'])(
    'the number %s stays as it was written',
    (text) => {
      expect(writeJson(parseJson(`[${text}]`))).toBe(`[${text}]`);
    },
  );

  test.each(['', '{', '{"a":}', '[1,]', '01', '"a', 'nul', '{"a":1}x', '"\n"', '[1 2]', "{'a':1}"])('%j is no JSON', (text) => {
    expect(() => parseJson(text)).toThrow();
  });

  test('a bigint becomes an exact number', () => {
    expect(writeJson(json({ id: 9007199254740993n, left: undefined }))).toBe('{"id":9007199254740993}');
  });

  test.each([
    ['64MB', 64 * mib],
    ['4g', 4 * gib],
    ['268435456', 268435456],
    ['10 k', 10240],
    ['1.5g', undefined],
    ['x', undefined],
  ])('%s is %s bytes', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  test('a quantile is one of the values and grows with its rank', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, one, two) => {
          const sorted = ascending(values);
          expect(values).toContain(rankQuantile(sorted, one));
          expect(rankQuantile(sorted, Math.min(one, two))).toBeLessThanOrEqual(rankQuantile(sorted, Math.max(one, two)));
        },
      ),
    );
  });

  test('a schedule cut in two at any instant is due at the same times', () => {
    const span = fc.integer({ min: 0, max: 1000 * 3_600_000 });
    fc.assert(
      fc.property(span, span, span, (a, b, c) => {
        const [from = 0, middle = 0, to = 0] = [a, b, c].sort((one, two) => one - two);
        const schedule = { kind: 'every', minutes: 360, offsetMinutes: 17 } as const;
        expect([...dueTimes(schedule, from, middle), ...dueTimes(schedule, middle, to)]).toEqual(dueTimes(schedule, from, to));
      }),
    );
  });
});
