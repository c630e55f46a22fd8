import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exporterOf, exporters, gives } from '../../../src/core/exporters/catalogue.ts';
import { lintRunbook } from '../../../src/core/lint/lint.ts';
import { parseRunbook } from '../../../src/schema/runbook.ts';
import { startPlant } from '../../../src/twin/databricks/plant.ts';
import { rehearsalStart, workloadNames } from '../../support/rehearsal.ts';

describe('the exporter catalogue', () => {
  test('names each exporter once, and each of its metrics once and as Prometheus writes them', () => {
    const ids = exporters.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { metrics } of exporters) {
      expect(new Set(metrics).size).toBe(metrics.length);
      for (const metric of metrics) expect(metric).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    }
  });

  test.each([
    ['kafka_exporter', 'kafka_exporter'],
    ['burrow_exporter', 'burrow_exporter'],
    ['burrow_old', 'burrow'],
    ['spark_executors_3_0', 'spark_executors_3_0'],
    ['spark_executors', 'spark_executors'],
    ['yace_average', 'yace'],
    ['yacer', null],
  ])('the variant %s is asked of %s', (variant, id) => {
    expect(exporterOf(variant)?.id ?? null).toBe(id);
  });

  // The two generations differ in every name that published rules get wrong.
  test.each([
    ['spark_executors', 'metrics_executor_totalGCTime_seconds_total', true],
    ['spark_executors', 'metrics_executor_totalGCTime_Value', false],
    ['spark_executors_3_0', 'metrics_executor_totalGCTime_Value', true],
    ['spark_executors_3_0', 'metrics_executor_memoryUsed_bytes', false],
    ['spark_executors', 'metrics_executor_JVMHeapMemory_bytes', true],
    ['spark_executors', 'metrics_executor_totalDuration', false],
    ['yace', 'aws_kafka_data_logs_disk_used_average', true],
    ['cloudwatch_exporter', 'aws_kafka_kafka_data_logs_disk_used_average', true],
    ['cloudwatch_exporter', 'aws_kafka_data_logs_disk_used_average', false],
    ['yace', 'aws_kinesis_get_records_iterator_age_milliseconds_p99', true],
    ['burrow', 'burrow_kafka_consumer_lag_total', true],
    ['kafka_lag_exporter', 'kafka_consumergroup_group_lag_seconds', true],
    ['kafka_exporter', 'kafka_consumergroup_group_lag_seconds', false],
    ['kafka_exporter', 'up', true],
    ['msk', 'kafka_consumer_group_ConsumerLagMetrics_Value', true],
    ['prometheus_servlet', 'metrics_app_1_driver_jvm_heap_used_Value', true],
    ['spark_operator', 'spark_driver_dagscheduler_stage_failedstages', true],
  ])('%s gives %s: %s', (variant, metric, expected) => {
    const exporter = exporterOf(variant);

    expect(exporter !== null && gives(exporter, metric)).toBe(expected);
  });

  test('knows every name that the rehearsal gives for a real exporter’s', async () => {
    const plant = await startPlant({ workloads: workloadNames, start: rehearsalStart });
    const text = await (await fetch(plant.metrics.metricsUrl)).text();
    await plant.close();
    const names = [...new Set([...text.matchAll(/^([a-zA-Z_:]\w*)[{ ]/gm)].map((found) => found[1] ?? ''))];

    expect(names.length).toBeGreaterThan(10);
    // What the rehearsal tells of its own runs has no exporter.
    const lent = names.filter((name) => !name.startsWith('databricks_job_'));
    expect(lent.filter((name) => !exporters.some((exporter) => gives(exporter, name)))).toEqual([]);
  });

  test.each(readdirSync('runbooks'))(
    'every query of %s names only what its exporter gives, and nothing in it is unreachable',
    (file) => {
      const read = parseRunbook(readFileSync(`runbooks/${file}`, 'utf8'), file);

      expect(read.ok && lintRunbook(read.value)).toEqual([]);
    },
  );
});
