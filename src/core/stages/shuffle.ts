import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { bytesRatio, durationOf, most, nameOf } from './stage.ts';

/** The largest shuffle is the one of which most bytes were read by one stage. */
export const shuffleMeanings = {
  shuffle_bytes: { type: 'double', unit: 'bytes', means: 'largest shuffle: most bytes read by the finished tasks of one stage' },
  shuffle_bytes_per_task: {
    type: 'double',
    unit: 'bytes',
    means: 'median shuffle read of a finished task in the stage of the largest shuffle',
  },
  shuffle_bytes_ratio: {
    type: 'double',
    unit: 'x',
    means: 'largest ÷ median shuffle read of a task, in that stage; a median under 64 KiB counts as that',
  },
  shuffle_tasks: { type: 'double', unit: 'tasks', means: 'finished tasks of that stage' },
  shuffle_task_seconds: { type: 'double', unit: 's', means: 'median run time of its tasks' },
  shuffle_seconds: { type: 'double', unit: 's', means: 'duration of that stage; unknown until it ends' },
  shuffle_stage: { type: 'string', unit: '', means: 'id and name of that stage' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function shuffleFacts(stages: readonly StageSummary[]) {
  const read = most(stages, (stage) => stage.totalShuffleReadBytes);
  const stage = read === null || read.totalShuffleReadBytes <= 0 ? null : read;
  const median = stage?.shuffleReadBytes.median ?? 0;
  const duration = stage === null ? null : durationOf(stage);
  return {
    shuffle_bytes: stage?.totalShuffleReadBytes ?? 0,
    shuffle_bytes_per_task: median > 0 ? median : null,
    shuffle_bytes_ratio: stage === null ? null : bytesRatio(stage.shuffleReadBytes),
    shuffle_tasks: stage?.tasks ?? null,
    shuffle_task_seconds: stage === null ? null : stage.taskMs.median / 1000,
    shuffle_seconds: duration === null ? null : duration / 1000,
    shuffle_stage: stage === null ? null : nameOf(stage),
  };
}
