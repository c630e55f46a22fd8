import { gib, mib } from './bytes.ts';
import type { WorkloadName } from './job-ids.ts';
import { jobIds } from './job-ids.ts';
import type { BatchWorkload, Workload, WorkloadAlert } from './workload.ts';

const hour = 3_600_000;

export const scan = {
  name: 'parquet at OrdersReader.scala:41',
  bytesPerSecond: 30 * mib,
  expansion: 1.5,
  unspillable: 0.2,
  reads: 'files',
} as const;
export const shuffle = {
  name: 'join at NightlyJoin.scala:63',
  bytesPerSecond: 12 * mib,
  expansion: 4,
  unspillable: 0.5,
  reads: 'shuffle',
} as const;

/**
 * The nightly join got twice its data: with 200 shuffle partitions and 8 tasks in an executor of m5.2xlarge, a task's unspillable half
 * does not fit. Cured by `spark.sql.shuffle.partitions` ≥ 300 (400 spills, 800 does not), by `spark.executor.cores` ≤ 4 or `spark.task.cpus` ≥ 2,
 * or by a node type with twice the memory a core (r5.2xlarge). Not by AQE, spark.memory.fraction=0.6, more workers or a retry.
 */
export function outOfMemoryWorkload(start: Date): Workload {
  const size = grown(start, 90 * gib, 2);
  const work: BatchWorkload = {
    kind: 'batch',
    taskKey: 'join_orders',
    operation: 'join',
    scan,
    shuffle,
    input: (at) => ({ scanBytes: size(at) * 1.2, shuffleBytes: size(at), hotShare: 0 }),
  };
  const settings = batchSettings('orders-nightly', 'join_orders', 'm5.2xlarge', 4, { 'spark.sql.shuffle.partitions': '200' });
  return batchWorkload('oom', start, settings, work, failedAlert('SparkJobOutOfMemory', 'oom', 'orders-nightly'));
}

/**
 * One customer came to own 6 % of a join's rows, and the skew threshold had been raised to 8 GB, so AQE leaves its partition whole: one task spills and runs
 * most of the stage. Cured by `spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes` back to 256 MB (anything under the hot partition's 3.6 GB).
 * Not by more partitions (the key still hashes into one) or more workers.
 */
export function skewWorkload(start: Date): Workload {
  const work: BatchWorkload = {
    kind: 'batch',
    taskKey: 'enrich_customers',
    operation: 'join',
    scan,
    shuffle: { ...shuffle, name: 'join at EnrichCustomers.scala:57', bytesPerSecond: 8 * mib, expansion: 3, unspillable: 0.2 },
    input: (at) => ({
      scanBytes: 60 * gib,
      shuffleBytes: 60 * gib,
      hotShare: at.getTime() >= start.getTime() - 2 * hour ? 0.06 : 0.002,
    }),
  };
  const conf = {
    'spark.sql.shuffle.partitions': '400',
    'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes': '8g',
  };
  const settings = batchSettings('customers-enrich', 'enrich_customers', 'r5.2xlarge', 4, conf);
  return batchWorkload('skew', start, settings, work, slowAlert('SparkStageSkew', 'skew', 'customers-enrich'));
}

/**
 * Looks like `oom` (the dead tasks leave no sizes behind), but one group of an aggregation came to hold 8 % of the rows and nothing splits it.
 * No setting cures it within reach: partitions, cores and the next node type leave it failing; fewer cores make it slower too.
 */
export function unsplittableWorkload(start: Date): Workload {
  const work: BatchWorkload = {
    kind: 'batch',
    taskKey: 'rollup_events',
    operation: 'aggregate',
    scan,
    shuffle: { ...shuffle, name: 'groupBy at RollupEvents.scala:72' },
    input: (at) => ({
      scanBytes: 110 * gib,
      shuffleBytes: 90 * gib,
      hotShare: at.getTime() >= start.getTime() - 2 * hour ? 0.08 : 0,
    }),
  };
  const settings = batchSettings('events-rollup', 'rollup_events', 'm5.2xlarge', 4, { 'spark.sql.shuffle.partitions': '200' });
  return batchWorkload('bad', start, settings, work, failedAlert('SparkJobOutOfMemory', 'bad', 'events-rollup'));
}

/**
 * A dimension table that statistics of long ago call 8 MB, so it is broadcast; a backfill made it 9.5 GB in memory, and Spark refuses over 8 GB.
 * Cured by `spark.sql.autoBroadcastJoinThreshold` under the 8 MB (-1). Not by a higher one, a larger node, more workers or a retry.
 */
export function broadcastWorkload(start: Date): Workload {
  const work: BatchWorkload = {
    kind: 'batch',
    taskKey: 'price_catalog',
    operation: 'join',
    scan,
    shuffle: { ...shuffle, name: 'join at PriceCatalog.scala:38' },
    input: (at) => ({
      scanBytes: 60 * gib,
      shuffleBytes: 60 * gib,
      hotShare: 0,
      smallSide: { estimatedBytes: 8 * mib, bytes: at.getTime() >= start.getTime() - 2 * hour ? 9.5 * gib : 0.2 * gib },
    }),
  };
  const settings = batchSettings('catalog-prices', 'price_catalog', 'r5.2xlarge', 4, { 'spark.sql.shuffle.partitions': '400' });
  const { labels } = failedAlert('SparkBroadcastFailed', 'broadcast', 'catalog-prices');
  const alert = { labels, annotations: { summary: 'catalog-prices failed' } };
  return batchWorkload('broadcast', start, settings, work, alert);
}

/** Two hours before the start the data grew `factor` times; before that it wavers by 4 % from run to run. */
export function grown(start: Date, bytes: number, factor: number): (at: Date) => number {
  return (at) => bytes * (1 + 0.04 * Math.sin(at.getTime() / 7.3e6)) * (at.getTime() >= start.getTime() - 2 * hour ? factor : 1);
}

/** Every six hours, the last time one hour before the start: with the larger data; the alert is about that run. */
export function batchWorkload(
  name: WorkloadName,
  start: Date,
  settings: string,
  work: BatchWorkload,
  alert: WorkloadAlert,
): Workload {
  const minuteOfDay = Math.floor(start.getTime() / 60_000) - 60;
  const schedule = { kind: 'every', minutes: 360, offsetMinutes: ((minuteOfDay % 360) + 360) % 360 } as const;
  return { name, jobId: jobIds[name], settings, schedule, historyHours: 48, work, alert };
}

export function batchSettings(
  name: string,
  taskKey: string,
  node: string,
  workers: number,
  conf: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify(
    {
      name,
      max_concurrent_runs: 1,
      queue: { enabled: true },
      schedule: { quartz_cron_expression: '0 0 0/6 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
      tasks: [
        {
          task_key: 'land_files',
          job_cluster_key: 'main',
          notebook_task: { notebook_path: '/Repos/data/land_files' },
          max_retries: 0,
        },
        {
          task_key: taskKey,
          depends_on: [{ task_key: 'land_files' }],
          job_cluster_key: 'main',
          notebook_task: { notebook_path: `/Repos/data/${taskKey}` },
        },
      ],
      job_clusters: [
        {
          job_cluster_key: 'main',
          new_cluster: {
            spark_version: '15.4.x-scala2.12',
            node_type_id: node,
            num_workers: workers,
            spark_conf: conf,
            cluster_log_conf: { dbfs: { destination: 'dbfs:/cluster-logs' } },
          },
        },
      ],
      tags: { team: 'data-platform' },
      ...more,
    },
    null,
    2,
  );
}

export function failedAlert(alertname: string, name: WorkloadName, jobName: string): WorkloadAlert {
  const labels = { alertname, severity: 'critical', job_id: jobIds[name], job_name: jobName, workspace: 'prod' };
  return { labels, annotations: { summary: `${jobName} failed with java.lang.OutOfMemoryError` } };
}

function slowAlert(alertname: string, name: WorkloadName, jobName: string): WorkloadAlert {
  const labels = { alertname, severity: 'warning', job_id: jobIds[name], job_name: jobName, workspace: 'prod' };
  return { labels, annotations: { summary: `${jobName} takes far longer than its last runs` } };
}
