import type { BatchRun } from './batch.ts';
import { sizeExecutor } from './executor.ts';
import { labelsFor } from './labels.ts';
import type { NodeType } from './node-types.ts';
import { defaultNodeTypes } from './node-types.ts';
import type { TaskAttempt } from './run.ts';
import type { Sample } from './series.ts';
import type { StageRun } from './stage.ts';

/**
 * What `/metrics/executors/prometheus` of a live Spark driver shows (later generation of names): one set of series an executor,
 * only while the application runs. There is no spill and no stage in it.
 */
export function executorSamples(
  attempt: TaskAttempt,
  at: number,
  nodes: readonly NodeType[] = defaultNodeTypes,
): readonly Sample[] {
  const { batch, cluster } = attempt;
  const node = nodes.find((type) => type.nodeTypeId === cluster?.shape.nodeTypeId);
  if (batch === null || cluster === null || node === undefined || attempt.start > at || (attempt.end ?? at) < at) return [];
  const executor = sizeExecutor(cluster.shape, node);
  if ('refused' in executor) return [];
  return doneBy(batch, at - attempt.start).flatMap((done, index) => {
    const peak = done.peakMemory / executor.perTaskBytes;
    const counters: Readonly<Record<string, number>> = {
      totalGCTime_seconds_total: done.gc / 1000,
      totalDuration_seconds_total: done.duration / 1000,
      failedTasks_total: done.failed,
      completedTasks_total: done.tasks - done.failed,
      totalTasks_total: done.tasks,
      totalShuffleRead_bytes_total: Math.round(done.shuffled),
    };
    const gauges: Readonly<Record<string, number>> = {
      totalCores: executor.cores,
      maxTasks: executor.taskSlots,
      maxMemory_bytes: Math.round(executor.unifiedBytes),
      memoryUsed_bytes: 0,
      diskUsed_bytes: 0,
      JVMHeapMemory_bytes: Math.round(executor.heapBytes * (0.3 + 0.68 * peak)),
      OnHeapExecutionMemory_bytes: Math.round(executor.unifiedBytes * peak),
    };
    const shown = labelsFor(cluster, `executor ${index}`, () => ({
      application_id: cluster.appId,
      application_name: 'Databricks Shell',
      executor_id: String(index),
    }));
    return [...named(counters, 'counter', shown), ...named(gauges, 'gauge', shown)];
  });
}

interface Done {
  gc: number;
  duration: number;
  failed: number;
  tasks: number;
  shuffled: number;
  peakMemory: number;
}

/** What each executor has finished so many milliseconds after the start. A scrape comes every 15 s of twin time: ended stages are counted once. */
function doneBy({ stages, workers }: BatchRun, after: number): readonly Done[] {
  const each = nothingDone(workers);
  for (const stage of stages) {
    const ended = stage.start + stage.duration <= after;
    const counted = ended ? (totals.get(stage) ?? countDone(stage, workers, after)) : countDone(stage, workers, after);
    if (ended) totals.set(stage, counted);
    for (const [index, done] of each.entries()) addTo(done, counted[index]);
  }
  return each;
}

const totals = new WeakMap<StageRun, readonly Done[]>();

function nothingDone(workers: number): readonly Done[] {
  return Array.from({ length: workers }, () => ({ gc: 0, duration: 0, failed: 0, tasks: 0, shuffled: 0, peakMemory: 0 }));
}

function countDone(stage: StageRun, workers: number, after: number): readonly Done[] {
  const each = nothingDone(workers);
  for (const { start, duration, gc, failed, bytes, peakMemory, executor } of stage.tasks) {
    if (stage.start + start + duration > after) continue;
    const shuffled = stage.reads === 'shuffle' ? bytes : 0;
    addTo(each[executor], { gc, duration, failed: failed ? 1 : 0, tasks: 1, shuffled, peakMemory });
  }
  return each;
}

function addTo(done: Done | undefined, more: Readonly<Done> | undefined): void {
  if (done === undefined || more === undefined) return;
  done.gc += more.gc;
  done.duration += more.duration;
  done.failed += more.failed;
  done.tasks += more.tasks;
  done.shuffled += more.shuffled;
  done.peakMemory = Math.max(done.peakMemory, more.peakMemory);
}

function named(values: Readonly<Record<string, number>>, type: Sample['type'], labels: Sample['labels']): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ name: `metrics_executor_${name}`, labels, value, type }));
}
