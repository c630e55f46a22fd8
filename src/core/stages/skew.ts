import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { bytesRatio, durationOf, FEWEST_TASKS, most, nameOf, ratio, SKEWED_FROM, skewOf } from './stage.ts';

/** Where the time goes: a stage of milliseconds hides none whose longest task takes minutes, however uneven it is. */
export const skewMeanings = {
  skew_ratio: { type: 'double', unit: 'x', means: 'longest task ÷ median task, in the skewed stage' },
  skew_seconds: { type: 'double', unit: 's', means: 'longest task of the skewed stage' },
  skew_share: { type: 'double', unit: 'share', means: 'longest task ÷ duration of the skewed stage; unknown until it ends' },
  skew_run_share: {
    type: 'double',
    unit: 'share',
    means: 'longest task of the skewed stage ÷ duration of all stages together; unknown until all have ended',
  },
  skew_bytes_ratio: {
    type: 'double',
    unit: 'x',
    means: 'largest ÷ median shuffle read of a task, in the skewed stage; a median under 64 KiB counts as that',
  },
  skew_bytes: { type: 'double', unit: 'bytes', means: 'largest shuffle read of a task, in the skewed stage' },
  skew_bytes_median: { type: 'double', unit: 'bytes', means: 'median shuffle read of a task, in the skewed stage' },
  skew_input_ratio: {
    type: 'double',
    unit: 'x',
    means: 'largest ÷ median input of a task, in the skewed stage; a median under 64 KiB counts as that',
  },
  skew_input_bytes: { type: 'double', unit: 'bytes', means: 'largest input of a task, in the skewed stage' },
  skew_stage: { type: 'string', unit: '', means: 'id and name of the skewed stage' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

/** dr-elephant (customSHSWork, StagesAnalyzer) looks at no stage whose longest task takes less. */
const LONG_MS = 150_000;
/** The same source: "moderate", and where skew begins. */
const BOUNDS = [SKEWED_FROM, 2, 0] as const;

export function skewFacts(stages: readonly StageSummary[]) {
  const stage = skewedOf(stages.filter(({ tasks }) => tasks >= FEWEST_TASKS));
  const run = runDuration(stages);
  return {
    skew_ratio: stage === null ? null : skewOf(stage),
    skew_seconds: stage === null ? null : stage.taskMs.max / 1000,
    skew_share: stage === null ? null : ratio(stage.taskMs.max, durationOf(stage) ?? 0),
    skew_run_share: stage === null || run === null ? null : ratio(stage.taskMs.max, run),
    skew_bytes_ratio: stage === null ? null : bytesRatio(stage.shuffleReadBytes),
    skew_bytes: stage?.shuffleReadBytes.max ?? null,
    skew_bytes_median: stage?.shuffleReadBytes.median ?? null,
    skew_input_ratio: stage === null ? null : bytesRatio(stage.inputBytes),
    skew_input_bytes: stage?.inputBytes.max ?? null,
    skew_stage: stage === null ? null : nameOf(stage),
  };
}

/**
 * Of the stages with a long task those that are skewed most, by 4 medians, by 2 or not at all, and among these the one whose longest task
 * waits longest for itself. Where no task is long it is the stage of the longest: evening out any other wins less.
 */
function skewedOf(stages: readonly StageSummary[]): StageSummary | null {
  const long = stages.filter(({ taskMs }) => taskMs.max > LONG_MS);
  if (long.length === 0) return most(stages, ({ taskMs }) => taskMs.max);
  const ranks = BOUNDS.map((bound) => long.filter((stage) => skewOf(stage) >= bound));
  return most(ranks.find((rank) => rank.length > 0) ?? [], ({ taskMs }) => taskMs.max - taskMs.median);
}

function runDuration(stages: readonly StageSummary[]): number | null {
  const durations = stages.map((stage) => durationOf(stage));
  return durations.reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
}
