import * as z from 'zod/mini';

/** The end of one attempt of one task. */
export interface SparkTask {
  readonly what: 'task';
  readonly stage: number;
  readonly attempt: number;
  /** `killed`: a speculative copy that was not needed, or a commit that was denied; Spark counts neither as failed. */
  readonly end: 'succeeded' | 'failed' | 'killed';
  /** Null for an attempt that did not succeed, and where the log has none. */
  readonly metrics: TaskMetrics | null;
}

/** Milliseconds and bytes of one task that succeeded. */
export interface TaskMetrics {
  readonly durationMs: number;
  readonly runMs: number;
  readonly gcMs: number;
  readonly memorySpilledBytes: number;
  readonly diskSpilledBytes: number;
  readonly shuffleReadBytes: number;
  readonly shuffleWriteBytes: number;
  readonly inputBytes: number;
  readonly peakExecutionMemoryBytes: number;
}

const count = z._default(z.number(), 0);
const flag = z._default(z.boolean(), false);
const metricsSchema = z.object({
  'Executor Run Time': count,
  'JVM GC Time': count,
  'Memory Bytes Spilled': count,
  'Disk Bytes Spilled': count,
  'Peak Execution Memory': count,
  'Shuffle Read Metrics': z.nullish(z.object({ 'Remote Bytes Read': count, 'Local Bytes Read': count })),
  'Shuffle Write Metrics': z.nullish(z.object({ 'Shuffle Bytes Written': count })),
  'Input Metrics': z.nullish(z.object({ 'Bytes Read': count })),
});
const infoSchema = z.object({ 'Launch Time': count, 'Finish Time': count, Failed: flag, Killed: flag });
const taskSchema = z.object({
  'Stage ID': z.number(),
  'Stage Attempt ID': count,
  'Task End Reason': z._default(z.object({ Reason: z._default(z.string(), 'Success') }), { Reason: 'Success' }),
  'Task Info': infoSchema,
  'Task Metrics': z.nullish(metricsSchema),
});

/** AppStatusListener counts these as killed, everything else but Success as failed. */
const killedReasons = new Set(['TaskKilled', 'TaskCommitDenied']);

/**
 * Reads a SparkListenerTaskEnd line. Most of such a line are accumulators, which tell the metrics a second time: in the order in which
 * Spark writes, they are not parsed. A line in another order is parsed whole.
 */
export function readTaskEnd(line: Buffer): SparkTask | null {
  const read = taskSchema.safeParse(parsed(withoutAccumulables(line)) ?? parsed(line.toString()));
  if (!read.success) return null;
  const { 'Task Info': info, 'Task End Reason': reason, 'Task Metrics': metrics } = read.data;
  const killed = info.Killed || killedReasons.has(reason.Reason);
  const end = killed ? 'killed' : info.Failed || reason.Reason !== 'Success' ? 'failed' : 'succeeded';
  return {
    what: 'task',
    stage: read.data['Stage ID'],
    attempt: read.data['Stage Attempt ID'],
    end,
    metrics: end !== 'succeeded' || !metrics ? null : metricsOf(info, metrics),
  };
}

function metricsOf(info: z.infer<typeof infoSchema>, metrics: z.infer<typeof metricsSchema>): TaskMetrics {
  const read = metrics['Shuffle Read Metrics'];
  return {
    durationMs: Math.max(0, info['Finish Time'] - info['Launch Time']),
    runMs: metrics['Executor Run Time'],
    gcMs: metrics['JVM GC Time'],
    memorySpilledBytes: metrics['Memory Bytes Spilled'],
    diskSpilledBytes: metrics['Disk Bytes Spilled'],
    shuffleReadBytes: (read?.['Remote Bytes Read'] ?? 0) + (read?.['Local Bytes Read'] ?? 0),
    shuffleWriteBytes: metrics['Shuffle Write Metrics']?.['Shuffle Bytes Written'] ?? 0,
    inputBytes: metrics['Input Metrics']?.['Bytes Read'] ?? 0,
    peakExecutionMemoryBytes: metrics['Peak Execution Memory'],
  };
}

const accumulables = '"Accumulables":[';
const taskMetrics = '"Task Metrics":{';

/**
 * The line with the task's accumulators and executor metrics cut out. Inside a JSON string its quotes are escaped, so neither mark can
 * stand in a text; where Spark's order does not hold, what is left does not parse.
 */
function withoutAccumulables(line: Buffer): string {
  const from = line.indexOf(accumulables);
  const until = line.lastIndexOf(taskMetrics);
  return from < 0 || until < from ? '' : `${line.toString('utf8', 0, from)}"Accumulables":[]},${line.toString('utf8', until)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
