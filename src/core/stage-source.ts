import type { StageSummary } from '../model/job.ts';
import { type Known, unknown } from '../model/known.ts';

/** The same stages; unknown where only a part of them was read: a greatest or a sum of a part is no fact. */
export function wholeStages(stages: Known<readonly StageSummary[]>): Known<readonly StageSummary[]> {
  const gap = stages.known ? gapOf(stages.value) : '';
  return gap === '' ? stages : unknown(`partial: ${gap}`);
}

/** Where stages were read, to be cited. */
export function stageSource(stages: Known<readonly StageSummary[]>): string {
  const sources = stages.known ? stages.value.flatMap(({ source }) => source ?? []) : [];
  return sources.length === 0 ? 'event log' : [...new Set(sources)].join(', ').slice(0, 300);
}

function gapOf(stages: readonly StageSummary[]): string {
  return [...new Set(stages.flatMap(({ partial }) => partial ?? []))].join('; ').slice(0, 400);
}
