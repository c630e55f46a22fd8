import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageFactMeanings, stageFacts } from '../../src/core/stage-facts.ts';
import type { StageQuantiles, StageSummary } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';

const all = (value: number): StageQuantiles => ({ min: value, p25: value, median: value, p75: value, p95: value, max: value });

function stage(change: Partial<StageSummary> = {}): StageSummary {
  return {
    stageId: 1,
    attempt: 0,
    name: 'join',
    status: 'complete',
    tasks: 100,
    failedTasks: 0,
    durationMs: 60_000,
    taskMs: all(1000),
    shuffleReadBytes: all(100),
    inputBytes: all(0),
    totalShuffleReadBytes: 10_000,
    totalInputBytes: 0,
    memorySpilledBytes: 0,
    diskSpilledBytes: 0,
    gcMs: 100,
    runMs: 1000,
    ...change,
  };
}

const hot = stage({
  stageId: 2,
  name: 'hot',
  taskMs: { ...all(1000), max: 50_000 },
  shuffleReadBytes: { ...all(100), max: 3000 },
  memorySpilledBytes: 777,
});

describe('facts of stages', () => {
  test('the skewed stage is the one whose longest task stands out most', () => {
    expect(stageFacts(known([stage(), hot]))).toMatchObject({
      skew_ratio: 50,
      skew_seconds: 50,
      skew_share: 50 / 60,
      skew_bytes_ratio: 30,
      skew_bytes: 3000,
      skew_stage: '2 hot',
      skewed_spill_bytes: 777,
    });
  });

  test('what a skewed stage spills is not even spill', () => {
    expect(stageFacts(known([stage({ memorySpilledBytes: 5 }), hot])).spill_bytes).toBe(5);
  });

  test('a stage of a few tasks says nothing about skew', () => {
    expect(stageFacts(known([{ ...hot, tasks: 7 }])).skew_ratio).toBeNull();
  });

  test('the shuffle of a stage that died is what the stages before it wrote', () => {
    const facts = stageFacts(
      known([
        stage({ totalShuffleWriteBytes: 700, totalShuffleReadBytes: 0 }),
        stage({ stageId: 2, totalShuffleWriteBytes: 300, totalShuffleReadBytes: 0 }),
        stage({ stageId: 3, status: 'failed', totalShuffleReadBytes: 90, failedTasks: 8 }),
      ]),
    );

    expect([facts.shuffle_bytes, facts.failed_tasks]).toEqual([1000, 8]);
  });

  test('a failed stage tells why, in Spark’s words, and which share of the attempts failed', () => {
    const failed = { status: 'failed' as const, tasks: 90, failedTasks: 8 };
    const stages = [
      stage({ tasks: 102 }),
      stage({ stageId: 2, ...failed, failure: 'Job aborted: first' }),
      stage({ stageId: 3, status: 'failed', tasks: 0, failure: 'Job aborted: java.lang.OutOfMemoryError' }),
    ];

    expect(stageFacts(known(stages))).toMatchObject({
      failed_share: 0.04,
      stage_failure: 'Job aborted: java.lang.OutOfMemoryError',
    });
    expect(stageFacts(known([stage()]))).toMatchObject({ failed_share: 0, stage_failure: '' });
    expect(stageFacts(known([stage({ status: 'failed' })])).stage_failure).toBeNull();
  });

  test('the longest median task is of any stage; one long task makes none', () => {
    expect(stageFacts(known([hot, stage({ stageId: 3, taskMs: all(7000) })])).long_task_seconds).toBe(7);
  });

  test('the input of a skewed stage tells whether files are', () => {
    expect(stageFacts(known([{ ...hot, inputBytes: { ...all(10), max: 400 } }])).skew_input_ratio).toBe(40);
    expect(stageFacts(known([hot])).skew_input_ratio).toBeNull();
  });

  test.each([
    ['is the greatest of all stages', [5, 9, 7], 9],
    ['is not known where a stage does not tell it', [5, undefined], null],
  ])('the memory of one task %s', (_, peaks, expected) => {
    const stages = peaks.map((peak, stageId) =>
      stage({ stageId, ...(peak === undefined ? {} : { peakExecutionMemoryBytes: peak }) }),
    );

    expect(stageFacts(known(stages)).task_memory_bytes).toBe(expected);
  });

  test('a stage of tasks without run time has no ratio', () => {
    expect(stageFacts(known([stage({ taskMs: all(0), gcMs: 0, runMs: 0 })]))).toMatchObject({ skew_ratio: 0, gc_ratio: null });
  });

  test.each([unknown('absent: no log'), known([])])('nothing is known without stages', (stages) => {
    expect(stageFacts(stages)).toEqual({});
  });

  test('every fact that has a meaning is told, and no other', () => {
    expect(Object.keys(stageFacts(known([stage()]))).sort()).toEqual(Object.keys(stageFactMeanings).sort());
  });

  test('the spilling stage is told with its tasks and what it read', () => {
    const spilling = stage({ stageId: 5, name: 'sort', tasks: 40, memorySpilledBytes: 5000, totalInputBytes: 20_000 });

    expect(stageFacts(known([stage(), hot, spilling]))).toMatchObject({
      spill_ratio: 0.25,
      spill_stage: '5 sort',
      spill_tasks: 40,
      spill_shuffle_bytes: 10_000,
      spill_input_bytes: 20_000,
    });
  });

  test('where nothing spilled the ratio is 0 and there is no stage to speak of', () => {
    expect(stageFacts(known([stage({ totalShuffleReadBytes: 0 })]))).toMatchObject({
      ...{ spill_bytes: 0, spill_ratio: 0, spill_stage: 'none', spill_tasks: null },
    });
  });

  test('the largest shuffle is told with its tasks, their sizes and times', () => {
    const large = stage({ stageId: 7, tasks: 50, totalShuffleReadBytes: 90_000, shuffleReadBytes: { ...all(1800), max: 3600 } });

    expect(stageFacts(known([stage(), large]))).toMatchObject({
      ...{ shuffle_bytes: 90_000, shuffle_bytes_per_task: 1800, shuffle_bytes_ratio: 2, shuffle_tasks: 50 },
      ...{ shuffle_task_seconds: 1, shuffle_seconds: 60, shuffle_stage: '7 join' },
    });
  });

  test('without a shuffle its bytes are 0 and nothing more is told of it', () => {
    expect(stageFacts(known([stage({ totalShuffleReadBytes: 0, shuffleReadBytes: all(0) })]))).toMatchObject({
      ...{ shuffle_bytes: 0, shuffle_tasks: null, shuffle_bytes_ratio: null, shuffle_stage: null },
    });
  });

  test('small files are looked for where most tasks read files, not where most tasks run', () => {
    const scan = stage({ stageId: 3, name: 'scan', tasks: 60, inputBytes: all(7), totalInputBytes: 420, taskMs: all(200) });

    expect(stageFacts(known([stage({ tasks: 500 }), scan]))).toMatchObject({
      ...{ input_bytes: 420, input_tasks: 60, input_bytes_per_task: 7, input_task_seconds: 0.2, input_seconds: 60 },
      ...{ input_stage: '3 scan' },
    });
  });

  test('task time is told for each GiB read from files, and of shuffles where no file is read', () => {
    const gib = 1024 ** 3;
    const per = (change: Partial<StageSummary>) => stageFacts(known([stage({ runMs: 6000, ...change })])).task_seconds_per_gib;

    expect(per({ totalInputBytes: 2 * gib })).toBe(3);
    expect(per({ totalInputBytes: 0, totalShuffleReadBytes: 3 * gib })).toBe(2);
    expect(per({ totalInputBytes: 0, totalShuffleReadBytes: 0 })).toBeNull();
  });

  test('the order of the stages does not matter for any number', () => {
    const size = fc.nat(1_000_000);
    const made = fc.record({ max: size, spilled: size, read: size, failed: fc.nat(5) }).map((one) =>
      stage({
        taskMs: { ...all(100), max: 100 + one.max },
        memorySpilledBytes: one.spilled,
        totalShuffleReadBytes: one.read,
        failedTasks: one.failed,
      }),
    );
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 5 }), (stages) => {
        const pick = (list: readonly StageSummary[]) => {
          const { skew_ratio, spill_bytes, shuffle_bytes, failed_tasks } = stageFacts(known(list));
          return [skew_ratio, spill_bytes, shuffle_bytes, failed_tasks];
        };
        expect(pick([...stages].reverse())).toEqual(pick(stages));
      }),
    );
  });
});
