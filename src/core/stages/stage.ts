import type { StageQuantiles, StageSummary } from '../../model/job.ts';

/** Below this a stage is not skewed (dr-elephant customSHSWork, StagesAnalyzer: "moderate"): its spill and sizes are not about one key. */
export const SKEWED_FROM = 4;

/** A median of fewer tasks says nothing about the others. */
export const FEWEST_TASKS = 8;

/** A task reads so little without anybody noticing: a median below it would make a key of everything. */
const fewBytes = 64 * 1024;

/** Longest ÷ median task by run time, a median under a millisecond counting as one; 0 where no task took any. */
export function skewOf({ taskMs }: StageSummary): number {
  return taskMs.max / Math.max(taskMs.median, 1);
}

/** Largest ÷ median bytes of a task, a median under 64 KiB counting as that; null where no task read any. */
export function bytesRatio({ max, median }: StageQuantiles): number | null {
  return max > 0 ? max / Math.max(median, fewBytes) : null;
}

/** Milliseconds, at least those of its longest task; null of a stage that has not ended. */
export function durationOf({ durationMs, taskMs }: StageSummary): number | null {
  return durationMs === 0 && taskMs.max > 0 ? null : Math.max(durationMs, taskMs.max);
}

export function nameOf({ stageId, name }: StageSummary): string {
  return `${stageId} ${name}`;
}

/** Null where there is nothing to divide by. */
export function ratio(over: number, under: number): number | null {
  return under > 0 ? over / under : null;
}

export function sum(stages: readonly StageSummary[], pick: (stage: StageSummary) => number): number {
  return stages.reduce((total, stage) => total + pick(stage), 0);
}

/** The stage with the largest measure, the first of equal ones; null of none. */
export function most(stages: readonly StageSummary[], measure: (stage: StageSummary) => number): StageSummary | null {
  return stages.reduce<StageSummary | null>(
    (found, stage) => (found === null || measure(stage) > measure(found) ? stage : found),
    null,
  );
}
