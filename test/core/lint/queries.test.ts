import { describe, expect, test } from 'vitest';
import { queryLint } from '../../../src/core/lint/queries.ts';
import { readQuery } from '../../../src/core/lint/query.ts';
import { aRunbook } from '../../support/runbook.ts';

function faultsOf(variant: string, query: string) {
  const signal = {
    name: 'lag',
    query: { from: 'prometheus', variants: { [variant]: query }, range: null, step: null },
    unit: 'records',
    absent: 'unknown',
  } as const;
  const { verify } = aRunbook();
  return queryLint(aRunbook({ signals: [signal], verify: { ...verify, checks: [] } }));
}

describe('a query of a runbook', () => {
  test.each([
    ['kafka_exporter', 'sum(kafka_consumergroup_lag{consumergroup=$topic})'],
    ['kafka_exporter_old', 'max(kafka_topic_partitions)'],
    ['yace_average', 'max(aws_kinesis_get_records_iterator_age_milliseconds_average{dimension_StreamName=$topic})'],
    ['burrow', 'sum(burrow_kafka_consumer_lag_total{consumer_group=$topic, cluster="a"})'],
    ['msk', 'sum(kafka_server_SocketServer_Value{name="x"}) + up'],
    ['prometheus_servlet', 'sum({__name__=~"metrics_.*_executor_memoryBytesSpilled_Count"})'],
    ['spark_operator', 'sum(spark_executor_diskbytesspilled_count{executor_id="1"})'],
    ['kafka_exporter', 'sum(rate(kafka_topic_partition_current_offset{my_own="x"}[5m] offset 1m))'],
    ['kafka_exporter', 'job:lag:sum5m'],
    ['ours', 'job:lag:sum5m{consumer_group=$topic}'],
    ['kafka_exporter', 'max_over_time(sum(kafka_consumergroup_lag)[5m:1m])'],
  ])('of %s is sound: %s', (variant, query) => {
    expect(faultsOf(variant, query)).toEqual([]);
  });

  test.each([
    [
      'kafka_exporter',
      'sum(kafka_consumergroup_lagg)',
      /gives no metric kafka_consumergroup_lagg/,
      /mean kafka_consumergroup_lag\?/,
    ],
    ['kafka_exporter', 'sum(kafka_consumergroup_group_lag)', /gives no metric/, /metric of kafka_lag_exporter/],
    ['spark_executors', 'sum(metrics_executor_totalDuration)', /gives no metric/, /mean metrics_executor_totalDuration/],
    ['kafka_exporter', 'sum(kafka_consumergroup_lag{consumer_group="x"})', /no label consumer_group/, /mean consumergroup\?/],
    ['kafka_exporter', 'sum(kafka_consumergroup_lag{group="x"})', /no label group/, /labels are consumergroup/],
    ['yace', 'sum(aws_kafka_max_offset_lag_sum{topic="x"})', /no label topic/, /dimension_Topic/],
    ['kafka_exportr', 'sum(kafka_consumergroup_lag)', /no exporter is called kafka_exportr/, /mean kafka_exporter\?/],
    ['ours', 'sum(our_lag)', /no exporter is called ours/, /have a colon/],
    ['kafka_exporter', 'sum((kafka_consumergroup_lag)', /one \( is not closed/, /expression browser/],
    ['kafka_exporter', 'sum(((kafka_consumergroup_lag)', /2 \( are not closed/, /./],
    ['kafka_exporter', 'sum(kafka_consumergroup_lag))', /more \) than \(/, /./],
    ['kafka_exporter', 'kafka_consumergroup_lag +', /breaks off at its end/, /./],
    ['kafka_exporter', 'kafka_consumergroup_lag foo', /cannot read it from "foo" on/, /./],
    ['kafka_exporter', 'rate(kafka_consumergroup_current_offset)', /rate takes a range/, /./],
  ])('of %s is a fault: %s', (variant, query, message, fix) => {
    const faults = faultsOf(variant, query);

    expect(faults).toEqual([
      {
        path: ['signals', 'lag', 'prometheus', variant],
        message: expect.stringMatching(message),
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  test('of a verification is held against every exporter', () => {
    const { verify } = aRunbook();
    const [check] = verify.checks;
    if (check === undefined) throw new Error('no check');
    const faults = (query: string) => queryLint(aRunbook({ signals: [], verify: { ...verify, checks: [{ ...check, query }] } }));

    expect(faults('sum(kafka_consumergroup_lag) or sum(burrow_kafka_consumer_lag_total)')).toEqual([]);
    expect(faults('sum(kafka_consumergroup_lag) or sum(burrow_kafka_consumer_lag_totl)')).toMatchObject([
      { path: ['verify', 'checks', 0, 'prometheus'], fix: 'Did you mean burrow_kafka_consumer_lag_total?' },
    ]);
  });
});

test('a metric is known by its name or by an exact matcher of it, and labels by their matchers alone', () => {
  expect(readQuery('a{b="1"} / on (c) {__name__="d", e!="f"} + {__name__=~"g.*"}')).toEqual({
    ok: true,
    selectors: [
      { metric: 'a', labels: ['b'] },
      { metric: 'd', labels: ['e'] },
      { metric: null, labels: [] },
    ],
  });
});
