import type { BatchRun } from './batch.ts';
import { gib, mib, parseBytes } from './bytes.ts';
import type { Failure } from './run.ts';

/** A join's small side: what the planner's statistics say of it on disk, and what its rows take in memory. */
export interface SmallSide {
  readonly estimatedBytes: number;
  readonly bytes: number;
}

/** spark.sql.autoBroadcastJoinThreshold where nobody sets it; -1, like anything that is no size, is off. */
const DEFAULT_THRESHOLD = 10 * mib;
/** BroadcastExchangeExec refuses what is larger. */
const LARGEST = 8 * gib;
/** The two inputs are read, then the small side is collected. */
const STAGES_BEFORE = 2;

/** Whether the planner broadcasts a small side that turns out not to fit. */
export function doesNotFit({ estimatedBytes, bytes }: SmallSide, conf: ReadonlyMap<string, string>): boolean {
  const set = conf.get('spark.sql.autoBroadcastJoinThreshold');
  const threshold = set === undefined ? DEFAULT_THRESHOLD : (parseBytes(set) ?? -1);
  return estimatedBytes <= threshold && bytes > LARGEST;
}

/** The part of a run that went well before its broadcast failed. */
export function untilBroadcast(batch: BatchRun): BatchRun {
  const stages = batch.stages.slice(0, STAGES_BEFORE);
  const duration = Math.max(0, ...stages.map((stage) => stage.start + stage.duration));
  return { ...batch, stages, duration, outOfMemory: false };
}

/** The text of Spark's QueryExecutionErrors.cannotBroadcastTableOverMaxTableBytesError. */
export function broadcastRefused({ bytes }: SmallSide): Failure {
  const error = `Cannot broadcast the table that is larger than 8.0 GiB: ${(bytes / gib).toFixed(1)} GiB.`;
  return {
    code: 'RUN_EXECUTION_ERROR',
    type: 'CLIENT_ERROR',
    message: 'Workload failed, see run output for details',
    error: `SparkException: ${error}`,
    trace: [
      `org.apache.spark.SparkException: ${error}`,
      '\tat org.apache.spark.sql.errors.QueryExecutionErrors$.cannotBroadcastTableOverMaxTableBytesError(QueryExecutionErrors.scala:1865)',
      '\tat org.apache.spark.sql.execution.exchange.BroadcastExchangeExec.$anonfun$relationFuture$1(BroadcastExchangeExec.scala:190)',
    ].join('\n'),
  };
}
