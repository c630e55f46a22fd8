import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { FEWEST_TASKS, most, nameOf, ratio, skewOf, sum } from './stage.ts';

/** The skewed stage is the one whose longest task stands out most, among stages of enough tasks. */
export const skewMeanings = {
  skew_ratio: { type: 'double', unit: 'x', means: 'longest task ÷ median task, in the skewed stage' },
  skew_seconds: { type: 'double', unit: 's', means: 'longest task of the skewed stage' },
  skew_share: { type: 'double', unit: 'share', means: 'longest task ÷ duration of the skewed stage' },
  skew_run_share: { type: 'double', unit: 'share', means: 'longest task of the skewed stage ÷ duration of all stages together' },
  skew_bytes_ratio: { type: 'double', unit: 'x', means: 'largest ÷ median shuffle read of a task, in the skewed stage' },
  skew_bytes: { type: 'double', unit: 'bytes', means: 'largest shuffle read of a task, in the skewed stage' },
  skew_bytes_median: { type: 'double', unit: 'bytes', means: 'median shuffle read of a task, in the skewed stage' },
  skew_input_ratio: { type: 'double', unit: 'x', means: 'largest ÷ median input of a task, in the skewed stage' },
  skew_stage: { type: 'string', unit: '', means: 'id and name of the skewed stage' },
  skewed_spill_bytes: { type: 'double', unit: 'bytes', means: 'memory spilled by the skewed stage' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function skewFacts(stages: readonly StageSummary[]) {
  const stage = most(
    stages.filter(({ tasks }) => tasks >= FEWEST_TASKS),
    skewOf,
  );
  return {
    skew_ratio: stage === null ? null : skewOf(stage),
    skew_seconds: stage === null ? null : stage.taskMs.max / 1000,
    skew_share: stage === null ? null : ratio(stage.taskMs.max, stage.durationMs),
    skew_run_share:
      stage === null
        ? null
        : ratio(
            stage.taskMs.max,
            sum(stages, ({ durationMs }) => durationMs),
          ),
    skew_bytes_ratio: stage === null ? null : ratio(stage.shuffleReadBytes.max, stage.shuffleReadBytes.median),
    skew_bytes: stage?.shuffleReadBytes.max ?? null,
    skew_bytes_median: stage?.shuffleReadBytes.median ?? null,
    skew_input_ratio: stage === null ? null : ratio(stage.inputBytes.max, stage.inputBytes.median),
    skew_stage: stage === null ? null : nameOf(stage),
    skewed_spill_bytes: stage?.memorySpilledBytes ?? null,
  };
}
