import { type Exporter, named } from './exporter.ts';

const OF_EXECUTORS = ['application_id', 'application_name', 'executor_id'];
const STORAGE = 'usedOnHeapStorageMemory usedOffHeapStorageMemory totalOnHeapStorageMemory totalOffHeapStorageMemory';
const PEAKS = `JVMHeapMemory JVMOffHeapMemory OnHeapExecutionMemory OffHeapExecutionMemory OnHeapStorageMemory OffHeapStorageMemory
  OnHeapUnifiedMemory OffHeapUnifiedMemory DirectPoolMemory MappedPoolMemory ProcessTreeJVMVMemory ProcessTreeJVMRSSMemory
  ProcessTreePythonVMemory ProcessTreePythonRSSMemory ProcessTreeOtherVMemory ProcessTreeOtherRSSMemory`;

/** `/metrics/executors/prometheus` since Spark 3.1: apache/spark, PrometheusResource.scala. It tells no spill and no stages. */
const sparkExecutors: Exporter = {
  id: 'spark_executors',
  metrics: [
    'spark_info',
    ...named('metrics_executor_', 'rddBlocks totalCores maxTasks activeTasks'),
    ...named('metrics_executor_', `memoryUsed diskUsed maxMemory ${STORAGE} ${PEAKS}`).map((name) => `${name}_bytes`),
    ...named('metrics_executor_', 'failedTasks completedTasks totalTasks MinorGCCount MajorGCCount ConcurrentGCCount').map(total),
    ...named('metrics_executor_', 'totalInputBytes_bytes totalShuffleRead_bytes totalShuffleWrite_bytes').map(total),
    ...named('metrics_executor_', 'totalDuration totalGCTime MinorGCTime MajorGCTime ConcurrentGCTime TotalGCTime').map(
      (name) => `${name}_seconds_total`,
    ),
  ],
  families: [],
  labels: [...OF_EXECUTORS, 'version', 'revision'],
};

/** The same endpoint in Spark 3.0: times are milliseconds, and every name ends differently. */
const sparkExecutors30: Exporter = {
  id: 'spark_executors_3_0',
  metrics: [
    ...named(
      'metrics_executor_',
      `rddBlocks memoryUsed diskUsed totalCores maxTasks activeTasks failedTasks completedTasks ${STORAGE}`,
    ),
    ...named('metrics_executor_', 'totalTasks totalInputBytes totalShuffleRead totalShuffleWrite maxMemory'),
    ...named('metrics_executor_', `${PEAKS} MinorGCCount MinorGCTime MajorGCCount MajorGCTime`),
  ]
    .map((name) => `${name}_Count`)
    .concat('metrics_executor_totalDuration_Value', 'metrics_executor_totalGCTime_Value'),
  families: [],
  labels: OF_EXECUTORS,
};

/** Spark's PrometheusServlet: the application's id or `spark.metrics.namespace` is in the name. */
const prometheusServlet: Exporter = {
  id: 'prometheus_servlet',
  metrics: [],
  families: [/^metrics_\w+_(?:Value|Number|Count|Max|Min|Mean|StdDev|\d+thPercentile|(?:One|Five|Fifteen)MinuteRate|MeanRate)$/],
  labels: ['type'],
};

/** kubeflow/spark-operator, spark-docker/conf/prometheus.yaml: the JMX exporter's rules, in lower case. */
const sparkOperator: Exporter = {
  id: 'spark_operator',
  metrics: [],
  families: [
    /^spark_driver_(?:blockmanager|dagscheduler|jvm)_[a-z0-9_]+$/,
    /^spark_(?:structured_)?(?:streaming_driver|executor)_[a-z0-9_]+$/,
  ],
  labels: ['app_namespace', 'app_name', 'app_id', 'executor_id', 'query_name'],
};

export const sparkExporters: readonly Exporter[] = [sparkExecutors, sparkExecutors30, prometheusServlet, sparkOperator];

function total(name: string): string {
  return `${name}_total`;
}
