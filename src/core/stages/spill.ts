import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { most, nameOf, ratio, SKEWED_FROM, skewOf } from './stage.ts';

/** Spill is judged in the stage that spilled most and is not skewed (dr-elephant customSHSWork, ConfigurationParametersHeuristic). */
export const spillMeanings = {
  spill_bytes: { type: 'double', unit: 'bytes', means: 'memory spilled by the stage that spilled most and is not skewed' },
  spill_ratio: { type: 'double', unit: 'x', means: 'memory spilled ÷ bytes read, in that stage; 0 where nothing spilled' },
  spill_stage: { type: 'string', unit: '', means: 'id and name of that stage; none where nothing spilled' },
  spill_tasks: { type: 'double', unit: 'tasks', means: 'finished tasks of that stage' },
  spill_shuffle_bytes: { type: 'double', unit: 'bytes', means: 'shuffle read by that stage' },
  spill_input_bytes: { type: 'double', unit: 'bytes', means: 'bytes read from files by that stage' },
  skewed_spill_bytes: {
    type: 'double',
    unit: 'bytes',
    means: 'memory spilled by the stage that spilled most of those whose longest task takes 4 medians or more',
  },
  skewed_spill_stage: { type: 'string', unit: '', means: 'id and name of that stage; none where nothing spilled' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function spillFacts(stages: readonly StageSummary[]) {
  const even = most(
    stages.filter((stage) => skewOf(stage) < SKEWED_FROM),
    (stage) => stage.memorySpilledBytes,
  );
  const stage = even === null || even.memorySpilledBytes <= 0 ? null : even;
  const skewed = most(
    stages.filter((one) => skewOf(one) >= SKEWED_FROM && one.memorySpilledBytes > 0),
    (one) => one.memorySpilledBytes,
  );
  return {
    spill_bytes: stage?.memorySpilledBytes ?? 0,
    spill_ratio:
      stage === null ? 0 : ratio(stage.memorySpilledBytes, Math.max(stage.totalInputBytes, stage.totalShuffleReadBytes)),
    spill_stage: stage === null ? 'none' : nameOf(stage),
    spill_tasks: stage?.tasks ?? null,
    spill_shuffle_bytes: stage?.totalShuffleReadBytes ?? null,
    spill_input_bytes: stage?.totalInputBytes ?? null,
    skewed_spill_bytes: skewed?.memorySpilledBytes ?? 0,
    skewed_spill_stage: skewed === null ? 'none' : nameOf(skewed),
  };
}
