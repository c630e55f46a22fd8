import type { Version } from './runtime.ts';

/**
 * What is known about Spark's configuration keys. Sources: SQLConf.scala and core's config package of Spark 4.0 (defaults, types, the
 * version of each), Spark's tuning and SQL performance pages, Databricks' pages on AQE and serverless compute.
 */
export interface SparkKey {
  readonly type: 'bool' | 'int' | 'double' | 'bytes';
  /** The value in force when nothing sets the key, as Spark writes it; null: none, or derived from the node type. */
  readonly unset: string | null;
  readonly min: number;
  readonly max: number;
  /** Words accepted beside the type, such as Databricks' `auto`. */
  readonly words: readonly string[];
  /** Read by a session, or only when a cluster starts. A job cluster starts for each run, so both reach the next run. */
  readonly where: 'session' | 'cluster';
  /** What it does in a streaming query: pinned ones are kept in the checkpoint, AQE's do nothing there. */
  readonly streaming: 'works' | 'pinned' | 'ineffective';
  /** Photon has its own operators and memory: the JVM-side knob does nothing to them. */
  readonly photon: 'works' | 'ineffective';
  /** The only direction in which a change is safe; null: both. */
  readonly only: 'up' | 'down' | null;
  /** The first Spark that knows it; an older one takes any value and does nothing. */
  readonly since: Version;
  /** Switches that have to be on for it to do anything. */
  readonly needs: readonly string[];
}

/** The switches that others need. */
export const AQE = 'spark.sql.adaptive.enabled';
export const COALESCING = 'spark.sql.adaptive.coalescePartitions.enabled';
const SKEW_JOIN = 'spark.sql.adaptive.skewJoin.enabled';

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const session: Pick<SparkKey, 'where' | 'streaming' | 'photon' | 'words' | 'only' | 'since' | 'needs'> = {
  where: 'session',
  streaming: 'works',
  photon: 'works',
  words: [],
  only: null,
  since: [2, 0],
  needs: [],
};
const aqe: typeof session = { ...session, streaming: 'ineffective', since: [3, 0], needs: [AQE] };
const coalescing: typeof session = { ...aqe, needs: [AQE, COALESCING] };
const skewJoin: typeof session = { ...aqe, needs: [AQE, SKEW_JOIN] };
const bytes = { type: 'bytes', min: 1, max: 16 * gib } as const;
const flag = { type: 'bool', unset: 'true', min: 0, max: 1 } as const;

/** The allow-list: nothing else is ever written by Sluice on its own; config may narrow it, never widen it. */
export const sparkKeys: Readonly<Record<string, SparkKey>> = {
  'spark.sql.shuffle.partitions': {
    ...session,
    type: 'int',
    unset: '200',
    min: 1,
    max: 100_000,
    words: ['auto'],
    streaming: 'pinned',
  },
  // On by default since Spark 3.2, and on Databricks since runtime 7.3.
  [AQE]: { ...aqe, ...flag, only: 'up', needs: [] },
  [COALESCING]: { ...aqe, ...flag },
  'spark.sql.adaptive.coalescePartitions.parallelismFirst': { ...coalescing, ...flag, since: [3, 2] },
  'spark.sql.adaptive.coalescePartitions.minPartitionSize': { ...coalescing, ...bytes, unset: '1MB', max: gib, since: [3, 2] },
  'spark.sql.adaptive.coalescePartitions.initialPartitionNum': { ...coalescing, type: 'int', unset: null, min: 1, max: 100_000 },
  'spark.sql.adaptive.advisoryPartitionSizeInBytes': { ...aqe, ...bytes, unset: '64MB', max: 2 * gib },
  [SKEW_JOIN]: { ...aqe, ...flag, only: 'up' },
  'spark.sql.adaptive.skewJoin.skewedPartitionFactor': { ...skewJoin, type: 'double', unset: '5.0', min: 1, max: 1000 },
  'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes': { ...skewJoin, ...bytes, unset: '256MB', min: 16 * mib },
  'spark.sql.adaptive.forceOptimizeSkewedJoin': { ...skewJoin, ...flag, unset: 'false', since: [3, 3] },
  'spark.sql.adaptive.optimizeSkewsInRebalancePartitions.enabled': { ...aqe, ...flag, since: [3, 2] },
  // Up, a broadcast is collected on the driver and copied to every executor: the common cause of memory failures, not their cure.
  'spark.sql.autoBroadcastJoinThreshold': { ...session, ...bytes, unset: '10MB', min: -1, max: gib, only: 'down' },
  'spark.sql.adaptive.autoBroadcastJoinThreshold': {
    ...aqe,
    ...bytes,
    unset: null,
    min: -1,
    max: gib,
    only: 'down',
    since: [3, 2],
  },
  // Databricks' own: with the static threshold at -1 it still broadcasts what turns out to be small.
  'spark.databricks.adaptive.autoBroadcastJoinThreshold': { ...aqe, ...bytes, unset: '30MB', min: -1, max: gib, only: 'down' },
  'spark.sql.files.maxPartitionBytes': { ...session, ...bytes, unset: '128MB', min: mib, max: 4 * gib },
  'spark.memory.fraction': {
    ...session,
    type: 'double',
    unset: '0.6',
    min: 0.1,
    max: 0.9,
    where: 'cluster',
    photon: 'ineffective',
  },
  'spark.memory.storageFraction': {
    ...session,
    type: 'double',
    unset: '0.5',
    min: 0,
    max: 0.9,
    where: 'cluster',
    photon: 'ineffective',
  },
  'spark.executor.cores': { ...session, type: 'int', unset: null, min: 1, max: 128, where: 'cluster', only: 'down' },
  'spark.task.cpus': { ...session, type: 'int', unset: '1', min: 1, max: 64, where: 'cluster' },
};

/** Keys that are refused whatever a runbook says, with the reason; a trailing `*` stands for any rest. */
export const refusedSparkKeys: readonly (readonly [key: string, why: string])[] = [
  ['spark.sql.ansi.enabled', 'changes results'],
  ['spark.sql.session.timeZone', 'changes results'],
  ['spark.sql.caseSensitive', 'changes results'],
  ['spark.sql.legacy.*', 'changes results'],
  ['spark.databricks.delta.retentionDurationCheck.enabled', 'may lose data'],
  ['spark.databricks.delta.schema.autoMerge.enabled', 'changes tables'],
  ['spark.executor.extraJavaOptions', 'can run code in every executor'],
  ['spark.driver.extraJavaOptions', 'can run code in the driver'],
  ['spark.driver.maxResultSize', 'moves a failure into the driver'],
  ['spark.executor.memory', 'is derived from the node type on Databricks: change node_type_id instead'],
  ['spark.driver.memory', 'is derived from the node type on Databricks: change driver_node_type_id instead'],
  ['spark.executor.memoryOverhead*', 'is for YARN and Kubernetes and does nothing on Databricks'],
  ['spark.executor.instances', 'does nothing on Databricks: change num_workers or autoscale'],
  ['spark.dynamicAllocation.*', 'does nothing on Databricks: change autoscale'],
  ['spark.memory.offHeap.*', 'is set by Databricks for large node types and for Photon'],
  ['spark.speculation', 'runs a task twice, which sinks that are not idempotent do not survive'],
  ['spark.task.maxFailures', 'makes a failing run longer, not better'],
  ['spark.network.timeout', 'hides garbage collection pauses'],
  ['spark.executor.heartbeatInterval', 'hides garbage collection pauses'],
  ['spark.sql.broadcastTimeout', 'hides a broadcast that is too large'],
  ['spark.default.parallelism', 'is for RDDs and leaves queries as they are: change spark.sql.shuffle.partitions'],
  ['spark.shuffle.compress', 'is on already, and off makes every shuffle larger'],
  ['spark.shuffle.spill.compress', 'is on already, and off makes every spill larger'],
  ['spark.databricks.optimizer.adaptive.enabled', 'is an older name on Databricks: change spark.sql.adaptive.enabled'],
  ['spark.sql.adaptive.coalescePartitions.minPartitionNum', 'is deprecated: change parallelismFirst or minPartitionSize'],
  ['spark.sql.adaptive.localShuffleReader.enabled', 'is on already, and off only reads more over the network'],
  ['spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold', 'builds hash tables in memory, which do not spill'],
  ['spark.sql.join.preferSortMergeJoin', 'chooses hash joins, which do not spill, and so runs out of memory sooner'],
  ['spark.sql.files.openCostInBytes', 'is an estimate and opens no file faster: compact the files'],
  ['spark.hadoop.*', 'may hold credentials, or point at other storage'],
  ['spark.jars*', 'loads code'],
  ['spark.plugins', 'loads code'],
  ['spark.sql.extensions', 'loads code'],
];

/** What serverless compute takes, from code only (Databricks, "Configure Spark properties for serverless"); anything else is an error there. */
export const serverlessKeys: readonly string[] = [
  'spark.sql.shuffle.partitions',
  'spark.sql.session.timeZone',
  'spark.sql.ansi.enabled',
  'spark.sql.files.maxPartitionBytes',
  'spark.sql.legacy.timeParserPolicy',
  'spark.databricks.execution.timeout',
];

export interface ReaderOption {
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
}

/** Options of streaming readers, where a job exposes them as parameters of the same name; unit and bounds as Spark and Databricks document. */
export const readerOptions: Readonly<Record<string, ReaderOption>> = {
  maxOffsetsPerTrigger: { min: 1, max: 1e12, integer: true },
  minPartitions: { min: 1, max: 100_000, integer: true },
  maxRecordsPerFetch: { min: 1, max: 10_000, integer: true },
  shardsPerTask: { min: 1, max: 100, integer: true },
  // Megabytes a second of one shard; a shard gives 2 at most.
  maxFetchRate: { min: 0.1, max: 2, integer: false },
};
