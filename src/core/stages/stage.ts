import type { StageSummary } from '../../model/job.ts';

/** Below this a stage is not skewed (dr-elephant customSHSWork, StagesAnalyzer: "moderate"): its spill and sizes are not about one key. */
export const SKEWED_FROM = 4;

/** A median of fewer tasks says nothing about the others. */
export const FEWEST_TASKS = 8;

/** Longest ÷ median task by run time; 0 where no task took any. */
export function skewOf(stage: StageSummary): number {
  return ratio(stage.taskMs.max, stage.taskMs.median) ?? 0;
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
