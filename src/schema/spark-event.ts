import * as z from 'zod/mini';
import { beginningOf } from './redact.ts';
import { readTaskEnd, type SparkTask } from './spark-task.ts';

/** What one line of a Spark event log (JsonProtocol.scala, Spark 2 to 4) tells about an application and its stages. */
export type SparkEvent = SparkTask | SparkStage | SparkApplication | SparkEnvironment;

export interface SparkStage {
  readonly what: 'stage';
  readonly stage: number;
  readonly attempt: number;
  readonly name: string;
  readonly tasks: number;
  /** Milliseconds since 1970; null while it runs. */
  readonly submitted: number | null;
  readonly completed: number | null;
  /** Null where it did not fail. */
  readonly failure: string | null;
  /** What the stage computes, by ids of RDDs; null where the log has none. */
  readonly lineage: StageLineage | null;
  /** Ids of the stages before it. With adaptive execution these are often stages that were skipped, as their output was there. */
  readonly parents: readonly number[];
}

/** An RDD whose rows a stage fetches belongs to the stage that wrote them, under the same id in every job. */
export interface StageLineage {
  readonly computes: number;
  readonly fetches: readonly number[];
}

export interface SparkApplication {
  readonly what: 'application';
  readonly id: string | null;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** On Databricks: which cluster the application ran on. A job cluster is named `job-<job id>-run-<run id>-…`. */
export interface SparkEnvironment {
  readonly what: 'environment';
  readonly clusterId: string | null;
  readonly clusterName: string | null;
}

/** `other`: an event that tells nothing about stages; `strange`: no event; `malformed`: an event we know in a shape that we do not. */
export type SparkLine = { readonly is: 'event'; readonly event: SparkEvent } | { readonly is: 'other' | 'strange' | 'malformed' };

/** Where an event's name stands: at the very start of its line. */
const headBytes = 200;
const longestText = 400;

const stageSchema = z.object({
  'Stage Info': z.object({
    'Stage ID': z.number(),
    'Stage Attempt ID': z._default(z.number(), 0),
    'Stage Name': z._default(z.string(), ''),
    'Number of Tasks': z._default(z.number(), 0),
    'Submission Time': z.nullish(z.number()),
    'Completion Time': z.nullish(z.number()),
    'Failure Reason': z.nullish(z.string()),
    'Parent IDs': z._default(z.array(z.number()), []),
    'RDD Info': z._default(z.array(z.object({ 'RDD ID': z.number(), 'Parent IDs': z._default(z.array(z.number()), []) })), []),
  }),
});
const applicationSchema = z.object({
  'App Name': z._default(z.string(), ''),
  'App ID': z.nullish(z.string()),
  Timestamp: z.number(),
});
const environmentSchema = z.object({ 'Spark Properties': z.record(z.string(), z.unknown()) });

const readers: Readonly<Record<string, (line: Buffer) => SparkEvent | null>> = {
  SparkListenerTaskEnd: readTaskEnd,
  SparkListenerStageSubmitted: (line) => stageOf(parsed(line)),
  SparkListenerStageCompleted: (line) => stageOf(parsed(line)),
  SparkListenerApplicationStart: (line) => applicationOf(parsed(line)),
  SparkListenerEnvironmentUpdate: (line) => environmentOf(parsed(line)),
};

/** Reads one line. Events that nobody asks for are told by their name alone and not parsed, as a log has many. */
export function readSparkLine(line: Buffer): SparkLine {
  const name = eventName(line);
  if (name === null) return { is: 'strange' };
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read === undefined) return { is: 'other' };
  const event = read(line);
  return event === null ? { is: 'malformed' } : { is: 'event', event };
}

/** What a line will be, from its first 200 bytes: only a wanted one is worth holding until its end has come. */
export function lineStart(start: Buffer): 'wanted' | 'other' | 'strange' {
  const name = eventName(start);
  if (name === null) return 'strange';
  return Object.hasOwn(readers, name) ? 'wanted' : 'other';
}

function eventName(line: Buffer): string | null {
  return /^\s*\{.*?"Event"\s*:\s*"(?:[\w.$]+\.)?(\w+)"/.exec(line.toString('latin1', 0, headBytes))?.[1] ?? null;
}

function stageOf(value: unknown): SparkStage | null {
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
    failure: beginningOf(info['Failure Reason'] ?? '', longestText) || null,
    lineage: lineageOf(info['RDD Info']),
    parents: info['Parent IDs'],
  };
}

/** StageInfo.fromStage lists the stage's own RDD first, then all that it is computed from without a shuffle. */
function lineageOf(rdds: z.infer<typeof stageSchema>['Stage Info']['RDD Info']): StageLineage | null {
  const [own] = rdds;
  if (own === undefined) return null;
  const inside = new Set(rdds.map((rdd) => rdd['RDD ID']));
  const fetches = new Set(rdds.flatMap((rdd) => rdd['Parent IDs']).filter((id) => !inside.has(id)));
  return { computes: own['RDD ID'], fetches: [...fetches] };
}

function applicationOf(value: unknown): SparkApplication | null {
  const read = applicationSchema.safeParse(value);
  if (!read.success) return null;
  const { 'App Name': name, 'App ID': id, Timestamp: started } = read.data;
  return { what: 'application', id: id?.slice(0, 200) ?? null, name: name.slice(0, 200), started };
}

function environmentOf(value: unknown): SparkEnvironment | null {
  const read = environmentSchema.safeParse(value);
  if (!read.success) return null;
  const tag = (name: string) => {
    const found = read.data['Spark Properties'][`spark.databricks.clusterUsageTags.${name}`];
    return typeof found === 'string' ? found.slice(0, 200) : null;
  };
  return { what: 'environment', clusterId: tag('clusterId'), clusterName: tag('clusterName') };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return null;
  }
}
