import type { Failure } from './run.ts';
import type { StageRun } from './stage.ts';

const workloadFailed = 'Workload failed, see run output for details';

/**
 * The texts of a stage that died of memory, as Spark's DAGScheduler and TaskSetManager write them; an executor that dies of
 * OutOfMemoryError exits with code 52 (SparkExitCode.OOM).
 */
export function outOfMemory(stage: StageRun): Failure {
  const index = stage.outOfMemory?.index ?? 0;
  const executor = stage.outOfMemory?.executor ?? 0;
  const tid = stage.stageId * 100 + index + 3;
  const error =
    `Job aborted due to stage failure: Task ${index} in stage ${stage.stageId}.0 failed 4 times, most recent failure: ` +
    `Lost task ${index}.3 in stage ${stage.stageId}.0 (TID ${tid}) (10.139.64.${executor + 5} executor ${executor}): ` +
    `ExecutorLostFailure (executor ${executor} exited caused by one of the running tasks) ` +
    'Reason: Command exited with code 52; java.lang.OutOfMemoryError: Java heap space';
  return {
    code: 'RUN_EXECUTION_ERROR',
    type: 'CLIENT_ERROR',
    message: workloadFailed,
    error: `SparkException: ${error}`,
    trace: traceOf(error),
  };
}

function traceOf(error: string): string {
  return [
    `org.apache.spark.SparkException: ${error}`,
    'Driver stacktrace:',
    '\tat org.apache.spark.scheduler.DAGScheduler.$anonfun$failJobAndIndependentStages$1(DAGScheduler.scala:3874)',
    '\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:3796)',
    '\tat org.apache.spark.scheduler.DAGScheduler.handleTaskSetFailed(DAGScheduler.scala:1620)',
    'Caused by: java.lang.OutOfMemoryError: Java heap space',
    '\tat org.apache.spark.util.collection.unsafe.sort.UnsafeExternalSorter.growPointerArrayIfNecessary(UnsafeExternalSorter.java:392)',
    '\tat org.apache.spark.sql.execution.UnsafeExternalRowSorter.insertRow(UnsafeExternalRowSorter.java:152)',
  ].join('\n');
}

export function clusterRefused(reason: string): Failure {
  const error = `Cluster could not be launched: ${reason}`;
  return { code: 'INVALID_CLUSTER_REQUEST', type: 'CLIENT_ERROR', message: error, error, trace: '' };
}

export const cancelled: Failure = {
  code: 'USER_CANCELED',
  type: 'SUCCESS',
  message: 'Run was cancelled by a user.',
  error: 'Run was cancelled',
  trace: '',
};
