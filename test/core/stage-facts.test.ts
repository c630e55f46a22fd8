import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stageFacts } from '../../src/core/stage-facts.ts';
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

  test('a stage of tasks without run time has no ratio', () => {
    expect(stageFacts(known([stage({ taskMs: all(0), gcMs: 0, runMs: 0 })]))).toMatchObject({ skew_ratio: 0, gc_ratio: null });
  });

  test.each([unknown('absent: no log'), known([])])('nothing is known without stages', (stages) => {
    expect(Object.values(stageFacts(stages)).every((value) => value === null)).toBe(true);
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
