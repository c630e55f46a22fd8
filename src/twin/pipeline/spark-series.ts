import { sizeExecutor } from './executor.ts';
import type { NodeType } from './node-types.ts';
import { defaultNodeTypes } from './node-types.ts';
import type { TaskAttempt } from './run.ts';
import type { Sample } from './series.ts';
import type { TaskRun } from './stage.ts';

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
  const done = batch.stages.flatMap((stage) =>
    stage.tasks
      .filter((task) => attempt.start + stage.start + task.start + task.duration <= at)
      .map((task) => ({ task, reads: stage.reads })),
  );
  return Array.from({ length: batch.workers }, (_, index) => index).flatMap((index) => {
    const mine = done.filter(({ task }) => task.executor === index);
    const tasks = mine.map(({ task }) => task);
    const shuffled = mine.filter(({ reads }) => reads === 'shuffle').map(({ task }) => task);
    const labels = { application_id: cluster.appId, application_name: 'Databricks Shell', executor_id: String(index) };
    const peak = Math.max(0, ...tasks.map((task) => task.peakMemory / executor.perTaskBytes));
    const counters: Readonly<Record<string, number>> = {
      totalGCTime_seconds_total: sumOf(tasks, (task) => task.gc) / 1000,
      totalDuration_seconds_total: sumOf(tasks, (task) => task.duration) / 1000,
      failedTasks_total: tasks.filter((task) => task.failed).length,
      completedTasks_total: tasks.filter((task) => !task.failed).length,
      totalTasks_total: tasks.length,
      totalShuffleRead_bytes_total: Math.round(sumOf(shuffled, (task) => task.bytes)),
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
    return [...named(counters, 'counter', labels), ...named(gauges, 'gauge', labels)];
  });
}

function named(values: Readonly<Record<string, number>>, type: Sample['type'], labels: Sample['labels']): readonly Sample[] {
  return Object.entries(values).map(([name, value]) => ({ name: `metrics_executor_${name}`, labels, value, type }));
}

function sumOf(tasks: readonly TaskRun[], pick: (task: TaskRun) => number): number {
  return tasks.reduce((sum, task) => sum + pick(task), 0);
}
