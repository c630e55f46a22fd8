import type { Plain } from './json.ts';
import type { StageRun } from './stage.ts';

/** Of the last stage: all that wrote since a shuffle was read. */
export function writersFor(stages: readonly StageRun[]): readonly number[] {
  const last = stages.at(-1);
  const before = stages.filter(({ stageId }) => stageId !== last?.stageId);
  if (last?.reads !== 'shuffle') return [];
  const read = before.findLastIndex(({ reads }) => reads === 'shuffle');
  return before.flatMap((stage, index) => (index >= read && stage.shuffleWrite > 0 ? [stage.stageId] : []));
}

/** As the planner does with adaptive execution, which is on: what is fetched is told by RDD, and `Parent IDs` names skipped stages. */
export function lineage(stageId: number, writers: readonly number[]): { readonly [key: string]: Plain } {
  const fetched = writers.map((writer) => 10 * writer + 1);
  return {
    'RDD Info': [
      { 'RDD ID': 10 * stageId + 1, Name: 'MapPartitionsRDD', 'Parent IDs': [10 * stageId] },
      { 'RDD ID': 10 * stageId, Name: 'ShuffledRowRDD', 'Parent IDs': fetched },
    ],
    'Parent IDs': writers.map((writer) => 1000 + writer),
  };
}
