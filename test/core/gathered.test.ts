import { describe, expect, test } from 'vitest';
import { baselineFrom, evidenceFrom, factsOfTarget, type Gathered } from '../../src/core/gathered.ts';
import type { StageSummary } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';
import { targetOf } from '../support/rehearsal.ts';
import { aRunbook } from '../support/runbook.ts';

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

describe('what a runbook asks of stages', () => {
  const same = (value: number) => ({ min: value, p25: value, median: value, p75: value, p95: value, max: value });
  const stage: StageSummary = {
    ...{ stageId: 3, attempt: 0, name: 'save', status: 'complete', tasks: 20, failedTasks: 0, durationMs: 1000 },
    ...{ taskMs: { ...same(10), max: 90 }, shuffleReadBytes: same(5), inputBytes: same(0), totalShuffleReadBytes: 100 },
    ...{ totalInputBytes: 0, memorySpilledBytes: 0, diskSpilledBytes: 0, gcMs: 1, runMs: 100 },
    source: 'Spark REST of app-1',
  };
  const runbook = aRunbook({
    signals: ['skew_ratio', 'gc_ratio'].map((name) => ({
      ...{ name, unit: 'x', absent: 'unknown' as const, query: { from: 'spark' as const, fact: name } },
    })),
    verify: {
      checks: [
        { name: 'skew', source: 'spark', query: 'skew_ratio', unit: 'x', expect: 'after < before', worse: 'after > before' },
      ],
      ...{ settleMinutes: 10, withinMinutes: 60 },
    },
  });
  const told = (...stages: readonly StageSummary[]) => {
    const read = { ...gathered(nothing), stages: known(stages) };
    const [skew, gc] = evidenceFrom(runbook, read, new Date(0));
    return { skew, gc, baseline: baselineFrom(runbook, read).skew };
  };

  test('is fresh, and says where it was read', () => {
    expect(told(stage)).toMatchObject({
      skew: { value: 9, quality: 'fresh', query: 'Spark REST of app-1: skew_ratio', window: 'newest application', note: '' },
      baseline: 9,
    });
  });

  test('is partial, shown and not known, where one stage was read in part', () => {
    const cut = { ...stage, stageId: 4, partial: 'eventlog ends in the middle of a line' };

    expect(told(stage, cut)).toMatchObject({
      skew: { value: 9, quality: 'partial', note: 'partial: eventlog ends in the middle of a line' },
      baseline: null,
    });
  });

  test('is absent where the source does not tell it', () => {
    expect(told({ ...stage, gcMs: Number.NaN }).gc).toMatchObject({ value: null, quality: 'absent' });
  });
});
