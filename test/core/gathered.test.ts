import { describe, expect, test } from 'vitest';
import { factsOfTarget, type Gathered } from '../../src/core/gathered.ts';
import { known, unknown } from '../../src/model/known.ts';
import { targetOf } from '../support/rehearsal.ts';

const cluster = '{"num_workers":4,"spark_conf":{"spark.sql.shuffle.partitions":"100","spark.task.cpus":"2"}}';
const settings = `{"name":"a","job_clusters":[{"job_cluster_key":"main","new_cluster":${cluster}}],"tasks":[{"task_key":"t","job_cluster_key":"main"}]}`;
const nothing = unknown('not read');
const gathered = (live: Gathered['live']): Gathered => ({
  signals: new Map(),
  checks: {},
  live,
  runs: { runs: nothing, errors: nothing, events: nothing },
  stages: nothing,
  nodeTypes: nothing,
  jobId: nothing,
});
const files = [{ path: 'jobs/spark-defaults.conf', text: '# ours\nspark.sql.shuffle.partitions  400\n' }];
const conf = targetOf('conf', { kind: 'spark-conf', appliedBy: 'merge', taskKey: 't' });

function confOf(live: Gathered['live'], target = conf) {
  const facts = factsOfTarget(target, files, gathered(live));
  return facts.known ? facts.value.cluster.sparkConf : facts.why;
}

describe('the Spark settings of a target', () => {
  const live = known({ id: '1', name: 'a', settings, managedBy: null });

  test('that is a conf file are the cluster’s, and the file decides: the job takes them from it at each start', () => {
    expect(confOf(live)).toEqual({ 'spark.sql.shuffle.partitions': '400', 'spark.task.cpus': '2' });
  });

  test('that is a conf file without a readable job are the file’s', () => {
    expect(confOf(unknown('the target names no job'))).toEqual({ 'spark.sql.shuffle.partitions': '400' });
  });

  test('that is a job are the live job’s, whatever its files say', () => {
    expect(confOf(live, targetOf('oom', { taskKey: 't' }))).toMatchObject({ 'spark.sql.shuffle.partitions': '100' });
  });
});
