/** Lines of an event log as Spark's JsonProtocol writes them, in its order of keys. */

export interface TaskChange {
  readonly stage?: number;
  readonly attempt?: number;
  readonly index?: number;
  readonly launched?: number;
  readonly durationMs?: number;
  readonly readBytes?: number;
  readonly spilledBytes?: number;
  readonly reason?: Readonly<Record<string, unknown>>;
  readonly killed?: boolean;
  readonly metrics?: null;
}

/** The updates that Spark 3 writes for every task, which repeat its metrics. */
const accumulated = ['executorDeserializeTime', 'executorRunTime', 'executorCpuTime', 'resultSize', 'jvmGCTime'].concat([
  'memoryBytesSpilled',
  'diskBytesSpilled',
  'shuffle.read.remoteBytesRead',
  'shuffle.read.recordsRead',
]);
const memory = [
  'JVMHeapMemory',
  'JVMOffHeapMemory',
  'OnHeapExecutionMemory',
  'OffHeapExecutionMemory',
  'OnHeapStorageMemory',
].concat(
  ['OffHeapStorageMemory', 'OnHeapUnifiedMemory', 'OffHeapUnifiedMemory', 'DirectPoolMemory', 'MappedPoolMemory'],
  ['ProcessTreeJVMVMemory', 'ProcessTreeJVMRSSMemory', 'MinorGCCount', 'MinorGCTime', 'MajorGCCount', 'MajorGCTime'],
);

export function taskEnd(change: TaskChange = {}): string {
  const { stage = 3, attempt = 0, index = 0, launched = 1_763_600_000_000, durationMs = 100, readBytes = 1000 } = change;
  const failed = change.reason !== undefined && change.killed !== true;
  const accumulables = accumulated.map((name, at) => ({
    ...{ ID: 100 + at, Name: `internal.metrics.${name}`, Update: durationMs, Value: durationMs * (index + 1) },
    ...{ Internal: true, 'Count Failed Values': true },
  }));
  return JSON.stringify({
    ...{ Event: 'SparkListenerTaskEnd', 'Stage ID': stage, 'Stage Attempt ID': attempt, 'Task Type': 'ShuffleMapTask' },
    'Task End Reason': change.reason ?? { Reason: 'Success' },
    'Task Info': {
      ...{ 'Task ID': index, Index: index, Attempt: 0, 'Partition ID': index, 'Launch Time': launched, 'Executor ID': '1' },
      ...{ Host: '10.139.64.5', Locality: 'PROCESS_LOCAL', Speculative: false, 'Getting Result Time': 0 },
      ...{ 'Finish Time': launched + durationMs, Failed: failed, Killed: change.killed ?? false, Accumulables: accumulables },
    },
    'Task Executor Metrics': Object.fromEntries(memory.map((name) => [name, 0])),
    ...(change.metrics === null ? {} : { 'Task Metrics': taskMetrics(durationMs, readBytes, change.spilledBytes ?? 0) }),
  });
}

function taskMetrics(durationMs: number, readBytes: number, spilledBytes: number) {
  return {
    ...{ 'Executor Deserialize Time': 5, 'Executor Deserialize CPU Time': 5_000_000, 'Executor Run Time': durationMs },
    ...{ 'Executor CPU Time': durationMs * 900_000, 'Peak Execution Memory': 262_144, 'Result Size': 4021, 'JVM GC Time': 2 },
    ...{ 'Result Serialization Time': 0, 'Memory Bytes Spilled': spilledBytes, 'Disk Bytes Spilled': spilledBytes },
    'Shuffle Read Metrics': {
      ...{ 'Remote Blocks Fetched': 5, 'Local Blocks Fetched': 1, 'Fetch Wait Time': 0, 'Remote Bytes Read': readBytes },
      ...{ 'Remote Bytes Read To Disk': 0, 'Local Bytes Read': 10, 'Total Records Read': 100, 'Remote Requests Duration': 3 },
      'Push Based Shuffle': { 'Corrupt Merged Block Chunks': 0, 'Merged Remote Bytes Read': 0, 'Merged Local Bytes Read': 0 },
    },
    'Shuffle Write Metrics': { 'Shuffle Bytes Written': 7, 'Shuffle Write Time': 1000, 'Shuffle Records Written': 1 },
    'Input Metrics': { 'Bytes Read': 0, 'Records Read': 0 },
    'Output Metrics': { 'Bytes Written': 0, 'Records Written': 0 },
    'Updated Blocks': [],
  };
}

export function stageLine(what: 'Submitted' | 'Completed', change: Readonly<Record<string, unknown>> = {}): string {
  const info = {
    ...{ 'Stage ID': 3, 'Stage Attempt ID': 0, 'Stage Name': 'save at Orders.scala:42', 'Number of Tasks': 3, 'RDD Info': [] },
    ...{ 'Parent IDs': [2], Details: 'org.apache.spark…', 'Submission Time': 1_763_600_000_000 },
    ...(what === 'Completed' ? { 'Completion Time': 1_763_600_001_000 } : {}),
    ...{ Accumulables: [], 'Resource Profile Id': 0, 'Shuffle Push Enabled': false, 'Shuffle Push Mergers Count': 0 },
  };
  return JSON.stringify({ Event: `SparkListenerStage${what}`, 'Stage Info': { ...info, ...change } });
}

export function applicationStart(id: string, started = 1_763_600_000_000, name = 'orders'): string {
  return JSON.stringify({
    ...{ Event: 'SparkListenerApplicationStart', 'App Name': name, 'App ID': id, Timestamp: started, User: 'root' },
  });
}

export function environment(properties: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    Event: 'SparkListenerEnvironmentUpdate',
    'JVM Information': { 'Java Version': '17.0.9' },
    'Spark Properties': { 'spark.app.name': 'orders', ...properties },
    'System Properties': {},
    'Classpath Entries': {},
  });
}

export const logStart = '{"Event":"SparkListenerLogStart","Spark Version":"3.5.0"}';
export const applicationEnd = '{"Event":"SparkListenerApplicationEnd","Timestamp":1763600005000}';

/** One whole application: a stage of three tasks of 10, 20 and 90 ms. */
export function wholeLog(id = 'local-1763600000000', started?: number): readonly string[] {
  const tasks = [10, 20, 90].map((durationMs, index) =>
    taskEnd({ durationMs, index, readBytes: durationMs * 10, spilledBytes: 5 }),
  );
  const start = [logStart, environment(), applicationStart(id, started)];
  return [...start, stageLine('Submitted'), ...tasks, stageLine('Completed'), applicationEnd];
}
