import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { durationOf, most, nameOf, sum } from './stage.ts';

/** Small files are looked for in the stage that reads files with the most tasks: a task holds many small files, or one part of a large one. */
export const inputMeanings = {
  input_bytes: { type: 'double', unit: 'bytes', means: 'bytes read from files by all stages' },
  input_tasks: { type: 'double', unit: 'tasks', means: 'finished tasks of the stage that reads files with the most tasks' },
  input_bytes_per_task: { type: 'double', unit: 'bytes', means: 'median bytes that its tasks read from files' },
  input_task_seconds: { type: 'double', unit: 's', means: 'median run time of its tasks' },
  input_seconds: { type: 'double', unit: 's', means: 'duration of that stage; unknown until it ends' },
  input_stage: { type: 'string', unit: '', means: 'id and name of that stage' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function inputFacts(stages: readonly StageSummary[]) {
  const stage = most(
    stages.filter(({ totalInputBytes }) => totalInputBytes > 0),
    ({ tasks }) => tasks,
  );
  const duration = stage === null ? null : durationOf(stage);
  return {
    input_bytes: sum(stages, ({ totalInputBytes }) => totalInputBytes),
    input_tasks: stage?.tasks ?? null,
    input_bytes_per_task: stage?.inputBytes.median ?? null,
    input_task_seconds: stage === null ? null : stage.taskMs.median / 1000,
    input_seconds: duration === null ? null : duration / 1000,
    input_stage: stage === null ? null : nameOf(stage),
  };
}
