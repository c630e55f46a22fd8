import * as z from 'zod/mini';

/** What one line of a Spark event log (JsonProtocol.scala) tells about stages; everything else is null. */
export type SparkEvent =
  | {
      readonly what: 'task';
      readonly stage: number;
      readonly attempt: number;
      readonly failed: boolean;
      readonly metrics: TaskMetrics | null;
    }
  | {
      readonly what: 'stage';
      readonly stage: number;
      readonly attempt: number;
      readonly name: string;
      readonly tasks: number;
      /** Milliseconds since 1970; null while it runs. */
      readonly submitted: number | null;
      readonly completed: number | null;
      readonly failed: boolean;
    };

/** Milliseconds and bytes of one finished task. */
export interface TaskMetrics {
  readonly durationMs: number;
  readonly runMs: number;
  readonly gcMs: number;
  readonly memorySpilledBytes: number;
  readonly diskSpilledBytes: number;
  readonly shuffleReadBytes: number;
  readonly shuffleWriteBytes: number;
  readonly inputBytes: number;
}

const count = z._default(z.number(), 0);
const taskSchema = z.object({
  'Stage ID': z.number(),
  'Stage Attempt ID': count,
  'Task Info': z.object({
    'Launch Time': count,
    'Finish Time': count,
    Failed: z._default(z.boolean(), false),
    Killed: z._default(z.boolean(), false),
  }),
  'Task Metrics': z.optional(
    z.object({
      'Executor Run Time': count,
      'JVM GC Time': count,
      'Memory Bytes Spilled': count,
      'Disk Bytes Spilled': count,
      'Shuffle Read Metrics': z.optional(z.object({ 'Remote Bytes Read': count, 'Local Bytes Read': count })),
      'Shuffle Write Metrics': z.optional(z.object({ 'Shuffle Bytes Written': count })),
      'Input Metrics': z.optional(z.object({ 'Bytes Read': count })),
    }),
  ),
});
const stageSchema = z.object({
  'Stage Info': z.object({
    'Stage ID': z.number(),
    'Stage Attempt ID': count,
    'Stage Name': z._default(z.string(), ''),
    'Number of Tasks': count,
    'Submission Time': z.optional(z.number()),
    'Completion Time': z.optional(z.number()),
    'Failure Reason': z.optional(z.string()),
  }),
});

/** Reads one line; lines of other events are told by their name alone and not parsed, as a log has many. */
export function readSparkEvent(line: string): SparkEvent | null {
  const name = /"Event":\s*"([^"]+)"/.exec(line.slice(0, 200))?.[1] ?? '';
  if (name.endsWith('SparkListenerTaskEnd')) return taskOf(parsed(line));
  return /SparkListenerStage(?:Submitted|Completed)$/.test(name) ? stageOf(parsed(line)) : null;
}

function taskOf(value: unknown): SparkEvent | null {
  const read = taskSchema.safeParse(value);
  if (!read.success) return null;
  const { 'Task Info': info, 'Task Metrics': metrics } = read.data;
  const failed = info.Failed || info.Killed;
  const ids = {
    what: 'task',
    stage: read.data['Stage ID'],
    attempt: read.data['Stage Attempt ID'],
    failed: info.Failed,
  } as const;
  if (failed || metrics === undefined) return { ...ids, metrics: null };
  return {
    ...ids,
    metrics: {
      durationMs: Math.max(0, info['Finish Time'] - info['Launch Time']),
      runMs: metrics['Executor Run Time'],
      gcMs: metrics['JVM GC Time'],
      memorySpilledBytes: metrics['Memory Bytes Spilled'],
      diskSpilledBytes: metrics['Disk Bytes Spilled'],
      shuffleReadBytes:
        (metrics['Shuffle Read Metrics']?.['Remote Bytes Read'] ?? 0) +
        (metrics['Shuffle Read Metrics']?.['Local Bytes Read'] ?? 0),
      shuffleWriteBytes: metrics['Shuffle Write Metrics']?.['Shuffle Bytes Written'] ?? 0,
      inputBytes: metrics['Input Metrics']?.['Bytes Read'] ?? 0,
    },
  };
}

function stageOf(value: unknown): SparkEvent | null {
  const read = stageSchema.safeParse(value);
  if (!read.success) return null;
  const info = read.data['Stage Info'];
  return {
    what: 'stage',
    stage: info['Stage ID'],
    attempt: info['Stage Attempt ID'],
    name: info['Stage Name'].slice(0, 200),
    tasks: info['Number of Tasks'],
    submitted: info['Submission Time'] ?? null,
    completed: info['Completion Time'] ?? null,
    failed: info['Failure Reason'] !== undefined,
  };
}

/** The last line of a log that is still written may be cut: it is passed over. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
