import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnosis.ts';
import type { Facts } from '../../src/core/expression.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { shippedRunbooks } from '../support/rehearsal.ts';
import { aFact } from '../support/runbook.ts';

type World = Readonly<Record<string, Evidence['value']>>;
type Holds = readonly [runbook: string, rule: string, world: World, change: World];

const failed = (error_kind: string, more: World = {}): World => ({ run_failed: 1, error_kind, ...more });
const over = (runbook: string): Holds => [runbook, 'recovered', { run_failed: 0, error_kind: 'none' }, { run_failed: 1 }];
const memory = { failed_shuffle_bytes: 300e9, 'job.shuffle_partitions': 200, failed_bytes_ratio: 1.2, failed_tasks: 9 };
const seen = {
  ...{ failed_bytes_per_task: 500e6, failed_bytes_ratio: 1.2, failed_shuffle_bytes: null, failed_tasks: 9 },
  'job.shuffle_partitions': 200,
};
const timed = { 'job.timeout_seconds': 3600, run_seconds_usual: 3000, run_seconds: 3600 };

/** Each rule of the runbooks for failed runs: a world in which it holds, and one fact of it changed so that it does not. */
const rules: readonly Holds[] = [
  over('broadcast-failure'),
  ['broadcast-failure', 'broadcast-too-large', failed('broadcast_oom'), { error_kind: 'driver_oom' }],
  ['broadcast-failure', 'broadcast-too-slow', failed('broadcast_timeout'), { error_kind: 'timeout' }],
  over('nodes-lost'),
  [
    'nodes-lost',
    'driver-taken',
    failed('preempted', { cluster_reason: 'SPOT_INSTANCE_TERMINATION' }),
    { cluster_reason: 'JOB_FINISHED' },
  ],
  [
    'nodes-lost',
    'workers-taken',
    failed('preempted', { cluster_reason: 'none' }),
    { cluster_reason: 'SPOT_INSTANCE_TERMINATION' },
  ],
  ['nodes-lost', 'machine-lost', failed('fetch_failed', { nodes_lost: 1 }), { nodes_lost: 0 }],
  ['nodes-lost', 'executor-gone', failed('nodes_lost', { nodes_lost: 0 }), { nodes_lost: 2 }],
  over('cluster-start-failure'),
  ['cluster-start-failure', 'quota-used-up', failed('cluster_quota'), { error_kind: 'cluster_stockout' }],
  ['cluster-start-failure', 'cloud-has-none', failed('cluster_stockout'), { error_kind: 'cluster_quota' }],
  ['cluster-start-failure', 'request-refused', failed('cluster_config'), { error_kind: 'cluster_start' }],
  ['cluster-start-failure', 'start-failed', failed('cluster_start'), { error_kind: 'init_script' }],
  over('task-timeout'),
  ['task-timeout', 'timeout-too-short', failed('timeout', timed), { run_seconds_usual: 2880 }],
  ['task-timeout', 'overrun', failed('timeout', { ...timed, run_seconds_usual: 1800 }), { run_seconds: 3599 }],
  ['task-timeout', 'grown', failed('timeout', { ...timed, run_seconds_usual: 2000 }), { run_seconds: 4000 }],
  ['task-timeout', 'ended-by-time', failed('timeout', { ...timed, run_seconds_usual: null }), { run_seconds_usual: 3000 }],
  over('library-or-init-script'),
  ['library-or-init-script', 'init-script-failed', failed('init_script'), { error_kind: 'cluster_start' }],
  [
    'library-or-init-script',
    'library-not-installed',
    failed('library', { termination_code: 'LIBRARY_INSTALLATION_ERROR' }),
    { termination_code: 'RUN_EXECUTION_ERROR' },
  ],
  [
    'library-or-init-script',
    'library-not-there',
    failed('library', { termination_code: 'RUN_EXECUTION_ERROR' }),
    { termination_code: 'LIBRARY_INSTALLATION_ERROR' },
  ],
  over('unauthorized-or-missing-table'),
  ['unauthorized-or-missing-table', 'not-allowed', failed('unauthorized'), { error_kind: 'table_missing' }],
  ['unauthorized-or-missing-table', 'table-missing', failed('table_missing'), { error_kind: 'path_missing' }],
  ['unauthorized-or-missing-table', 'path-missing', failed('path_missing'), { error_kind: 'code' }],
  over('delta-concurrent-write'),
  ['delta-concurrent-write', 'conflict-each-time', failed('delta_conflict', { runs_failed_same: 3 }), { runs_failed_same: 2 }],
  ['delta-concurrent-write', 'conflict', failed('delta_conflict', { runs_failed_same: 2 }), { runs_failed_same: 3 }],
  over('transient-failure'),
  ['transient-failure', 'keeps-failing', failed('transient', { runs_failed_same: 3 }), { runs_failed_same: 2 }],
  ['transient-failure', 'passing-failure', failed('transient', { runs_failed_same: null }), { runs_failed_same: 3 }],
  over('databricks-job-oom'),
  ['databricks-job-oom', 'broadcast-too-large', failed('broadcast_oom'), { error_kind: 'broadcast_timeout' }],
  ['databricks-job-oom', 'driver-memory', failed('driver_oom'), { error_kind: 'driver_lost' }],
  ['databricks-job-oom', 'driver-lost', failed('driver_lost'), { error_kind: 'other' }],
  ['databricks-job-oom', 'hot-partition', failed('executor_oom', { failed_bytes_ratio: 4 }), { failed_bytes_ratio: 3.9 }],
  ['databricks-job-oom', 'partitions-too-large', failed('container_killed', memory), { failed_tasks: 4 }],
  ['databricks-job-oom', 'a-partition-too-large', failed('executor_oom', { ...memory, failed_tasks: 4 }), { failed_tasks: 5 }],
  ['databricks-job-oom', 'large-partitions-read', failed('executor_oom', seen), { failed_bytes_ratio: 4 }],
  ['databricks-job-oom', 'large-partitions-read', failed('executor_oom', seen), { failed_shuffle_bytes: 300e9 }],
  ['databricks-job-oom', 'executor-memory', failed('executor_oom'), { error_kind: 'nodes_lost' }],
];

const shipped = new Map(shippedRunbooks().map(({ runbook }) => [runbook.id, runbook]));
const ids = [...new Set(rules.map(([runbook]) => runbook))];

function told(id: string, world: World) {
  const runbook = shipped.get(id);
  if (!runbook) throw new Error(`no runbook ${id}`);
  const facts = Object.entries(world);
  const evidence = facts.filter(([name]) => !name.includes('.')).map(([name, value]) => aFact(name, value));
  const job: Facts = { 'job.spark_conf': {}, ...Object.fromEntries(facts.filter(([name]) => name.includes('.'))) };
  const { outcome, causes } = diagnose(runbook, evidence, job);
  return { outcome, causes: causes.map((cause) => cause.id) };
}

describe('a rule of a runbook for failed runs', () => {
  test.each(rules)('%s: %s holds in its world, and not once one fact of it is another', (runbook, rule, world, change) => {
    expect(Object.keys(change)).toHaveLength(1);
    expect(told(runbook, world).causes).toContain(rule);
    expect(told(runbook, { ...world, ...change }).causes).not.toContain(rule);
  });

  test.each(ids)('of %s stands in the table, each of them', (id) => {
    const named = rules.filter(([runbook]) => runbook === id).map(([, rule]) => rule);

    expect([...new Set(named)].sort()).toEqual((shipped.get(id)?.diagnose ?? []).map((rule) => rule.id).sort());
  });

  test.each(ids)('of %s is silent once a run succeeded, and says nothing where nothing is known', (id) => {
    expect(told(id, { ...timed, run_failed: 0, error_kind: 'none', nodes_lost: 0, runs_failed_same: 0 }).outcome).toBe('healthy');
    expect(told(id, {}).outcome).toBe('inconclusive');
    expect(told(id, { run_failed: 1 }).outcome).toBe('inconclusive');
    expect(told(id, failed('code')).outcome).toBe('inconclusive');
  });
});
