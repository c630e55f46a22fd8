import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { most, nameOf, ratio, sum } from './stage.ts';

/** The largest shuffle is the one of which most bytes were read by one stage. */
export const shuffleMeanings = {
  shuffle_bytes: {
    type: 'double',
    unit: 'bytes',
    means: 'largest shuffle: read by one stage, or written for the stage that failed',
  },
  shuffle_bytes_per_task: {
    type: 'double',
    unit: 'bytes',
    means: 'median shuffle read of a finished task in the stage of the largest shuffle',
  },
  shuffle_bytes_ratio: { type: 'double', unit: 'x', means: 'largest ÷ median shuffle read of a task, in that stage' },
  shuffle_tasks: { type: 'double', unit: 'tasks', means: 'finished tasks of that stage' },
  shuffle_task_seconds: { type: 'double', unit: 's', means: 'median run time of its tasks' },
  shuffle_seconds: { type: 'double', unit: 's', means: 'duration of that stage' },
  shuffle_stage: { type: 'string', unit: '', means: 'id and name of that stage' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function shuffleFacts(stages: readonly StageSummary[]) {
  const read = most(stages, (stage) => stage.totalShuffleReadBytes);
  const stage = read === null || read.totalShuffleReadBytes <= 0 ? null : read;
  const median = stage?.shuffleReadBytes.median ?? 0;
  return {
    shuffle_bytes: Math.max(stage?.totalShuffleReadBytes ?? 0, writtenForFailed(stages)),
    shuffle_bytes_per_task: median > 0 ? median : null,
    shuffle_bytes_ratio: stage === null ? null : ratio(stage.shuffleReadBytes.max, median),
    shuffle_tasks: stage?.tasks ?? null,
    shuffle_task_seconds: stage === null ? null : stage.taskMs.median / 1000,
    shuffle_seconds: stage === null ? null : stage.durationMs / 1000,
    shuffle_stage: stage === null ? null : nameOf(stage),
  };
}

/**
 * A stage that died has not read everything. What the completed stages wrote for it is its whole shuffle, where it is the only reader;
 * with several readers this is an upper bound.
 */
function writtenForFailed(stages: readonly StageSummary[]): number {
  if (!stages.some((stage) => stage.status === 'failed')) return 0;
  return sum(stages, (stage) => (stage.status === 'complete' ? (stage.totalShuffleWriteBytes ?? 0) : 0));
}
