import type { WorkloadName } from './job-ids.ts';
import { jobIds } from './job-ids.ts';
import type { StreamWorkload, Workload, WorkloadAlert } from './workload.ts';

const hour = 3_600_000;

/**
 * 24 partitions, 8 slots of 1,000 records a second; production rose from 6,000 to 10,000 a second 90 minutes ago. Cured by 3 workers or more
 * (4 drain it quickly). minPartitions does nothing: there are fewer slots than partitions already.
 */
export function lagWorkload(start: Date): Workload {
  const work = kafka('orders', 'orders-stream', 24, rising(start, 6000 / 24, 10_000 / 24));
  const settings = streamSettings('orders-stream', 'm5.xlarge', 2, { maxOffsetsPerTrigger: '2000000' });
  return streamWorkload('lag', settings, work, lagAlert('KafkaConsumerLagHigh', 'lag', work));
}

/** 8 partitions, 16 slots: half of the slots are idle. Cured by `minPartitions` ≥ 11 (16 uses them all), not by more workers. */
export function narrowLagWorkload(start: Date): Workload {
  const work = kafka('payments', 'payments-stream', 8, rising(start, 6000 / 8, 10_000 / 8));
  const settings = streamSettings('payments-stream', 'm5.xlarge', 4, { maxOffsetsPerTrigger: '2000000', minPartitions: '8' });
  return streamWorkload('lagNarrow', settings, work, lagAlert('KafkaConsumerLagHigh', 'lagNarrow', work));
}

/** Capacity is there, but `maxOffsetsPerTrigger` caps it at 8,000 a second. Cured by raising it over 600000, not by workers. */
export function cappedLagWorkload(start: Date): Workload {
  const work = kafka('clicks', 'clicks-stream', 24, rising(start, 6000 / 24, 10_000 / 24));
  const settings = streamSettings('clicks-stream', 'm5.xlarge', 5, { maxOffsetsPerTrigger: '480000' });
  return streamWorkload('lagCapped', settings, work, lagAlert('KafkaConsumerLagHigh', 'lagCapped', work));
}

/** A blip of four minutes, twelve minutes ago; the lag has drained and no setting is wrong. */
export function healthyWorkload(start: Date): Workload {
  const blip = (at: Date) => at.getTime() >= start.getTime() - 16 * 60_000 && at.getTime() < start.getTime() - 12 * 60_000;
  const work = kafka('inventory', 'inventory-stream', 24, (at) => (blip(at) ? 14_000 / 24 : 5000 / 24));
  const settings = streamSettings('inventory-stream', 'm5.xlarge', 3, { maxOffsetsPerTrigger: '2000000' });
  return streamWorkload('healthy', settings, work, lagAlert('KafkaConsumerLagHigh', 'healthy', work));
}

/**
 * 12 shards of 800 records of 1 kB a second since 90 minutes (500 before); 5 shards a task make 3 tasks of 2,500 records a second.
 * Cured by `shardsPerTask` ≤ 3 (4 tasks); not by workers: the 8 slots are idle already.
 */
export function kinesisWorkload(start: Date): Workload {
  const work: StreamWorkload = {
    ...kafka('telemetry', 'telemetry-stream', 12, rising(start, 500, 800)),
    source: 'kinesis',
    recordsPerCore: 2500,
    bytesPerRecord: 1000,
  };
  const settings = streamSettings('telemetry-stream', 'm5.xlarge', 2, { shardsPerTask: '5', maxFetchRate: '1.0' });
  return streamWorkload('kinesis', settings, work, kinesisAlert('KinesisIteratorAgeHigh', 'kinesis', work));
}

function rising(start: Date, before: number, after: number): StreamWorkload['produced'] {
  return (at) => (at.getTime() >= start.getTime() - 1.5 * hour ? after : before);
}

function kafka(topic: string, group: string, partitions: number, produced: StreamWorkload['produced']): StreamWorkload {
  const rates = { bytesPerRecord: 500, recordsPerCore: 1000, triggerSeconds: 60 };
  return { kind: 'stream', source: 'kafka', taskKey: 'ingest', topic, group, partitions, ...rates, produced };
}

function streamWorkload(name: WorkloadName, settings: string, work: StreamWorkload, alert: WorkloadAlert): Workload {
  return { name, jobId: jobIds[name], settings, schedule: { kind: 'continuous' }, historyHours: 6, work, alert };
}

function streamSettings(name: string, node: string, workers: number, parameters: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    {
      name,
      max_concurrent_runs: 1,
      continuous: { pause_status: 'UNPAUSED' },
      parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, default: value })),
      tasks: [{ task_key: 'ingest', job_cluster_key: 'stream', notebook_task: { notebook_path: `/Repos/streams/${name}` } }],
      job_clusters: [
        {
          job_cluster_key: 'stream',
          new_cluster: { spark_version: '15.4.x-scala2.12', node_type_id: node, num_workers: workers, spark_conf: {} },
        },
      ],
      tags: { team: 'streaming' },
    },
    null,
    2,
  );
}

function lagAlert(alertname: string, name: WorkloadName, work: StreamWorkload): WorkloadAlert {
  const labels = {
    alertname,
    severity: 'critical',
    consumergroup: work.group,
    topic: work.topic,
    job_id: jobIds[name],
    workspace: 'prod',
  };
  return { labels, annotations: { summary: `Consumer group ${work.group} falls behind on ${work.topic}` } };
}

function kinesisAlert(alertname: string, name: WorkloadName, work: StreamWorkload): WorkloadAlert {
  const labels = { alertname, severity: 'critical', stream: work.topic, job_id: jobIds[name], workspace: 'prod' };
  return { labels, annotations: { summary: `Readers of ${work.topic} fall behind` } };
}
