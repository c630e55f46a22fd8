import { runBatch } from './batch.ts';
import { broadcastRefused, doesNotFit, untilBroadcast } from './broadcast.ts';
import { clusterRefused, outOfMemory } from './failure.ts';
import type { JobShape, TaskShape } from './job.ts';
import type { NodeType } from './node-types.ts';
import type { Pace } from './pace.ts';
import type { ClusterInstance, Failure, Millis, Result, TaskAttempt } from './run.ts';
import type { Workload } from './workload.ts';

/** Numbers for new things: run ids lie above 2^53 so that a client that reads them as JavaScript numbers is caught. */
export interface Ids {
  next(): string;
}

export function createIds(): Ids {
  let last = 9_007_199_254_741_001n;
  return {
    next: () => {
      last += 2n;
      return String(last);
    },
  };
}

const plainTask = 120_000;

export interface PlanRequest {
  readonly settings: string;
  readonly job: JobShape;
  readonly workload: Workload | undefined;
  readonly nodes: readonly NodeType[];
  readonly at: Millis;
  readonly ids: Ids;
  readonly pace: Pace;
  readonly only?: ReadonlySet<string>;
  readonly earlier?: readonly TaskAttempt[];
}

/** Plans every task of a run in dependency order; a task whose upstream failed does not start. Bounded by the number of tasks. */
export function planAttempts(request: PlanRequest): readonly TaskAttempt[] {
  const done = new Map((request.earlier ?? []).map((attempt) => [attempt.taskKey, attempt]));
  const shared = new Map<string, ClusterInstance>();
  const wanted = request.job.tasks.filter((task) => request.only === undefined || request.only.has(task.taskKey));
  for (const task of wanted) done.delete(task.taskKey);
  const made: TaskAttempt[] = [];
  let waiting = wanted;
  while (waiting.length > 0) {
    const keys = new Set(waiting.map((task) => task.taskKey));
    const ready = waiting.filter((task) => !task.dependsOn.some((key) => keys.has(key)));
    // A circle of dependencies is refused by the real service; here its tasks simply run.
    for (const task of ready.length > 0 ? ready : waiting) {
      const attempt = planTask(task, request, { done, shared });
      done.set(task.taskKey, attempt);
      made.push(attempt);
    }
    waiting = ready.length > 0 ? waiting.filter((task) => !ready.includes(task)) : [];
  }
  return made;
}

interface Made {
  readonly done: ReadonlyMap<string, TaskAttempt>;
  /** Clusters of this run by job_cluster_key: its tasks share them, so only the first one waits for it. */
  readonly shared: Map<string, ClusterInstance>;
}

function planTask(task: TaskShape, request: PlanRequest, { done, shared }: Made): TaskAttempt {
  const upstream = task.dependsOn.flatMap((key) => done.get(key) ?? []);
  const ready = Math.max(request.at, ...upstream.map((attempt) => attempt.end ?? request.at));
  const up = shared.get(task.cluster?.clusterKey ?? '');
  const start = task.cluster === null ? ready : Math.max(ready, up?.start ?? ready + request.pace.clusterStart);
  const base = {
    runId: request.ids.next(),
    taskKey: task.taskKey,
    settings: request.settings,
    dependsOn: task.dependsOn,
    attempt: (request.earlier ?? []).filter((attempt) => attempt.taskKey === task.taskKey).length,
    created: ready,
    failure: null,
    cluster: null,
    batch: null,
    inputBytes: 0,
  };
  if (upstream.some((attempt) => attempt.result !== 'SUCCESS')) {
    return { ...base, start: ready, end: ready, result: 'UPSTREAM_FAILED' };
  }
  const cluster = task.cluster === null ? null : (up ?? instanceOf(task.cluster, base.runId, ready, start));
  if (cluster?.shape.clusterKey != null) shared.set(cluster.shape.clusterKey, cluster);
  return { ...base, start, cluster, ...outcomeOf(task, request, start) };
}

type Outcome = { end: Millis | null; result: Result; failure: Failure | null; batch: TaskAttempt['batch']; inputBytes: number };

function outcomeOf(task: TaskShape, request: PlanRequest, start: Millis): Outcome {
  const passed: Outcome = { end: start + plainTask, result: 'SUCCESS', failure: null, batch: null, inputBytes: 0 };
  const work = request.workload?.work;
  if (task.cluster === null || work === undefined || work.taskKey !== task.taskKey) return passed;
  const node = request.nodes.find((type) => type.nodeTypeId === task.cluster?.nodeTypeId);
  if (node === undefined) return refused(start, `Node type ${task.cluster.nodeTypeId} is not supported`);
  if (work.kind === 'stream') return { ...passed, end: null };
  const input = work.input(new Date(start));
  const batch = runBatch(work, input, task.cluster, node);
  if ('refused' in batch) return refused(start, batch.refused);
  const { smallSide } = input;
  if (smallSide !== undefined && doesNotFit(smallSide, task.cluster.sparkConf)) {
    const begun = untilBroadcast(batch);
    const failure = broadcastRefused(smallSide);
    return { end: start + begun.duration, result: 'FAILED', failure, batch: begun, inputBytes: input.scanBytes };
  }
  const last = batch.stages.at(-1);
  const failure = batch.outOfMemory && last !== undefined ? outOfMemory(last) : null;
  return {
    end: start + batch.duration,
    result: failure === null ? 'SUCCESS' : 'FAILED',
    failure,
    batch,
    inputBytes: input.scanBytes,
  };
}

function refused(start: Millis, reason: string): Outcome {
  return { end: start, result: 'FAILED', failure: clusterRefused(reason), batch: null, inputBytes: 0 };
}

function instanceOf(shape: ClusterInstance['shape'], runId: string, created: Millis, start: Millis): ClusterInstance {
  const stamp = new Date(start).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  const clusterId = `${stamp.slice(4, 8)}-${stamp.slice(8)}-tw${runId.slice(-6)}`;
  return {
    clusterId,
    sparkContextId: String(BigInt(runId) * 7n),
    appId: `app-${stamp}-${runId.slice(-4)}`,
    shape,
    created,
    start,
  };
}
