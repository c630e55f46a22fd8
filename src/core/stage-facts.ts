import type { StageSummary } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { FactValue } from './expression.ts';
import type { FactMeaning } from './run-facts.ts';
import { failureFacts, failureMeanings } from './stages/failure.ts';
import { inputFacts, inputMeanings } from './stages/input.ts';
import { shuffleFacts, shuffleMeanings } from './stages/shuffle.ts';
import { skewFacts, skewMeanings } from './stages/skew.ts';
import { spillFacts, spillMeanings } from './stages/spill.ts';
import { workFacts, workMeanings } from './stages/work.ts';

/** Facts that a runbook may name under `spark`, from the stages of one run (skew and spill are in no Prometheus endpoint of Spark). */
export const stageFactMeanings = {
  ...skewMeanings,
  ...spillMeanings,
  ...shuffleMeanings,
  ...inputMeanings,
  ...failureMeanings,
  ...workMeanings,
} as const satisfies Readonly<Record<string, FactMeaning>>;

export type StageFactName = keyof typeof stageFactMeanings;

/** Reads every fact; what the stages do not tell is null by itself, and all of it where no stage is known. */
export function stageFacts(stages: Known<readonly StageSummary[]>): Readonly<Partial<Record<StageFactName, FactValue>>> {
  if (!stages.known || stages.value.length === 0) return {};
  const all = stages.value;
  return {
    ...skewFacts(all),
    ...spillFacts(all),
    ...shuffleFacts(all),
    ...inputFacts(all),
    ...failureFacts(all),
    ...workFacts(all),
  };
}
