import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { investigate } from '../../src/flow/investigate.ts';
import { readRuns } from '../../src/flow/reads.ts';
import type { Run, TaskError } from '../../src/model/job.ts';
import { type Known, known, unknown } from '../../src/model/known.ts';
import type { Signal } from '../../src/model/signal.ts';
import type { Target } from '../../src/model/target.ts';
import type { InvestigationReads, WorkspaceReader } from '../../src/ports.ts';
import { openLimits, shippedRunbooks, targetOf } from '../support/rehearsal.ts';

const settings = readFileSync('jobs/orders-nightly.json', 'utf8');
const clock = { now: async () => new Date('2026-11-20T03:00:00Z'), sleep: async () => undefined };

interface Night {
  /** The errors of the failed runs, the newest first; null: it cannot be read. */
  readonly errors?: readonly (string | null)[];
  readonly trace?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly outcome?: Run['outcome'];
  /** Whether a run after all of these succeeded. */
  readonly mended?: boolean;
}

function runsOf({ errors = [''], code = 'RUN_EXECUTION_ERROR', outcome = 'failed' }: Night): readonly Run[] {
  return errors.map((_, index) => {
    const [id, day] = [String(90 - index), `2026-11-${20 - index}`];
    const times = { outcome, startedAt: `${day}T00:00:00Z`, endedAt: `${day}T00:30:00Z` };
    const task = { runId: `${id}1`, taskKey: 'join_orders', clusterId: 'c', terminationCode: code, ...times };
    return { id, jobId: '1', ...times, terminationCode: code, terminationType: null, message: '', tasks: [task], repairs: [] };
  });
}

const goodRun: Run = {
  ...{ id: '99', jobId: '1', outcome: 'succeeded', startedAt: '2026-11-20T01:00:00Z', endedAt: '2026-11-20T01:30:00Z' },
  ...{ terminationCode: 'SUCCESS', terminationType: null, message: '', tasks: [], repairs: [] },
};

/** A workspace that answers with that night, and counts how often its runs are listed. */
function workspaceOf(night: Night): { readonly reads: InvestigationReads; readonly listed: () => number } {
  let listed = 0;
  const errors = new Map(runsOf(night).map(({ tasks: [task] }, index) => [task?.runId ?? '', night.errors?.[index] ?? null]));
  const error = (id: string): Known<TaskError> => {
    const text = errors.get(id) ?? null;
    return text === null ? unknown('busy') : known({ error: text, trace: id === '901' ? (night.trace ?? '') : '' });
  };
  const workspace: WorkspaceReader = {
    ...{ name: 'prod', host: 'https://prod' },
    job: async () => known({ id: '1', name: 'orders-nightly', settings, managedBy: null }),
    jobsNamed: async () => known(['1']),
    runs: async () => {
      listed += 1;
      return known([...(night.mended ? [goodRun] : []), ...runsOf(night)]);
    },
    run: async () => unknown('not asked for'),
    details: {
      taskError: async (id) => error(id),
      clusterEvents: async () =>
        known(
          night.reason
            ? runsOf(night).map(({ endedAt }) => ({ type: 'TERMINATING', at: endedAt ?? '', reason: night.reason ?? '' }))
            : [],
        ),
      nodeTypes: async () => known([]),
    },
  };
  return { reads: { metrics: null, workspace, stages: null }, listed: () => listed };
}

const signal = (change: Partial<Signal> = {}): Signal => ({
  ...{ source: 'alertmanager', status: 'firing', alertname: 'PipelineFailed', labels: {}, annotations: {} },
  ...{ startsAt: '2026-11-20T00:31:00Z', endsAt: null, fingerprint: 'f' },
  ...change,
});

async function found(night: Night, change: { readonly target?: Partial<Target>; readonly signal?: Partial<Signal> } = {}) {
  const { reads, listed } = workspaceOf(night);
  const input = {
    signal: signal(change.signal),
    target: targetOf('oom', { job: { by: 'id', id: '1' }, ...change.target }),
    runbooks: shippedRunbooks(),
    files: [{ path: 'jobs/oom.json', text: settings }],
    config: { limits: openLimits },
  };
  const { match, diagnosis, plan, rejected } = await investigate(input, reads, clock);
  return { match, runbook: diagnosis.runbook, cause: diagnosis.causes[0]?.id, plan, rejected, listed: listed() };
}

const reset = 'java.net.SocketException: Connection reset';
const conflict = 'ConcurrentAppendException: Files were added to the root of the table by a concurrent update.';

describe('an alert that no runbook knows is answered by what the failed run of its job says', () => {
  test.each<[string, Night, string, string, 'change' | 'action' | 'advice']>([
    ['a reset connection', { errors: [reset] }, 'transient-failure', 'passing-failure', 'action'],
    ['the same three times', { errors: [reset, reset, reset] }, 'transient-failure', 'keeps-failing', 'advice'],
    [
      'the same a third time after something else',
      { errors: [reset, 'KeyError: 1', reset] },
      'transient-failure',
      'passing-failure',
      'action',
    ],
    ['one before that cannot be read', { errors: [reset, null, reset] }, 'transient-failure', 'passing-failure', 'advice'],
    ['a code alone', { errors: [''], code: 'CLOUD_FAILURE' }, 'transient-failure', 'passing-failure', 'action'],
    ['a cluster’s end', { errors: [''], reason: 'SPOT_INSTANCE_TERMINATION' }, 'nodes-lost', 'driver-taken', 'action'],
    [
      'a stockout',
      { errors: [''], code: 'CLUSTER_ERROR', reason: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT' },
      'cluster-start-failure',
      'cloud-has-none',
      'action',
    ],
    ['a quota', { errors: [''], reason: 'AZURE_QUOTA_EXCEEDED_EXCEPTION' }, 'cluster-start-failure', 'quota-used-up', 'advice'],
    ['a conflict', { errors: [conflict] }, 'delta-concurrent-write', 'conflict', 'action'],
    [
      'a broadcast, which says OutOfMemoryError too',
      { errors: ['java.lang.OutOfMemoryError: Not enough memory to build and broadcast the table to all worker nodes.'] },
      'broadcast-failure',
      'broadcast-too-large',
      'change',
    ],
    ['a timeout', { errors: [''], code: 'TIMEDOUT' }, 'task-timeout', 'ended-by-time', 'advice'],
    [
      'an init script',
      { errors: [''], code: 'CLUSTER_ERROR', reason: 'INIT_SCRIPT_FAILURE' },
      'library-or-init-script',
      'init-script-failed',
      'advice',
    ],
    [
      'a missing table',
      { errors: ['AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `a` cannot be found.'] },
      'unauthorized-or-missing-table',
      'table-missing',
      'advice',
    ],
    [
      'a driver',
      { errors: ['java.lang.OutOfMemoryError: Java heap space'], reason: 'DRIVER_OUT_OF_MEMORY' },
      'databricks-job-oom',
      'driver-memory',
      'advice',
    ],
    [
      'memory in the trace behind a lost worker',
      { errors: ['ExecutorLostFailure: worker lost'], trace: 'java.lang.OutOfMemoryError' },
      'databricks-job-oom',
      'executor-memory',
      'advice',
    ],
    [
      'a refused write whose trace names a reset connection',
      { errors: [conflict], trace: reset },
      'delta-concurrent-write',
      'conflict',
      'action',
    ],
  ])('%s', async (_, night, runbook, cause, kind) => {
    const { plan, ...answer } = await found(night);

    expect([answer.runbook, answer.cause, plan?.kind]).toEqual([runbook, cause, kind]);
    expect(answer.listed).toBe(1);
  });

  test('whatever sent it', async () => {
    const answer = await found({ errors: [conflict] }, { signal: { source: 'databricks', alertname: 'DatabricksJobFailed' } });

    expect(answer.runbook).toBe('delta-concurrent-write');
  });

  test('not by the runs of a job that succeeds, nor by a failure that is the code’s own', async () => {
    const succeeded = await found({ outcome: 'succeeded' });
    const own = await found({ errors: ['AnalysisException: column "timeout" cannot be resolved'] });

    expect([succeeded.match.found, own.match.found]).toEqual(['none', 'none']);
  });

  test('not where a runbook knows its name, whatever the run says', async () => {
    const answer = await found({ errors: [conflict] }, { signal: { alertname: 'SparkJobOutOfMemory' } });

    expect([answer.runbook, answer.cause]).toEqual(['databricks-job-oom', undefined]);
  });

  test('and where its words fit several runbooks, the run chooses among them', async () => {
    const annotations = { summary: 'failed: out of memory, or Connection reset' };
    const chosen = await found({ errors: [reset] }, { signal: { annotations } });
    const neither = await found({ errors: [conflict] }, { signal: { annotations } });

    expect(chosen.runbook).toBe('transient-failure');
    expect(neither.match).toEqual({ found: 'tie', runbooks: ['databricks-job-oom', 'transient-failure'] });
  });
});

test.each(['never', 'run-now'] as const)('where a rerun is %s, nothing is repaired', async (rerun) => {
  for (const error of [reset, conflict, 'spot instance was terminated']) {
    const { plan, rejected } = await found({ errors: [error] }, { target: { rerun } });

    expect([error, plan?.kind]).toEqual([error, 'advice']);
    expect(rejected.find(({ remedy }) => remedy === 'repair-the-run')?.why).toContain('the target says that a rerun is');
  }
});

test('what only the cluster told of three runs in a row is no bad luck any more', async () => {
  const [once, thrice] = [[''], ['', '', '']];
  const plans = [once, thrice].map((errors) => found({ errors, reason: 'SPOT_INSTANCE_TERMINATION' }));

  expect((await Promise.all(plans)).map(({ cause, plan }) => [cause, plan?.kind])).toEqual([
    ['driver-taken', 'action'],
    ['driver-taken', 'advice'],
  ]);
});

test('of many failed tasks those that failed first are asked what they failed of', async () => {
  const [run] = runsOf({});
  const [task] = run?.tasks ?? [];
  const { workspace } = workspaceOf({}).reads;
  if (run === undefined || task === undefined || workspace === null) throw new Error('no run');
  const tasks = [7, 6, 5, 4, 3, 2, 1].map((minute) => ({ ...task, runId: `${minute}`, endedAt: `2026-11-20T00:0${minute}:00Z` }));
  const asked: string[] = [];
  const details: WorkspaceReader['details'] = {
    ...workspace.details,
    taskError: async (id) => {
      asked.push(id);
      return known({ error: '', trace: '' });
    },
  };

  await readRuns({ ...workspace, runs: async () => known([{ ...run, tasks }]), details }, known('1'));

  expect(asked).toEqual(['1', '2', '3', '4', '5']);
});

test('a repair names the failed run', async () => {
  const { plan } = await found({ errors: [reset] });

  expect(plan?.kind === 'action' && plan.action).toEqual({ do: 'repair', runId: '90' });
});

describe('an alert about a failed run after which another succeeded', () => {
  test('is over, says the runbook of what that run failed of', async () => {
    const { runbook, cause, plan } = await found({ errors: [conflict], mended: true });
    expect([runbook, cause, plan]).toEqual(['delta-concurrent-write', 'recovered', null]);
  });

  test('stays without an answer where its name may be about something that a good run does not mend', async () => {
    const { match, plan } = await found({ errors: [conflict], mended: true }, { signal: { alertname: 'TableIsStale' } });
    expect([match?.found, plan]).toEqual(['none', null]);
  });

  test('stays without an answer where nobody can read what that run said', async () => {
    const { match } = await found({ errors: [null], mended: true });
    expect(match?.found).toBe('none');
  });
});
