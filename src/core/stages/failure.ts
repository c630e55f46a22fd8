import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { bytesRatio, FEWEST_TASKS, nameOf, ratio, sum } from './stage.ts';

/** What failed of a run, whether its stages came through in the end or not. What the failed stage read is told by no other stage. */
export const failureMeanings = {
  failed_tasks: { type: 'double', unit: 'tasks', means: 'task attempts that failed, in all stages' },
  failed_share: { type: 'double', unit: 'share', means: 'task attempts that failed ÷ all that ended, in all stages' },
  stage_failure: {
    type: 'string',
    unit: '',
    means: 'why the last stage that failed did so, in Spark’s words; empty when none failed',
  },
  failed_stage: { type: 'string', unit: '', means: 'id and name of that stage; empty when none failed' },
  failed_shuffle_bytes: {
    type: 'double',
    unit: 'bytes',
    means: 'shuffle that was written for that stage; unknown where the source does not tell who wrote it',
  },
  failed_bytes_per_task: {
    type: 'double',
    unit: 'bytes',
    means: 'median shuffle read of its finished tasks, if 8 or more',
  },
  failed_bytes_ratio: {
    type: 'double',
    unit: 'x',
    means: 'largest ÷ median shuffle read of the same tasks; a median under 64 KiB counts as that',
  },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function failureFacts(stages: readonly StageSummary[]) {
  const failed = sum(stages, ({ failedTasks }) => failedTasks);
  const stage = stages.findLast(({ status }) => status === 'failed') ?? null;
  const enough = stage !== null && stage.tasks >= FEWEST_TASKS ? stage : null;
  return {
    failed_tasks: failed,
    failed_share: ratio(failed, failed + sum(stages, ({ tasks }) => tasks)),
    stage_failure: stage === null ? '' : (stage.failure ?? null),
    failed_stage: stage === null ? '' : nameOf(stage),
    failed_shuffle_bytes: stage === null ? null : writtenFor(stage, stages),
    failed_bytes_per_task: enough?.shuffleReadBytes.median ?? null,
    failed_bytes_ratio: enough === null ? null : bytesRatio(enough.shuffleReadBytes),
  };
}

/**
 * A stage that died has not read everything: its shuffle is what the stages wrote whose output it reads. Sums of other stages would tell
 * shuffles that somebody else has read.
 */
function writtenFor(failed: StageSummary, stages: readonly StageSummary[]): number | null {
  const { parents = null, source, totalShuffleReadBytes } = failed;
  if (parents === null || (parents.length === 0 && totalShuffleReadBytes > 0)) return null;
  // Several applications of a run count their stages each from 0.
  const complete = stages.filter((stage) => stage.status === 'complete' && stage.source === source);
  const writers = parents.map((id) => complete.find(({ stageId }) => stageId === id));
  const written = writers.reduce((total, writer) => total + (writer?.totalShuffleWriteBytes ?? Number.NaN), 0);
  return Number.isNaN(written) ? null : written;
}
