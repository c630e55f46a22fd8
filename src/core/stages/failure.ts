import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { ratio, sum } from './stage.ts';

/** What failed of a run, whether its stages came through in the end or not. */
export const failureMeanings = {
  failed_tasks: { type: 'double', unit: 'tasks', means: 'task attempts that failed, in all stages' },
  failed_share: { type: 'double', unit: 'share', means: 'task attempts that failed ÷ all that ended, in all stages' },
  stage_failure: {
    type: 'string',
    unit: '',
    means: 'why the last stage that failed did so, in Spark’s words; empty when none failed',
  },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function failureFacts(stages: readonly StageSummary[]) {
  const failed = sum(stages, ({ failedTasks }) => failedTasks);
  return {
    failed_tasks: failed,
    failed_share: ratio(failed, failed + sum(stages, ({ tasks }) => tasks)),
    stage_failure: failureOf(stages),
  };
}

/** Empty is "none failed"; one that failed without a word is not told. */
function failureOf(stages: readonly StageSummary[]): string | null {
  const failed = stages.findLast(({ status }) => status === 'failed');
  return failed === undefined ? '' : (failed.failure ?? null);
}
