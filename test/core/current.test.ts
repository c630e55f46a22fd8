import { expect, test } from 'vitest';
import { currentNumber } from '../../src/core/current.ts';
import { confFacts } from '../../src/core/job-facts.ts';
import type { RemedyEdit } from '../../src/model/runbook.ts';

const plain = confFacts('spark.sql.files.maxPartitionBytes 64m', { taskKey: null, clusterKey: null, streaming: false });
const job = {
  ...plain,
  parameters: { minPartitions: '8' },
  cluster: { ...plain.cluster, autoscale: { min: 2, max: 8 } },
};
const values = { path: 'values.yaml', text: 'consumer:\n  replicas: 4\n  name: four\n' };
const file = (pointer: string): RemedyEdit => ({ surface: 'file', pointer });

test.each<[RemedyEdit, number | null]>([
  [{ surface: 'spark-conf', key: 'spark.sql.files.maxPartitionBytes' }, 67_108_864],
  [{ surface: 'spark-conf', key: 'spark.sql.shuffle.partitions' }, 200],
  [{ surface: 'parameter', name: 'minPartitions' }, 8],
  [{ surface: 'parameter', name: 'shardsPerTask' }, null],
  [{ surface: 'cluster', field: 'autoscale.min_workers' }, 2],
  [{ surface: 'cluster', field: 'autoscale.max_workers' }, 8],
  [{ surface: 'cluster', field: 'num_workers' }, null],
  [{ surface: 'cluster', field: 'node_type_id' }, null],
  [file('consumer.replicas'), 4],
  [file('consumer.name'), null],
  [file('consumer.workers'), null],
])('%j holds %j', (edit, number) => {
  expect(currentNumber(edit, job, [values])).toBe(number);
});

test('a fraction in a Spark conf is the number that the gate measures a step from', () => {
  const key = 'spark.sql.adaptive.nonEmptyPartitionRatioForBroadcastJoin';
  const facts = confFacts(`${key} 0.2`, { taskKey: null, clusterKey: null, streaming: false });
  expect(currentNumber({ surface: 'spark-conf', key }, { ...job, ...facts }, [])).toBe(0.2);
});

test.each([
  ['a number in quotes', [{ path: 'a.json', text: '{"consumer":{"replicas":"4"}}' }], 4],
  ['a size', [{ path: 'a.yaml', text: 'consumer:\n  replicas: 4g\n' }], 4 * 1024 ** 3],
  ['a size in quotes', [{ path: 'a.json', text: '{"consumer":{"replicas":"64m"}}' }], 64 * 1024 ** 2],
  ['a fraction', [{ path: 'a.yaml', text: 'consumer:\n  replicas: 0.5\n' }], 0.5],
  ['a number in two files', [values, { ...values, path: 'other.yaml' }], null],
  ['a template', [{ path: 'values.yaml', text: 'consumer:\n  replicas: "{{ .n }}"\n' }], null],
  ['a file of a kind that nobody reads', [{ path: 'main.tf', text: 'replicas = 4' }], null],
])('%s', (_, files, number) => {
  expect(currentNumber(file('consumer.replicas'), job, files)).toBe(number);
});
