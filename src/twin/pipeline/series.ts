import { labelsFor } from './labels.ts';
import type { Run } from './run.ts';
import { latestAttempts, phaseOf } from './run.ts';
import { executorSamples } from './spark-series.ts';
import type { StreamHistory, StreamMoment } from './stream-history.ts';
import { lagOf, sampleEvery } from './stream-history.ts';
import type { Workload } from './workload.ts';

/** One value of one series at the moment of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly type: 'gauge' | 'counter';
}

export interface Scraped {
  readonly runs: readonly Run[];
  readonly streams: readonly StreamHistory[];
  readonly workloads: readonly Workload[];
  readonly at: number;
}

/** All that the exporters of the rehearsal world show at one instant, under the real exporters' names. */
export function seriesOf(scraped: Scraped): readonly Sample[] {
  const at = Math.floor(scraped.at / sampleEvery) * sampleEvery;
  const streams = scraped.streams.flatMap((stream) => {
    const moment = stream.at(at);
    if (moment === undefined) return [];
    return stream.work.source === 'kafka'
      ? [...kafkaSamples(stream, moment), ...mskSamples(stream, moment)]
      : kinesisSamples(stream, moment);
  });
  const batch = scraped.workloads.flatMap((workload) =>
    runSamples(
      scraped.runs.filter((run) => run.jobId === workload.jobId),
      at,
    ),
  );
  return [...streams, ...batch];
}

/** danielqsj/kafka_exporter; offsets and lag are gauges there. */
function kafkaSamples(stream: StreamHistory, moment: StreamMoment): readonly Sample[] {
  const { partitions } = stream.work;
  const { ofGroup, ofTopic, members, each: labelled } = labelsOf(stream);
  const lag = lagOf(moment).map(Math.round);
  const each = labelled.flatMap(({ partition, both }, index) => {
    const produced = Math.round(moment.state.produced[index] ?? 0);
    const value = lag[index] ?? 0;
    return [
      gauge('kafka_topic_partition_current_offset', partition, produced),
      gauge('kafka_topic_partition_oldest_offset', partition, 0),
      gauge('kafka_consumergroup_current_offset', both, produced - value),
      gauge('kafka_consumergroup_lag', both, value),
    ];
  });
  return [
    ...each,
    gauge('kafka_consumergroup_lag_sum', ofGroup, sum(lag)),
    gauge('kafka_consumergroup_current_offset_sum', ofGroup, sum(moment.state.produced.map(Math.round)) - sum(lag)),
    gauge('kafka_consumergroup_members', members, moment.running ? Math.min(partitions, moment.capacity?.tasks ?? 0) : 0),
    gauge('kafka_topic_partitions', ofTopic, partitions),
  ];
}

interface KafkaLabels {
  readonly ofGroup: Sample['labels'];
  readonly ofTopic: Sample['labels'];
  readonly members: Sample['labels'];
  readonly each: readonly { readonly partition: Sample['labels']; readonly both: Sample['labels'] }[];
}

/** The same label objects at every scrape: whoever stores the samples can recognise a series by them. */
const kafkaLabels = new WeakMap<StreamHistory, KafkaLabels>();

function labelsOf(stream: StreamHistory): KafkaLabels {
  const { topic, group, partitions } = stream.work;
  const made = kafkaLabels.get(stream) ?? {
    ofGroup: { consumergroup: group, topic },
    ofTopic: { topic },
    members: { consumergroup: group },
    each: Array.from({ length: partitions }, (_, index) => {
      const partition = { partition: String(index), topic };
      return { partition, both: { consumergroup: group, ...partition } };
    }),
  };
  kafkaLabels.set(stream, made);
  return made;
}

/** MSK open monitoring (JMX names) and YACE's CloudWatch names of the same values; CloudWatch has them by the minute. */
function mskSamples(stream: StreamHistory, moment: StreamMoment): readonly Sample[] {
  const lag = lagOf(moment).map(Math.round);
  const seconds = Math.max(0, ...lag.map((value, partition) => ageSeconds(value, moment.rates[partition] ?? 0)));
  const { group, topic } = stream.work;
  const values = { SumOffsetLag: sum(lag), MaxOffsetLag: Math.max(0, ...lag), EstimatedMaxTimeLag: Math.round(seconds) };
  const dimensions = labelsFor(stream, 'msk', () => ({ dimension_Consumer_Group: group, dimension_Topic: topic }));
  const labels = (name: string) => labelsFor(stream, name, () => ({ groupId: group, topic, name }));
  return [
    ...Object.entries(values).map(([name, value]) => gauge('kafka_consumer_group_ConsumerLagMetrics_Value', labels(name), value)),
    gauge('aws_kafka_sum_offset_lag_sum', dimensions, values.SumOffsetLag),
    gauge('aws_kafka_max_offset_lag_maximum', dimensions, values.MaxOffsetLag),
    gauge('aws_kafka_estimated_max_time_lag_maximum', dimensions, values.EstimatedMaxTimeLag),
  ];
}

/** YACE names of AWS/Kinesis; the iterator's age is in milliseconds. */
function kinesisSamples(stream: StreamHistory, moment: StreamMoment): readonly Sample[] {
  const labels = labelsFor(stream, 'kinesis', () => ({ dimension_StreamName: stream.work.topic }));
  const ages = lagOf(moment).map((value, shard) => ageSeconds(value, moment.rates[shard] ?? 0) * 1000);
  const incoming = sum(moment.rates) * 60;
  return [
    gauge('aws_kinesis_get_records_iterator_age_milliseconds_average', labels, Math.round(sum(ages) / Math.max(1, ages.length))),
    gauge('aws_kinesis_get_records_iterator_age_milliseconds_maximum', labels, Math.round(Math.max(0, ...ages))),
    gauge('aws_kinesis_incoming_records_sum', labels, Math.round(incoming)),
    gauge('aws_kinesis_incoming_bytes_sum', labels, Math.round(incoming * stream.work.bytesPerRecord)),
    gauge('aws_kinesis_read_provisioned_throughput_exceeded_sum', labels, 0),
  ];
}

/**
 * An assumption, not an exporter we know: we found none for Databricks jobs. Teams that alert on job results publish such
 * gauges themselves, so the twin has two: the last finished run's failure (0 or 1) and its duration.
 */
function runSamples(runs: readonly Run[], at: number): readonly Sample[] {
  const last = runs.findLast((run) => run.ended !== null && run.ended <= at && phaseOf(run, at) === 'TERMINATED');
  const live = runs.filter((run) => phaseOf(run, at) === 'RUNNING').flatMap((run) => latestAttempts(run));
  const spark = live.flatMap((attempt) => executorSamples(attempt, at));
  if (last?.ended == null || last.started === null) return spark;
  const labels = labelsFor(last, 'job', () => ({ job_id: last.jobId, job_name: last.name }));
  return [
    ...spark,
    gauge('databricks_job_last_run_failed', labels, last.result === 'SUCCESS' || last.result === 'CANCELED' ? 0 : 1),
    gauge('databricks_job_last_run_duration_seconds', labels, (last.ended - last.started) / 1000),
  ];
}

export function gauge(name: string, labels: Sample['labels'], value: number): Sample {
  return { name, labels, value, type: 'gauge' };
}

function ageSeconds(lag: number, rate: number): number {
  return rate > 0 ? lag / rate : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
