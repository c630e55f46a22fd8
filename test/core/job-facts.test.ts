import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confFacts, factsOfJob, jobFacts } from '../../src/core/job-facts.ts';

const nodes = [
  { id: 'm5.2xlarge', memoryMb: 32_768, cores: 8 },
  { id: 'r5.large', memoryMb: 16_384, cores: 2 },
];
const cluster = {
  node_type_id: 'm5.2xlarge',
  num_workers: 4,
  spark_version: '15.4.x-scala2.12',
  spark_conf: { 'spark.sql.shuffle.partitions': '320' },
};
const shared = {
  name: 'n',
  tasks: [
    { task_key: 'a', job_cluster_key: 'main', max_retries: 2 },
    { task_key: 'b', job_cluster_key: 'main' },
    {
      task_key: 'c',
      new_cluster: {
        ...cluster,
        autoscale: { min_workers: 1, max_workers: 3 },
        num_workers: undefined,
        driver_node_type_id: 'r5.large',
      },
    },
    { task_key: 'd', environment_key: 'default' },
    { task_key: 'e', existing_cluster_id: '1-2' },
  ],
  job_clusters: [{ job_cluster_key: 'main', new_cluster: cluster }],
  parameters: [{ name: 'cap', default: '10' }],
};
const part = (taskKey: string | null, clusterKey: string | null = null) => ({ taskKey, clusterKey, streaming: false });

function read(settings: object, ...which: Parameters<typeof part>) {
  const facts = jobFacts(JSON.stringify(settings), part(...which), nodes);
  if (!facts.ok) throw new Error(JSON.stringify(facts.reason));
  return facts.value;
}

const main = [{ key: 'job_clusters' }, { where: 'job_cluster_key', equals: 'main' }, { key: 'new_cluster' }];

describe('facts of a job', () => {
  test('a task on a shared cluster', () => {
    const facts = read(shared, 'a');

    expect(facts.cluster).toMatchObject({ base: main, fixedWorkers: 4, autoscale: null, serverless: false, tasks: ['a', 'b'] });
    expect(factsOfJob(facts)).toMatchObject({
      'job.workers': 4,
      'job.cores': 32,
      'job.node_memory_gb': 32,
      'job.shuffle_partitions': 320,
      'job.autoscale_max': null,
      'job.parameters': { cap: '10' },
      'task.max_retries': 2,
    });
  });

  test('a task with its own cluster that scales, and another driver', () => {
    expect(factsOfJob(read(shared, 'c'))).toMatchObject({
      'job.workers': 3,
      'job.autoscale_min': 1,
      'job.autoscales': true,
      'job.driver_memory_gb': 16,
    });
  });

  test('a serverless task has no cluster to edit', () => {
    expect(read(shared, 'd').cluster).toMatchObject({ base: null, serverless: true, existing: false });
  });

  test('a task on an existing cluster has none either, and is not serverless', () => {
    expect(read(shared, 'e').cluster).toMatchObject({ base: null, serverless: false, existing: true });
  });

  test('a target that names the cluster means it whatever the tasks', () => {
    expect(read(shared, null, 'main').cluster.base).toEqual(main);
  });

  test('the shapes {job_id, settings} and {job_id, new_settings} hold the settings inside', () => {
    for (const key of ['settings', 'new_settings']) expect(read({ job_id: 7, [key]: shared }, 'a').cluster.base).toEqual(main);
  });

  test.each([
    ['a task that is not there', shared, part('x'), 'pointer_missing'],
    ['a cluster that is not there', shared, part(null, 'x'), 'pointer_missing'],
    [
      'a cluster that is there twice',
      { ...shared, job_clusters: [...shared.job_clusters, ...shared.job_clusters] },
      part('a'),
      'pointer_missing',
    ],
    ['several clusters and no word about which', shared, part(null), 'no_surface'],
  ] as const)('%s is refused', (_, settings, which, code) => {
    const facts = jobFacts(JSON.stringify(settings), which, nodes);

    expect(facts.ok ? 'ok' : facts.reason.code).toBe(code);
  });

  test.each(['', '[]', '{', '7', '{"a" 1}'])('%j is not settings', (text) => {
    const facts = jobFacts(text, part(null), nodes);

    expect(facts.ok ? 'ok' : facts.reason.code).toBe('parse_failed');
  });

  test.each([
    [{ continuous: { pause_status: 'UNPAUSED' } }, true],
    [{ health: { rules: [{ metric: 'STREAMING_BACKLOG_SECONDS', op: 'GREATER_THAN', value: 1 }] } }, true],
    [{ health: { rules: [{ metric: 'RUN_DURATION_SECONDS', op: 'GREATER_THAN', value: 1 }] } }, false],
    [{}, false],
  ])('%j streams: %s', (settings, streaming) => {
    expect(read(settings, null).streaming).toBe(streaming);
  });

  test.each([
    ['the task’s', 'null', '600', 600],
    ['the job’s', '900', 'null', 900],
    ['the shorter of the two', '900', '600', 600],
    ['the other where one is 0, which is none', '0', '600', 600],
    ['none where both are 0', '0', '0', 0],
  ])('the timeout is %s', (_, ofJob, ofTask, seconds) => {
    const text = `{"timeout_seconds": ${ofJob}, "tasks": [{"task_key": "t", "timeout_seconds": ${ofTask}, "new_cluster": {}}]}`;
    const facts = jobFacts(text, { taskKey: 't', clusterKey: null, streaming: false }, []);

    expect(facts.ok && factsOfJob(facts.value)['job.timeout_seconds']).toBe(seconds);
  });

  test('a node type that nobody listed leaves memory and cores unknown', () => {
    const facts = factsOfJob(read({ tasks: [], new_cluster: { ...cluster, node_type_id: 'x9.new' } }, null));

    expect([facts['job.node_cores'], facts['job.cores'], facts['job.node_memory_gb'], facts['job.workers']]).toEqual([
      null,
      null,
      null,
      4,
    ]);
  });

  test.each([
    ['auto', null],
    ['many', null],
    [undefined, 200],
  ])('%s partitions are %s', (text, partitions) => {
    const conf = text === undefined ? {} : { 'spark.sql.shuffle.partitions': text };

    expect(factsOfJob(read({ new_cluster: { ...cluster, spark_conf: conf } }, null))['job.shuffle_partitions']).toBe(partitions);
  });

  test('a conf file gives what its lines say, the last one last', () => {
    const text = '# c\nspark.a 1\nspark.b=2\n  spark.c   three words \nspark.a  9\n\nspark.empty\n';

    expect(confFacts(text, part(null)).cluster.sparkConf).toEqual({ 'spark.a': '9', 'spark.b': '2', 'spark.c': 'three words' });
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.option(fc.string()), (text, task) => {
        expect(typeof jobFacts(text, part(task), nodes).ok).toBe('boolean');
      }),
    );
  });
});
