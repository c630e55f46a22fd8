import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageFactMeanings, stageFacts } from '../../src/core/stage-facts.ts';
import type { StageQuantiles, StageSummary } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';

const mib = 1024 ** 2;
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
  shuffleReadBytes: { ...all(mib), max: 30 * mib },
  memorySpilledBytes: 777,
});

describe('facts of stages', () => {
  test('where no task is long the skewed stage is the one of the longest', () => {
    expect(stageFacts(known([stage(), hot]))).toMatchObject({
      skew_ratio: 50,
      skew_seconds: 50,
      skew_share: 50 / 60,
      skew_bytes_ratio: 30,
      skew_bytes: 30 * mib,
      skew_stage: '2 hot',
      skewed_spill_bytes: 777,
      skewed_spill_stage: '2 hot',
    });
  });

  const times = (stageId: number, median: number, max: number) =>
    stage({ stageId, tasks: 200, durationMs: 10_000_000, taskMs: { ...all(median * 1000), max: max * 1000 } });
  test.each([
    ['whose longest task takes minutes, not the one of seconds', [times(1, 0.012, 3), times(2, 20, 1200)], '2 join'],
    ['that waits longest, not the one that is most uneven', [times(1, 5, 160), times(2, 80, 1200)], '2 join'],
    ['that is skewed, not a longer one of even tasks', [times(1, 20, 400), times(2, 3000, 4000)], '1 join'],
    ['that begins to be skewed, not a longer one of even tasks', [times(1, 100, 250), times(2, 3000, 4000)], '1 join'],
    ['of the longest task once nothing is long', [times(1, 0.012, 3), times(2, 20, 22)], '2 join'],
  ])('the skewed stage is the one %s', (_, stages, expected) => {
    expect(stageFacts(known(stages)).skew_stage).toBe(expected);
    expect(stageFacts(known([...stages].reverse())).skew_stage).toBe(expected);
  });

  test('a median that reads nothing makes a task that reads much a hot one, and one that reads little none', () => {
    const few = (max: number) => stage({ shuffleReadBytes: { ...all(0), max }, inputBytes: { ...all(0), max } });

    expect(stageFacts(known([few(64 * mib)]))).toMatchObject({ skew_bytes_ratio: 1024, skew_input_ratio: 1024 });
    expect(stageFacts(known([few(60_000)])).skew_bytes_ratio).toBeLessThan(1);
    expect(stageFacts(known([few(0)])).skew_bytes_ratio).toBeNull();
  });

  test('a median task of no time still makes a long one stand out', () => {
    expect(stageFacts(known([stage({ taskMs: { ...all(0), max: 9000 } })])).skew_ratio).toBe(9000);
  });

  test('no share is told of a stage that has not ended, and none is over 1', () => {
    const open = stage({ stageId: 3, status: 'active', durationMs: 0, taskMs: all(500) });
    const late = stage({ durationMs: 400, taskMs: all(500) });

    expect(stageFacts(known([hot, open]))).toMatchObject({ skew_share: 50 / 60, skew_run_share: null });
    expect(stageFacts(known([open]))).toMatchObject({ skew_share: null, skew_run_share: null, shuffle_seconds: null });
    expect(stageFacts(known([late]))).toMatchObject({ skew_share: 1, skew_run_share: 1 });
  });

  test('what skewed stages spill is told of the one that spilled most, whichever is the longest', () => {
    const brief = stage({ stageId: 4, taskMs: { ...all(10), max: 4000 }, memorySpilledBytes: 900 });

    expect(stageFacts(known([hot, brief]))).toMatchObject({ skew_stage: '2 hot', skewed_spill_stage: '4 join' });
    expect(stageFacts(known([stage()]))).toMatchObject({ skewed_spill_bytes: 0, skewed_spill_stage: 'none' });
  });

  test('what a skewed stage spills is not even spill', () => {
    expect(stageFacts(known([stage({ memorySpilledBytes: 5 }), hot])).spill_bytes).toBe(5);
  });

  test('a stage of a few tasks says nothing about skew', () => {
    expect(stageFacts(known([{ ...hot, tasks: 7 }])).skew_ratio).toBeNull();
  });

  const died = stage({ stageId: 9, name: 'died', status: 'failed', failedTasks: 8, totalShuffleReadBytes: 90 });
  const writers = [
    stage({ stageId: 1, totalShuffleWriteBytes: 5000 }),
    stage({ stageId: 2, totalShuffleWriteBytes: 700 }),
    stage({ stageId: 3, totalShuffleWriteBytes: 300 }),
  ];
  test.each<readonly [string, Partial<StageSummary>, number | null]>([
    ['is what the stages before it wrote, and nobody else', { parents: [2, 3] }, 1000],
    ['is not known where the source does not tell who wrote it', {}, null],
    ['is not known where it read a shuffle that nobody wrote', { parents: [] }, null],
    ['is none where it reads none', { parents: [], totalShuffleReadBytes: 0 }, 0],
    ['is not known where a writer was not read', { parents: [2, 4] }, null],
    ['is not looked for in another application', { parents: [2, 3], source: 'another' }, null],
  ])('the shuffle of a stage that died %s', (_, change, expected) => {
    const facts = stageFacts(known([...writers, { ...died, ...change }]));

    expect(facts).toMatchObject({ failed_shuffle_bytes: expected, failed_stage: '9 died', failed_tasks: 8 });
  });

  test('what the tasks of a failed stage read is told by no other stage', () => {
    const even = { shuffleReadBytes: { ...all(100 * mib), max: 110 * mib } };

    const facts = (change: Partial<StageSummary>) => stageFacts(known([hot, { ...died, ...even, ...change }]));

    expect(facts({})).toMatchObject({ failed_bytes_ratio: 1.1, failed_bytes_per_task: 100 * mib });
    expect(facts({ tasks: 7 })).toMatchObject({ failed_bytes_ratio: null, failed_bytes_per_task: null });
    expect(stageFacts(known([hot]))).toMatchObject({ failed_bytes_ratio: null, failed_shuffle_bytes: null, failed_stage: '' });
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
    expect(stageFacts(known([{ ...hot, inputBytes: { ...all(mib), max: 40 * mib } }]))).toMatchObject({
      ...{ skew_input_ratio: 40, skew_input_bytes: 40 * mib },
    });
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
    const large = stage({
      stageId: 7,
      tasks: 50,
      totalShuffleReadBytes: 90_000,
      shuffleReadBytes: { ...all(mib), max: 2 * mib },
    });

    expect(stageFacts(known([stage(), large]))).toMatchObject({
      ...{ shuffle_bytes: 90_000, shuffle_bytes_per_task: mib, shuffle_bytes_ratio: 2, shuffle_tasks: 50 },
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
