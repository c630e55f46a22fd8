import { type Exporter, named } from './exporter.ts';

/** CloudWatch's statistics as both exporters write them behind a metric's name; which are fetched is up to their configuration. */
const STATISTICS = ['sum', 'average', 'maximum', 'minimum', 'sample_count'];

/** MSK in CloudWatch (Amazon MSK, "Metrics for monitoring with CloudWatch"), in snake case. */
const MSK = `
  sum_offset_lag max_offset_lag offset_lag estimated_max_time_lag estimated_time_lag
  active_controller_count global_partition_count global_topic_count offline_partitions_count partition_count leader_count
  under_replicated_partitions under_min_isr_partition_count connection_count client_connection_count
  bytes_in_per_sec bytes_out_per_sec messages_in_per_sec fetch_message_conversions_per_sec produce_message_conversions_per_sec
  cpu_idle cpu_io_wait cpu_system cpu_user cpu_credit_balance cpu_credit_usage burst_balance heap_memory_after_gc
  memory_buffered memory_cached memory_free memory_used swap_free swap_used root_disk_used
  network_rx_packets network_tx_packets network_rx_dropped network_tx_dropped network_rx_errors network_tx_errors
  fetch_throttle_byte_rate fetch_throttle_time produce_throttle_byte_rate produce_throttle_time request_throttle_time
  request_handler_avg_idle_percent network_processor_avg_idle_percent replication_bytes_in_per_sec replication_bytes_out_per_sec`;

/** Kinesis data streams in CloudWatch (Amazon Kinesis, "Monitor with CloudWatch"), in snake case; ages are milliseconds. */
const KINESIS = `
  get_records_iterator_age_milliseconds get_records_bytes get_records_latency get_records_records get_records_success
  iterator_age_milliseconds incoming_bytes incoming_records outgoing_bytes outgoing_records
  put_record_bytes put_record_latency put_record_success put_records_bytes put_records_latency put_records_records put_records_success
  put_records_failed_records put_records_successful_records put_records_throttled_records put_records_total_records
  read_provisioned_throughput_exceeded write_provisioned_throughput_exceeded
  subscribe_to_shard_event_bytes subscribe_to_shard_event_millis_behind_latest subscribe_to_shard_event_records
  subscribe_to_shard_event_success subscribe_to_shard_rate_exceeded subscribe_to_shard_success`;

const shared = [
  ...STATISTICS.flatMap((statistic) => named('aws_kafka_', MSK).map((name) => `${name}_${statistic}`)),
  ...STATISTICS.flatMap((statistic) => named('aws_kinesis_', KINESIS).map((name) => `${name}_${statistic}`)),
];
/** The two write a name differently that repeats its namespace: YACE leaves the second one out (its BuildMetricName). */
const doubled = (prefix: string) =>
  STATISTICS.flatMap((statistic) =>
    named(prefix, 'data_logs_disk_used app_logs_disk_used').map((name) => `${name}_${statistic}`),
  );
const percentiles = /^aws_(?:kafka|kinesis)_[a-z0-9_]+_p\d{2,4}$/;

/** prometheus-community/yet-another-cloudwatch-exporter: dimensions are labels with a prefix. */
const yace: Exporter = {
  id: 'yace',
  metrics: [...shared, ...doubled('aws_kafka_'), 'aws_kafka_info', 'aws_kinesis_info'],
  families: [percentiles],
  labels: [
    ...named(
      'dimension_',
      'Cluster_Name Consumer_Group Topic Broker_ID Partition Client_Authentication StreamName ShardId ConsumerName',
    ),
    ...['name', 'region', 'account_id'],
  ],
};

/** prometheus/cloudwatch_exporter: dimensions are labels in snake case. */
const cloudwatchExporter: Exporter = {
  id: 'cloudwatch_exporter',
  metrics: [...shared, ...doubled('aws_kafka_kafka_')],
  families: [percentiles],
  labels: 'cluster_name consumer_group topic broker_id partition client_authentication stream_name shard_id consumer_name'.split(
    ' ',
  ),
};

/** Amazon MSK's open monitoring: the brokers' JMX exporter. Which measure it is stands in the label `name`. */
const msk: Exporter = {
  id: 'msk',
  metrics: [
    'kafka_consumer_group_ConsumerLagMetrics_Value',
    'kafka_controller_KafkaController_Value',
    'kafka_cluster_Partition_Value',
    'kafka_server_ReplicaManager_Value',
    'kafka_server_BrokerTopicMetrics_Count',
    'kafka_server_BrokerTopicMetrics_OneMinuteRate',
    'kafka_log_Log_Value',
  ],
  families: [
    /^kafka_(?:server|network|controller|cluster|log|coordinator|security|utils)_[A-Za-z_]+_(?:Value|Count|Mean|Max|Min|StdDev|\w+Rate|\d+thPercentile)$/,
    // The same brokers' node exporter.
    /^node_[a-z_0-9]+$/,
  ],
  labels: ['name', 'groupId', 'topic', 'partition', 'request', 'networkProcessor', 'delayedOperation', 'listener'],
};

export const awsExporters: readonly Exporter[] = [msk, yace, cloudwatchExporter];
