import type { StageSummary } from '../model/job.ts';
import type { Known } from '../model/known.ts';
import type { FactValue } from './expression.ts';
import type { FactMeaning } from './run-facts.ts';

/**
 * Facts that a runbook may name under `spark`, from the stages of one run (skew and spill are in no Prometheus endpoint of Spark).
 * The skewed stage is the one whose longest task stands out most: max ÷ median of the run time, among stages of at least 8 tasks.
 */
export const stageFactMeanings = {
  skew_ratio: { type: 'double', unit: 'x', means: 'longest task ÷ median task, in the skewed stage' },
  skew_seconds: { type: 'double', unit: 's', means: 'longest task of the skewed stage' },
  skew_share: { type: 'double', unit: 'share', means: 'longest task ÷ duration of the skewed stage' },
  skew_bytes_ratio: { type: 'double', unit: 'x', means: 'largest ÷ median shuffle read of a task, in the skewed stage' },
  skew_bytes: { type: 'double', unit: 'bytes', means: 'largest shuffle read of a task, in the skewed stage' },
  skew_bytes_median: { type: 'double', unit: 'bytes', means: 'median shuffle read of a task, in the skewed stage' },
  skew_input_ratio: { type: 'double', unit: 'x', means: 'largest ÷ median input of a task, in the skewed stage' },
  skew_stage: { type: 'string', unit: '', means: 'id and name of the skewed stage' },
  spill_bytes: { type: 'double', unit: 'bytes', means: 'memory spilled by the stage that spilled most and is not skewed' },
  spill_ratio: { type: 'double', unit: 'x', means: 'memory spilled ÷ bytes read, in that stage' },
  skewed_spill_bytes: { type: 'double', unit: 'bytes', means: 'memory spilled by the skewed stage' },
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
  input_bytes: { type: 'double', unit: 'bytes', means: 'bytes read from files by all stages' },
  failed_tasks: { type: 'double', unit: 'tasks', means: 'task attempts that failed, in all stages' },
  failed_share: { type: 'double', unit: 'share', means: 'task attempts that failed ÷ all that ended, in all stages' },
  stage_failure: {
    type: 'string',
    unit: '',
    means: 'why the last stage that failed did so, in Spark’s words; empty when none failed',
  },
  long_task_seconds: { type: 'double', unit: 's', means: 'median task of the stage whose median task is longest' },
  task_memory_bytes: { type: 'double', unit: 'bytes', means: 'most execution memory that one task held' },
  gc_ratio: { type: 'double', unit: 'share', means: 'JVM garbage collection ÷ run time of all tasks' },
} as const satisfies Readonly<Record<string, FactMeaning>>;

export type StageFactName = keyof typeof stageFactMeanings;

/** A median of fewer tasks says nothing about the others. */
const fewestTasks = 8;
/** Below this a stage is not skewed (dr-elephant, "moderate"): its spill is not about one key. */
const skewedFrom = 4;

export function stageFacts(stages: Known<readonly StageSummary[]>): Readonly<Record<StageFactName, FactValue>> {
  if (!stages.known || stages.value.length === 0) return nothing();
  const all = stages.value;
  const skewed = worst(
    all.filter((stage) => stage.tasks >= fewestTasks),
    skewOf,
  );
  const evenlySpilling = worst(
    all.filter((stage) => skewOf(stage) < skewedFrom),
    (stage) => stage.memorySpilledBytes,
  );
  const shuffling = worst(all, (stage) => stage.totalShuffleReadBytes);
  return {
    ...skewFacts(skewed),
    spill_bytes: evenlySpilling?.memorySpilledBytes ?? 0,
    spill_ratio: evenlySpilling === null ? 0 : ratio(evenlySpilling.memorySpilledBytes, bytesOf(evenlySpilling)),
    shuffle_bytes: Math.max(shuffling?.totalShuffleReadBytes ?? 0, writtenForFailed(all)),
    shuffle_bytes_per_task:
      shuffling === null || shuffling.shuffleReadBytes.median <= 0 ? null : shuffling.shuffleReadBytes.median,
    input_bytes: sum(all, (stage) => stage.totalInputBytes),
    failed_tasks: sum(all, (stage) => stage.failedTasks),
    failed_share: failedShare(all),
    stage_failure: failureOf(all),
    long_task_seconds: Math.max(...all.map((stage) => stage.taskMs.median)) / 1000,
    task_memory_bytes: taskMemory(all),
    gc_ratio: ratio(
      sum(all, (stage) => stage.gcMs),
      sum(all, (stage) => stage.runMs),
    ),
  };
}

function skewFacts(stage: StageSummary | null) {
  return {
    skew_ratio: stage === null ? null : skewOf(stage),
    skew_seconds: stage === null ? null : stage.taskMs.max / 1000,
    skew_share: stage === null ? null : ratio(stage.taskMs.max, stage.durationMs),
    skew_bytes_ratio: stage === null ? null : ratio(stage.shuffleReadBytes.max, stage.shuffleReadBytes.median),
    skew_input_ratio: stage === null ? null : ratio(stage.inputBytes.max, stage.inputBytes.median),
    skew_bytes: stage?.shuffleReadBytes.max ?? null,
    skew_bytes_median: stage?.shuffleReadBytes.median ?? null,
    skew_stage: stage === null ? null : `${stage.stageId} ${stage.name}`,
    skewed_spill_bytes: stage?.memorySpilledBytes ?? null,
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

function failedShare(stages: readonly StageSummary[]): number | null {
  const failed = sum(stages, (stage) => stage.failedTasks);
  return ratio(failed, failed + sum(stages, (stage) => stage.tasks));
}

/** Empty is "none failed"; one that failed without a word is not told. */
function failureOf(stages: readonly StageSummary[]): string | null {
  const failed = stages.findLast((stage) => stage.status === 'failed');
  return failed === undefined ? '' : (failed.failure ?? null);
}

/** Of stages that do not tell it, the greatest is not known. */
function taskMemory(stages: readonly StageSummary[]): number | null {
  const told = stages.flatMap(({ tasks, peakExecutionMemoryBytes: peak }) => (tasks === 0 ? [] : [peak ?? Number.NaN]));
  const most = Math.max(0, ...told);
  return Number.isNaN(most) ? null : most;
}

function skewOf(stage: StageSummary): number {
  return ratio(stage.taskMs.max, stage.taskMs.median) ?? 0;
}

function bytesOf(stage: StageSummary): number {
  return Math.max(stage.totalInputBytes, stage.totalShuffleReadBytes);
}

function ratio(over: number, under: number): number | null {
  return under > 0 ? over / under : null;
}

function sum(stages: readonly StageSummary[], pick: (stage: StageSummary) => number): number {
  return stages.reduce((total, stage) => total + pick(stage), 0);
}

function worst(stages: readonly StageSummary[], measure: (stage: StageSummary) => number): StageSummary | null {
  return stages.reduce<StageSummary | null>(
    (most, stage) => (most === null || measure(stage) > measure(most) ? stage : most),
    null,
  );
}

function nothing(): Readonly<Record<StageFactName, FactValue>> {
  const empty = { ...skewFacts(null), spill_bytes: null, spill_ratio: null, shuffle_bytes: null };
  return {
    ...empty,
    shuffle_bytes_per_task: null,
    input_bytes: null,
    failed_tasks: null,
    failed_share: null,
    ...{ stage_failure: null, long_task_seconds: null, task_memory_bytes: null, gc_ratio: null },
  };
}
