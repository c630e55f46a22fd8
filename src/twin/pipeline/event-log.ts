import { mib } from './bytes.ts';
import type { Plain } from './json.ts';
import { lineage, writersFor } from './lineage.ts';
import type { ClusterInstance, ClusterUse, Run } from './run.ts';
import { clustersOf } from './run.ts';
import type { StageRun, TaskRun } from './stage.ts';

type Event = { readonly Event: string; readonly [key: string]: Plain };

/** A file that a cluster leaves at its log destination; the path is absolute within DBFS or /Volumes. */
export interface LogFile {
  readonly path: string;
  readonly modified: number;
  /** Written when somebody reads it: a log has hundreds of kilobytes. */
  text(): string;
}

/** Logs are copied to the destination every five minutes, and once more when the cluster ends (Databricks, "Compute log delivery"). */
const delivery = 300_000;

/** Every event log that has been delivered by `now`, at `<destination>/<cluster id>/eventlog/<cluster id>_<driver>/<context id>/eventlog`. */
export function deliveredLogs(runs: readonly Run[], now: number): readonly LogFile[] {
  return runs.flatMap(clustersOf).flatMap((use) => {
    const { cluster, end } = use;
    if (cluster.shape.logDestination === null) return [];
    const until = end !== null && end <= now ? end : Math.floor(now / delivery) * delivery;
    if (until <= cluster.start) return [];
    const root = cluster.shape.logDestination.replace(/^dbfs:/, '').replace(/\/+$/, '');
    const folder = `${root}/${cluster.clusterId}/eventlog/${cluster.clusterId}_10_139_64_4/${cluster.sparkContextId}`;
    return [{ path: `${folder}/eventlog`, modified: until, text: () => keptLog(use, until) }];
  });
}

interface KeptLog {
  readonly use: ClusterUse;
  readonly until: number;
  readonly text: string;
}

/** The last text of each cluster's log: a reader lists it, then reads it in parts, and nothing has changed in between. */
const kept = new WeakMap<ClusterInstance, KeptLog>();

function keptLog(use: ClusterUse, until: number): string {
  const known = kept.get(use.cluster);
  if (known !== undefined && known.until === until && sameUse(known.use, use)) return known.text;
  const text = eventLog(use, until);
  kept.set(use.cluster, { use, until, text });
  return text;
}

function sameUse(one: ClusterUse, other: ClusterUse): boolean {
  const same = one.end === other.end && one.attempts.length === other.attempts.length;
  return same && one.attempts.every((attempt, index) => attempt === other.attempts[index]);
}

/** The event log of one cluster's application up to an instant: JSON lines as Spark's EventLoggingListener (JsonProtocol.scala) writes them. */
export function eventLog({ cluster, attempts, end }: ClusterUse, until: number): string {
  const properties = Object.fromEntries([...cluster.shape.sparkConf, ['spark.app.id', cluster.appId]]);
  const head: readonly Event[] = [
    { Event: 'SparkListenerLogStart', 'Spark Version': '3.5.0' },
    {
      Event: 'SparkListenerApplicationStart',
      'App Name': 'Databricks Shell',
      'App ID': cluster.appId,
      Timestamp: cluster.start,
      User: 'root',
    },
    { Event: 'SparkListenerEnvironmentUpdate', 'Spark Properties': properties },
  ];
  const stages = attempts.flatMap((attempt) => {
    const all = attempt.batch?.stages ?? [];
    return all.flatMap((stage, index) => stageEvents(stage, attempt.start, writersFor(all.slice(0, index + 1))));
  });
  const tail = end === null ? [] : [{ at: end, event: { Event: 'SparkListenerApplicationEnd', Timestamp: end } }];
  const timed = [...stages, ...tail].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at);
  return `${[...head, ...timed.map(({ event }) => event)].map((event) => JSON.stringify(event)).join('\n')}\n`;
}

interface Timed {
  readonly at: number;
  readonly event: Event;
}

function stageEvents(stage: StageRun, appStart: number, writers: readonly number[]): readonly Timed[] {
  const start = appStart + stage.start;
  const end = start + stage.duration;
  const info = {
    'Stage ID': stage.stageId,
    'Stage Attempt ID': stage.attempt ?? 0,
    'Stage Name': stage.name,
    'Number of Tasks': stage.taskCount,
    ...lineage(stage.stageId, writers),
    'Submission Time': start,
  };
  const failure = whyFailed(stage);
  const reason = failure === null ? {} : { 'Failure Reason': failure };
  const attempts = new Map<number, number>();
  const tasks = stage.tasks.map((task, order) => {
    const attempt = attempts.get(task.index) ?? 0;
    attempts.set(task.index, attempt + 1);
    return { at: start + task.start + task.duration, event: taskEnd(stage, task, start, { order, attempt }) };
  });
  return [
    { at: start, event: { Event: 'SparkListenerStageSubmitted', 'Stage Info': info, Properties: {} } },
    ...tasks,
    { at: end, event: { Event: 'SparkListenerStageCompleted', 'Stage Info': { ...info, 'Completion Time': end, ...reason } } },
  ];
}

function whyFailed({ stageId, outOfMemory, fetchFailed }: StageRun): string | null {
  if (fetchFailed === true) return 'org.apache.spark.shuffle.FetchFailedException: Failed to connect to /10.139.64.6:7337';
  return outOfMemory && `Job aborted due to stage failure: Task ${outOfMemory.index} in stage ${stageId}.0 failed 4 times`;
}

interface Place {
  /** Among the stage's tasks, and among the attempts of this one. */
  readonly order: number;
  readonly attempt: number;
}

function taskEnd(stage: StageRun, task: TaskRun, stageStart: number, { order, attempt }: Place): Event {
  const info = {
    'Task ID': stage.stageId * 10_000 + order,
    Index: task.index,
    Attempt: attempt,
    'Launch Time': stageStart + task.start,
    'Executor ID': String(task.executor),
    Host: `10.139.64.${task.executor + 5}`,
    Locality: 'NODE_LOCAL',
    Speculative: false,
    'Finish Time': stageStart + task.start + task.duration,
    Failed: task.failed,
    Killed: false,
  };
  const ids = { Event: 'SparkListenerTaskEnd', 'Stage ID': stage.stageId, 'Stage Attempt ID': stage.attempt ?? 0 } as const;
  // The metrics of a task whose executor died are lost: Spark writes none for it.
  if (task.failed) {
    const reason = {
      Reason: 'ExecutorLostFailure',
      'Executor ID': String(task.executor),
      'Exit Caused By App': true,
      'Loss Reason': 'Command exited with code 52',
    };
    return { ...ids, 'Task Type': 'ResultTask', 'Task End Reason': reason, 'Task Info': info };
  }
  return {
    ...ids,
    'Task Type': 'ShuffleMapTask',
    'Task End Reason': { Reason: 'Success' },
    'Task Info': info,
    'Task Metrics': taskMetrics(stage, task),
  };
}

function taskMetrics(stage: StageRun, task: TaskRun): { readonly [key: string]: Plain } {
  const bytes = Math.round(task.bytes);
  const shuffled = stage.reads === 'shuffle';
  const remote = Math.round(bytes * 0.75);
  return {
    'Executor Deserialize Time': 20,
    'Executor Run Time': Math.max(0, task.duration - 40),
    'Executor CPU Time': Math.round(Math.max(0, task.duration - task.gc) * 0.8) * 1_000_000,
    'Peak Execution Memory': task.peakMemory,
    'Result Size': 4096,
    'JVM GC Time': task.gc,
    'Result Serialization Time': 1,
    'Memory Bytes Spilled': task.memorySpilled,
    'Disk Bytes Spilled': task.diskSpilled,
    'Shuffle Read Metrics': {
      'Remote Blocks Fetched': shuffled ? 96 : 0,
      'Local Blocks Fetched': shuffled ? 32 : 0,
      'Fetch Wait Time': 0,
      'Remote Bytes Read': shuffled ? remote : 0,
      'Remote Bytes Read To Disk': 0,
      'Local Bytes Read': shuffled ? bytes - remote : 0,
      'Total Records Read': shuffled ? Math.round(bytes / 200) : 0,
    },
    'Shuffle Write Metrics': {
      'Shuffle Bytes Written': Math.round(bytes * stage.shuffleWrite),
      'Shuffle Write Time': 0,
      'Shuffle Records Written': 0,
    },
    'Input Metrics': { 'Bytes Read': shuffled ? 0 : bytes, 'Records Read': shuffled ? 0 : Math.round(bytes / 200) },
    'Output Metrics': { 'Bytes Written': 0, 'Records Written': 0 },
  };
}

/** The largest share of a log that one dbfs/read gives. */
export const longestRead = mib;
