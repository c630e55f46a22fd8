import type { StageQuantiles, StageSummary } from '../../model/job.ts';
import type { SparkEvent, TaskMetrics } from '../../schema/spark-event.ts';

/** Stages of one application while its events are read one by one. */
export interface StageFold {
  add(event: SparkEvent): void;
  /** In the order of their ids; the latest attempt of each stage. */
  summaries(): readonly StageSummary[];
}

interface OpenStage {
  info: Extract<SparkEvent, { what: 'stage' }> | null;
  readonly tasks: TaskMetrics[];
  failed: number;
}

export function foldStages(): StageFold {
  const stages = new Map<string, OpenStage>();
  const open = (stage: number, attempt: number): OpenStage => {
    const key = `${stage}.${attempt}`;
    const found = stages.get(key) ?? { info: null, tasks: [], failed: 0 };
    stages.set(key, found);
    return found;
  };
  return {
    add: (event) => {
      const stage = open(event.stage, event.attempt);
      if (event.what === 'stage') stage.info = event;
      else if (event.failed) stage.failed += 1;
      else if (event.metrics !== null) stage.tasks.push(event.metrics);
    },
    summaries: () =>
      latestAttempts([...stages].flatMap(([, stage]) => (stage.info === null ? [] : [summaryOf(stage, stage.info)]))),
  };
}

function latestAttempts(stages: readonly StageSummary[]): readonly StageSummary[] {
  const latest = new Map<number, StageSummary>();
  for (const stage of stages) if ((latest.get(stage.stageId)?.attempt ?? -1) < stage.attempt) latest.set(stage.stageId, stage);
  return [...latest.values()].sort((one, other) => one.stageId - other.stageId);
}

function summaryOf({ tasks, failed }: OpenStage, info: Extract<SparkEvent, { what: 'stage' }>): StageSummary {
  const sum = (pick: (task: TaskMetrics) => number) => tasks.reduce((total, task) => total + pick(task), 0);
  return {
    stageId: info.stage,
    attempt: info.attempt,
    name: info.name,
    status: info.failed ? 'failed' : info.completed === null ? 'active' : 'complete',
    tasks: tasks.length,
    failedTasks: failed,
    durationMs: info.submitted === null || info.completed === null ? 0 : info.completed - info.submitted,
    taskMs: quantiles(tasks.map((task) => task.durationMs)),
    shuffleReadBytes: quantiles(tasks.map((task) => task.shuffleReadBytes)),
    inputBytes: quantiles(tasks.map((task) => task.inputBytes)),
    totalShuffleReadBytes: sum((task) => task.shuffleReadBytes),
    totalShuffleWriteBytes: sum((task) => task.shuffleWriteBytes),
    totalInputBytes: sum((task) => task.inputBytes),
    memorySpilledBytes: sum((task) => task.memorySpilledBytes),
    diskSpilledBytes: sum((task) => task.diskSpilledBytes),
    gcMs: sum((task) => task.gcMs),
    runMs: sum((task) => task.runMs),
  };
}

/** The value at rank floor(q × n), as Spark's AppStatusStore answers taskSummary: no interpolation. */
function quantiles(values: readonly number[]): StageQuantiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return { min: at(0), p25: at(0.25), median: at(0.5), p75: at(0.75), p95: at(0.95), max: at(1) };
}
