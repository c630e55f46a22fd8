import * as z from 'zod/mini';
import { beginningOf } from './redact.ts';

/** An attempt of an application as Spark's monitoring REST API lists it (ApplicationInfo, ApplicationAttemptInfo). */
export interface ListedApplication {
  readonly id: string;
  readonly name: string | null;
  readonly attempt: string | null;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: boolean;
}

/** StageData; milliseconds and bytes, null where this version of Spark does not tell. */
export interface ListedStage {
  readonly stageId: number;
  readonly attempt: number;
  readonly status: string;
  readonly name: string;
  /** That have finished, and that it was to run. */
  readonly tasks: number;
  readonly planned: number;
  readonly failedTasks: number;
  readonly submitted: number | null;
  readonly completed: number | null;
  readonly failure: string | null;
  readonly runMs: number;
  readonly gcMs: number | null;
  readonly memorySpilledBytes: number;
  readonly diskSpilledBytes: number;
  readonly inputBytes: number;
  readonly shuffleReadBytes: number;
  readonly shuffleWriteBytes: number;
  readonly distributions: ListedDistributions | null;
}

/** TaskMetricDistributions of the quantiles that were asked for; null where a version has none. */
export interface ListedDistributions {
  readonly taskMs: readonly number[] | null;
  readonly inputBytes: readonly number[] | null;
  readonly shuffleReadBytes: readonly number[] | null;
  readonly peakExecutionMemoryBytes: readonly number[] | null;
}

const count = z._default(z.number(), 0);
const listSchema = z.array(
  z.object({
    id: z.string(),
    name: z.nullish(z.string()),
    attempts: z.array(
      z.object({ attemptId: z.nullish(z.string()), startTime: z.string(), completed: z._default(z.boolean(), false) }),
    ),
  }),
);
const numbers = z.nullish(z.array(z.number()));
const distributionsSchema = z.object({
  duration: numbers,
  executorRunTime: numbers,
  peakExecutionMemory: numbers,
  inputMetrics: z.nullish(z.object({ bytesRead: numbers })),
  shuffleReadMetrics: z.nullish(z.object({ readBytes: numbers })),
});
const stageSchema = z.object({
  status: z.string(),
  stageId: z.number(),
  attemptId: count,
  name: z._default(z.string(), ''),
  numTasks: count,
  numCompleteTasks: z.nullish(z.number()),
  numFailedTasks: count,
  submissionTime: z.nullish(z.string()),
  completionTime: z.nullish(z.string()),
  failureReason: z.nullish(z.string()),
  executorRunTime: count,
  jvmGcTime: z.nullish(z.number()),
  memoryBytesSpilled: count,
  diskBytesSpilled: count,
  inputBytes: count,
  shuffleReadBytes: count,
  shuffleWriteBytes: count,
  taskMetricsDistributions: z.nullish(distributionsSchema),
});
const environmentSchema = z.object({ sparkProperties: z._default(z.array(z.array(z.string())), []) });

/** `/applications`: every attempt of every application. */
export function readApplications(value: unknown): readonly ListedApplication[] | null {
  const read = listSchema.safeParse(value);
  if (!read.success) return null;
  return read.data.flatMap(({ id, name, attempts }) =>
    attempts.map(({ attemptId, startTime, completed }) => ({
      id,
      name: name ?? null,
      attempt: attemptId ?? null,
      started: sparkTime(startTime),
      finished: completed,
    })),
  );
}

/** `/applications/<id>/stages`. */
export function readStageList(value: unknown): readonly ListedStage[] | null {
  const read = z.array(stageSchema).safeParse(value);
  return read.success ? read.data.map(stageOf) : null;
}

/** `…/taskSummary`. */
export function readDistributions(value: unknown): ListedDistributions | null {
  const read = distributionsSchema.safeParse(value);
  return read.success ? distributionsOf(read.data) : null;
}

/** `/applications/<id>/environment`: the cluster that Databricks names in the application's conf. */
export function readClusterOf(value: unknown): { readonly clusterId: string | null; readonly clusterName: string | null } | null {
  const read = environmentSchema.safeParse(value);
  if (!read.success) return null;
  const tag = (name: string) =>
    read.data.sparkProperties.find(([key]) => key === `spark.databricks.clusterUsageTags.${name}`)?.[1]?.slice(0, 200) ?? null;
  return { clusterId: tag('clusterId'), clusterName: tag('clusterName') };
}

function stageOf(stage: z.infer<typeof stageSchema>): ListedStage {
  const { taskMetricsDistributions: distributions } = stage;
  return {
    stageId: stage.stageId,
    attempt: stage.attemptId,
    status: stage.status,
    name: stage.name.slice(0, 200),
    tasks: stage.numCompleteTasks ?? stage.numTasks,
    planned: stage.numTasks,
    failedTasks: stage.numFailedTasks,
    submitted: stage.submissionTime ? sparkTime(stage.submissionTime) : null,
    completed: stage.completionTime ? sparkTime(stage.completionTime) : null,
    failure: beginningOf(stage.failureReason ?? '', 400) || null,
    runMs: stage.executorRunTime,
    gcMs: stage.jvmGcTime ?? null,
    memorySpilledBytes: stage.memoryBytesSpilled,
    diskSpilledBytes: stage.diskBytesSpilled,
    inputBytes: stage.inputBytes,
    shuffleReadBytes: stage.shuffleReadBytes,
    shuffleWriteBytes: stage.shuffleWriteBytes,
    distributions: distributions ? distributionsOf(distributions) : null,
  };
}

function distributionsOf(read: z.infer<typeof distributionsSchema>): ListedDistributions {
  return {
    taskMs: read.duration ?? read.executorRunTime ?? null,
    inputBytes: read.inputMetrics?.bytesRead ?? null,
    shuffleReadBytes: read.shuffleReadMetrics?.readBytes ?? null,
    peakExecutionMemoryBytes: read.peakExecutionMemory ?? null,
  };
}

/** Spark writes `2026-11-20T02:00:00.000GMT`. */
function sparkTime(text: string): number {
  return Date.parse(text.replace(/GMT$/, 'Z'));
}
