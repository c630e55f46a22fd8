import type { StageSummary } from '../../model/job.ts';
import type { FactMeaning } from '../run-facts.ts';
import { ratio, sum } from './stage.ts';

const gib = 1024 ** 3;

/** What all tasks of a run did together. */
export const workMeanings = {
  task_seconds: { type: 'double', unit: 's', means: 'run time of all finished tasks together' },
  task_seconds_per_gib: {
    type: 'double',
    unit: 's/GiB',
    means: 'run time of all tasks ÷ GiB read from files, or from shuffles where none were',
  },
  long_task_seconds: { type: 'double', unit: 's', means: 'median task of the stage whose median task is longest' },
  task_memory_bytes: { type: 'double', unit: 'bytes', means: 'most execution memory that one task held' },
  gc_ratio: { type: 'double', unit: 'share', means: 'JVM garbage collection ÷ run time of all tasks' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export function workFacts(stages: readonly StageSummary[]) {
  const ran = sum(stages, ({ runMs }) => runMs);
  return {
    task_seconds: ran / 1000,
    task_seconds_per_gib: ratio(ran / 1000, bytesRead(stages) / gib),
    long_task_seconds: Math.max(...stages.map(({ taskMs }) => taskMs.median)) / 1000,
    task_memory_bytes: taskMemory(stages),
    gc_ratio: ratio(
      sum(stages, ({ gcMs }) => gcMs),
      ran,
    ),
  };
}

/** A job that reads a stream or a database reads no files: what it shuffles then grows with what it reads. */
function bytesRead(stages: readonly StageSummary[]): number {
  const input = sum(stages, ({ totalInputBytes }) => totalInputBytes);
  return input > 0 ? input : sum(stages, ({ totalShuffleReadBytes }) => totalShuffleReadBytes);
}

/** Of stages that do not tell it, the greatest is not known. */
function taskMemory(stages: readonly StageSummary[]): number | null {
  const told = stages.flatMap(({ tasks, peakExecutionMemoryBytes: peak }) => (tasks === 0 ? [] : [peak ?? Number.NaN]));
  const greatest = Math.max(0, ...told);
  return Number.isNaN(greatest) ? null : greatest;
}
