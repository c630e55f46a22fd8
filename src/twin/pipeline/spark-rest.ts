import type { Loopback } from '../metrics/loopback.ts';
import { answerJson, listenLoopback } from '../metrics/loopback.ts';
import type { Pipeline } from './pipeline.ts';
import { ascending, rankQuantile } from './quantile.ts';
import type { ClusterUse } from './run.ts';
import { clustersOf } from './run.ts';
import type { StageRun, TaskRun } from './stage.ts';

/**
 * Spark's monitoring REST API (`/api/v1/applications/…`, Spark docs "REST API") over the pipeline's runs: applications that are up, or,
 * as a History Server has them, those that ended.
 */
export function startSparkRest(seed: {
  readonly pipeline: Pipeline;
  readonly clock: () => Date;
  readonly ended?: boolean;
}): Promise<Loopback> {
  return listenLoopback((request, response) => {
    const url = new URL(request.url ?? '/', 'http://twin');
    seed.pipeline.advanceTo(seed.clock());
    const now = seed.clock().getTime();
    const shown = seed.pipeline
      .runs()
      .flatMap(clustersOf)
      .filter((use) => isShown(use, now, seed.ended ?? false));
    const body = answerPath(url, shown, now);
    if (body === null) answerJson(response, 404, `unknown path or id: ${url.pathname}`);
    else answerJson(response, 200, body);
  });
}

function isShown(use: ClusterUse, now: number, ended: boolean): boolean {
  const over = use.end !== null && use.end <= now;
  return use.cluster.start <= now && over === ended;
}

/** The body for a path, or null when there is no such thing. */
export function answerPath(url: URL, shown: readonly ClusterUse[], now: number): unknown {
  const [, , , , appId, what, stageId, attempt, leaf] = url.pathname.split('/');
  if (!url.pathname.startsWith('/api/v1/applications')) return null;
  if (appId === undefined || appId === '') return shown.map((use) => application(use, now));
  const use = shown.find(({ cluster }) => cluster.appId === appId);
  if (use === undefined) return null;
  if (what === undefined) return application(use, now);
  if (what !== 'stages') return null;
  const stages = stagesOf(use, now);
  if (stageId === undefined) return stages.map(stageBody).filter((stage) => isAsked(url, stage.status));
  const found = stages.find(({ stage }) => String(stage.stageId) === stageId);
  if (found === undefined || (attempt !== undefined && attempt !== '0')) return null;
  if (leaf === 'taskSummary') return taskSummary(found, quantilesOf(url));
  return attempt === undefined ? [stageBody(found)] : stageBody(found);
}

interface Shown {
  readonly stage: StageRun;
  readonly start: number;
  /** Tasks that have ended by now. */
  readonly tasks: readonly TaskRun[];
  readonly over: boolean;
}

function stagesOf(use: ClusterUse, now: number): readonly Shown[] {
  return use.attempts.flatMap((attempt) =>
    (attempt.batch?.stages ?? []).flatMap((stage) => {
      const start = attempt.start + stage.start;
      const tasks = stage.tasks.filter((task) => start + task.start + task.duration <= now);
      return start > now ? [] : [{ stage, start, tasks, over: start + stage.duration <= now }];
    }),
  );
}

function application({ cluster, end }: ClusterUse, now: number): unknown {
  const over = end !== null && end <= now;
  const attempt = {
    startTime: sparkTime(cluster.start),
    endTime: over ? sparkTime(end) : '1969-12-31T23:59:59.999GMT',
    completed: over,
    sparkUser: 'root',
  };
  return { id: cluster.appId, name: 'Databricks Shell', attempts: [attempt] };
}

function stageBody({ stage, start, tasks, over }: Shown): { readonly status: string; readonly [key: string]: unknown } {
  const good = tasks.filter((task) => !task.failed);
  const sum = (pick: (task: TaskRun) => number) => Math.round(good.reduce((all, task) => all + pick(task), 0));
  const shuffled = stage.reads === 'shuffle';
  return {
    status: !over ? 'ACTIVE' : stage.outOfMemory === null ? 'COMPLETE' : 'FAILED',
    stageId: stage.stageId,
    attemptId: 0,
    name: stage.name,
    numTasks: stage.taskCount,
    numCompleteTasks: good.length,
    numFailedTasks: tasks.length - good.length,
    submissionTime: sparkTime(start),
    ...(over ? { completionTime: sparkTime(start + stage.duration) } : {}),
    executorRunTime: sum((task) => task.duration),
    jvmGcTime: sum((task) => task.gc),
    memoryBytesSpilled: sum((task) => task.memorySpilled),
    diskBytesSpilled: sum((task) => task.diskSpilled),
    inputBytes: shuffled ? 0 : sum((task) => task.bytes),
    shuffleReadBytes: shuffled ? sum((task) => task.bytes) : 0,
    shuffleWriteBytes: sum((task) => task.bytes * stage.shuffleWrite),
  };
}

/** Quantiles over the tasks that succeeded, as AppStatusStore.taskSummary gives them: milliseconds and bytes. */
function taskSummary({ stage, tasks }: Shown, quantiles: readonly number[]): unknown {
  const good = tasks.filter((task) => !task.failed);
  if (good.length === 0) return null;
  const of = (pick: (task: TaskRun) => number) => {
    const sorted = ascending(good.map(pick));
    return quantiles.map((quantile) => Math.round(rankQuantile(sorted, quantile)));
  };
  const shuffled = stage.reads === 'shuffle';
  return {
    quantiles,
    duration: of((task) => task.duration),
    executorRunTime: of((task) => task.duration - 40),
    jvmGcTime: of((task) => task.gc),
    peakExecutionMemory: of((task) => task.peakMemory),
    memoryBytesSpilled: of((task) => task.memorySpilled),
    diskBytesSpilled: of((task) => task.diskSpilled),
    inputMetrics: { bytesRead: of((task) => (shuffled ? 0 : task.bytes)) },
    shuffleReadMetrics: { readBytes: of((task) => (shuffled ? task.bytes : 0)) },
  };
}

function quantilesOf(url: URL): readonly number[] {
  return (url.searchParams.get('quantiles') ?? '0.05,0.25,0.5,0.75,0.95').split(',').map(Number);
}

function isAsked(url: URL, status: string): boolean {
  const asked = url.searchParams.getAll('status').map((one) => one.toUpperCase());
  return asked.length === 0 || asked.includes(status);
}

/** Spark writes times as `2026-11-20T02:00:00.000GMT`. */
function sparkTime(millis: number): string {
  return new Date(millis).toISOString().replace('Z', 'GMT');
}
