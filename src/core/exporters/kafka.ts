import { type Exporter, named } from './exporter.ts';

/** danielqsj/kafka_exporter, kafka_exporter.go. */
const kafkaExporter: Exporter = {
  id: 'kafka_exporter',
  metrics: [
    ...named('kafka_', 'brokers broker_info topic_partitions consumergroupzookeeper_lag_zookeeper'),
    ...named('kafka_consumergroup_', 'lag lag_sum current_offset current_offset_sum members'),
    ...named('kafka_topic_partition_', 'current_offset oldest_offset leader replicas in_sync_replica leader_is_preferred'),
    ...named('kafka_', 'topic_partition_under_replicated_partition exporter_build_info'),
  ],
  families: [],
  labels: ['consumergroup', 'topic', 'partition', 'broker', 'id', 'address'],
};

/** Burrow's own endpoint: linkedin/Burrow, core/internal/httpserver/prometheus.go. */
const burrow: Exporter = {
  id: 'burrow',
  metrics: named(
    'burrow_kafka_',
    'consumer_lag_total consumer_status consumer_current_offset consumer_partition_lag topic_partition_offset topic_partition_status',
  ),
  families: [],
  labels: ['cluster', 'consumer_group', 'topic', 'partition'],
};

/** jirwin/burrow_exporter: the group's label is another one than Burrow's own. */
const burrowExporter: Exporter = {
  id: 'burrow_exporter',
  metrics: named(
    'kafka_burrow_',
    'total_lag status partition_lag partition_status partition_current_offset partition_max_offset topic_partition_offset',
  ),
  families: [],
  labels: ['cluster', 'group', 'topic', 'partition'],
};

/** seglo/kafka-lag-exporter, README: the only one that tells lag in seconds. */
const kafkaLagExporter: Exporter = {
  id: 'kafka_lag_exporter',
  metrics: [
    ...named('kafka_consumergroup_group_', 'offset lag lag_seconds max_lag max_lag_seconds sum_lag topic_sum_lag'),
    ...named('kafka_', 'partition_latest_offset partition_earliest_offset consumergroup_poll_time_ms'),
  ],
  families: [],
  labels: ['cluster_name', 'group', 'topic', 'partition', 'member_host', 'consumer_id', 'client_id', 'is_simple_consumer'],
};

export const kafkaExporters: readonly Exporter[] = [kafkaExporter, burrow, burrowExporter, kafkaLagExporter];
