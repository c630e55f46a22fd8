import type { StageQuantiles, StageSummary } from '../../model/job.ts';
import type { SparkStage } from '../../schema/spark-event.ts';
import type { SparkTask, TaskMetrics } from '../../schema/spark-task.ts';
import { latestOf, type StageAttempt } from './attempts.ts';
import { type Column, column } from './column.ts';
import { parentsOf } from './parents.ts';

/** Stages of one application while its events are read one by one. */
export interface StageFold {
  /** False when there are more tasks or stages than are kept. */
  add(event: SparkStage | SparkTask): boolean;
  /** In the order of their ids, each once. `submitted` is of its latest attempt. */
  stages(): readonly StageAttempt[];
}

const sums = ['runMs', 'gcMs', 'memorySpilledBytes', 'diskSpilledBytes', 'shuffleWriteBytes'] as const;

interface OpenStage {
  info: SparkStage | null;
  readonly taskMs: Column;
  readonly shuffleReadBytes: Column;
  readonly inputBytes: Column;
  readonly sums: Record<(typeof sums)[number], number>;
  peakExecutionMemoryBytes: number;
  failed: number;
}

/** 24 bytes a task: what is kept stays under 100 MB. */
const mostTasks = 2_000_000;
const mostStages = 20_000;

export function foldStages(): StageFold {
  const stages = new Map<string, OpenStage>();
  let tasks = 0;
  return {
    add: (event) => {
      const key = `${event.stage}.${event.attempt}`;
      const stage = stages.get(key) ?? opened();
      if (!stages.has(key)) {
        if (stages.size >= mostStages) return false;
        stages.set(key, stage);
      }
      if (event.what === 'stage') stage.info = event;
      else if (event.end === 'failed') stage.failed += 1;
      else if (event.metrics !== null) {
        if (tasks >= mostTasks) return false;
        tasks += 1;
        addTask(stage, event.metrics);
      }
      return true;
    },
    stages: () => {
      const parents = parentsOf([...stages.values()].flatMap(({ info }) => info ?? []));
      return latestOf([...stages.values()].flatMap((stage) => (stage.info === null ? [] : [folded(stage, stage.info, parents)])));
    },
  };
}

function opened(): OpenStage {
  return {
    info: null,
    taskMs: column(),
    shuffleReadBytes: column(),
    inputBytes: column(),
    sums: { runMs: 0, gcMs: 0, memorySpilledBytes: 0, diskSpilledBytes: 0, shuffleWriteBytes: 0 },
    peakExecutionMemoryBytes: 0,
    failed: 0,
  };
}

function addTask(stage: OpenStage, task: TaskMetrics): void {
  stage.taskMs.push(task.durationMs);
  stage.shuffleReadBytes.push(task.shuffleReadBytes);
  stage.inputBytes.push(task.inputBytes);
  for (const name of sums) stage.sums[name] += task[name];
  stage.peakExecutionMemoryBytes = Math.max(stage.peakExecutionMemoryBytes, task.peakExecutionMemoryBytes);
}

function folded(stage: OpenStage, info: SparkStage, allParents: ReadonlyMap<number, readonly number[]>): StageAttempt {
  const { submitted, completed, failure } = info;
  const parents = allParents.get(info.stage);
  const summary: StageSummary = {
    stageId: info.stage,
    attempt: info.attempt,
    name: info.name,
    status: failure !== null ? 'failed' : completed === null ? 'active' : 'complete',
    tasks: stage.taskMs.length(),
    failedTasks: stage.failed,
    durationMs: submitted === null || completed === null ? 0 : Math.max(0, completed - submitted),
    taskMs: quantiles(stage.taskMs),
    shuffleReadBytes: quantiles(stage.shuffleReadBytes),
    inputBytes: quantiles(stage.inputBytes),
    totalShuffleReadBytes: stage.shuffleReadBytes.total(),
    totalShuffleWriteBytes: stage.sums.shuffleWriteBytes,
    totalInputBytes: stage.inputBytes.total(),
    memorySpilledBytes: stage.sums.memorySpilledBytes,
    diskSpilledBytes: stage.sums.diskSpilledBytes,
    gcMs: stage.sums.gcMs,
    runMs: stage.sums.runMs,
    peakExecutionMemoryBytes: stage.peakExecutionMemoryBytes,
    ...(failure === null ? {} : { failure }),
    ...(parents === undefined ? {} : { parents }),
  };
  return { submitted, planned: info.tasks, summary };
}

/** The value at rank floor(q × n), as Spark's AppStatusStore answers taskSummary: no interpolation. */
function quantiles(values: Column): StageQuantiles {
  const sorted = values.sorted();
  const at = (share: number) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return { min: at(0), p25: at(0.25), median: at(0.5), p75: at(0.75), p95: at(0.95), max: at(1) };
}
