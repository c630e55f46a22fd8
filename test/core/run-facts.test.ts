import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestFinished, runBehind, runFacts } from '../../src/core/run-facts.ts';
import type { RunReadings } from '../../src/core/run-readings.ts';
import type { Run, RunOutcome } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';

function run(outcome: RunOutcome, change: Partial<Run> = {}): Run {
  const times = { startedAt: '2026-11-20T00:00:00Z', endedAt: outcome === 'active' ? null : '2026-11-20T00:10:00Z' };
  const plain = { id: '1', jobId: '2', terminationCode: null, terminationType: null, message: '', tasks: [], repairs: [] };
  return { ...plain, ...times, outcome, ...change };
}

function read(runs: readonly Run[], change: Partial<RunReadings> = {}) {
  return runFacts({ runs: known(runs), errors: known([]), events: known([]), ...change });
}

describe('facts of runs', () => {
  test.each<[string, RunOutcome[], number | null, number | null, boolean]>([
    ['a failure after a success', ['failed', 'succeeded'], 1, 1, false],
    ['a success after a failure', ['succeeded', 'failed'], 0, 0, false],
    ['three failures', ['failed', 'failed', 'failed'], 1, 3, false],
    ['a run that is active does not count', ['active', 'failed', 'succeeded'], 1, 1, true],
    ['a cancelled run is passed over', ['canceled', 'succeeded'], 0, 0, false],
    ['an outcome nobody knows hides the latest', ['unknown', 'succeeded'], null, null, false],
    ['no run has finished', ['active'], null, 0, true],
    ['no run at all', [], null, 0, false],
  ])('%s', (_, outcomes, failed, inRow, active) => {
    const facts = read(outcomes.map((outcome) => run(outcome)));

    expect([facts.run_failed, facts.failures_in_row, facts.run_active]).toEqual([failed, inRow, active]);
  });

  test.each([
    ['Lost task 3.3: ExecutorLostFailure (executor 3 exited) Reason: Command exited with code 52', 'executor_oom'],
    ['java.lang.OutOfMemoryError: Java heap space', 'executor_oom'],
    ['Container killed by YARN for exceeding memory limits', 'container_killed'],
    ['The driver ran out of memory; java.lang.OutOfMemoryError', 'driver_oom'],
    ['Total size of serialized results is bigger than spark.driver.maxResultSize', 'driver_oom'],
    ['java.lang.OutOfMemoryError: Not enough memory to build and broadcast the table to all worker nodes', 'broadcast_oom'],
    ['Cannot broadcast the table that is larger than 8GB', 'broadcast_oom'],
    ['The spark driver is temporarily unavailable', 'driver_lost'],
    ['AnalysisException: no such column', 'code'],
    ['nobody knows this', 'other'],
  ])('the error %j is %s', (error, kind) => {
    expect(read([run('failed')], { errors: known([{ error, trace: '' }]) }).error_kind).toBe(kind);
  });

  test('an event of the cluster tells what the text does not', () => {
    const events = known([{ type: 'TERMINATING', at: '', reason: 'DRIVER_OUT_OF_MEMORY' }]);

    expect(read([run('failed')], { events }).error_kind).toBe('driver_oom');
  });

  test('a cluster that did not start is no memory failure', () => {
    expect(read([run('failed', { terminationCode: 'CLUSTER_ERROR' })]).error_kind).toBe('cluster_start');
  });

  test('a failure whose error could not be read has no kind', () => {
    expect(read([run('failed')], { errors: unknown('forbidden') }).error_kind).toBeNull();
  });

  test.each([
    ['the code that says it', { terminationCode: 'TIMEDOUT' }, 'timeout'],
    ['the message that says it', { message: 'Cluster c was terminated. Reason: INIT_SCRIPT_FAILURE' }, 'init_script'],
    ['no sign alone, which may hide a cause', { message: 'Connection reset' }, null],
    ['no code that stands for many causes', { terminationCode: 'CLUSTER_ERROR' }, null],
  ])('unless it is told by %s', (_, change, kind) => {
    const unread = unknown('forbidden');

    expect(read([run('failed', change)], { errors: unread }).error_kind).toBe(kind);
    expect(read([run('failed', change)], { events: unread }).error_kind).toBe(kind);
  });

  test('a success has no error', () => {
    expect(read([run('succeeded')])).toMatchObject({ error_kind: 'none', runs_failed_same: 0 });
  });

  test('the code, message and attempts are those of the task that failed first', () => {
    const common = { taskKey: 't', outcome: 'failed', clusterId: null, startedAt: '' } as const;
    const second = {
      ...common,
      runId: '12',
      endedAt: '2026-11-20T00:09:00Z',
      terminationCode: 'RUN_EXECUTION_ERROR',
      attempt: 1,
    };
    const first = { ...common, runId: '11', endedAt: '2026-11-20T00:05:00Z', terminationCode: 'CLUSTER_ERROR', attempt: 3 };
    const facts = read([run('failed', { terminationCode: 'RUN_EXECUTION_ERROR', tasks: [second, first], queuedSeconds: 90 })]);

    expect(facts).toMatchObject({
      termination_code: 'CLUSTER_ERROR',
      error_kind: 'cluster_start',
      attempts: 3,
      queue_seconds: 90,
    });
  });

  test('what no run tells is unknown, each by itself', () => {
    const facts = read([run('failed')], { events: unknown('busy') });

    expect(facts).toMatchObject({ run_failed: 1, error_kind: null, termination_code: null, termination_type: null });
    expect(facts).toMatchObject({
      attempts: null,
      cluster_reason: null,
      nodes_lost: null,
      preempted_nodes: null,
      queue_seconds: null,
    });
    expect(facts.runs_failed_same).toBeNull();
  });

  test.each<[string, readonly (string | null)[], number | null]>([
    ['nobody looked further', [], 1],
    ['the one before failed of something else', ['KeyError: 1', 'Connection reset'], 1],
    ['two in a row', ['Connection reset', 'KeyError: 1'], 2],
    ['three in a row', ['Connection reset', 'Connection reset'], 3],
    ['the one before cannot be read', [null, 'Connection reset'], null],
    ['one behind another kind cannot be read', ['KeyError: 1', null], 1],
  ])('failures of the same kind: %s', (_, before, count) => {
    const earlier = before.map((error) => ({
      errors: error === null ? unknown('busy') : known([{ error, trace: '' }]),
      events: known([]),
    }));
    const errors = known([{ error: 'Connection reset', trace: '' }]);

    const facts = read([run('failed'), run('canceled'), run('failed'), run('failed'), run('succeeded'), run('failed')], {
      errors,
      earlier,
    });

    expect(facts.runs_failed_same).toBe(count);
  });

  test('failures behind a success are not in a row with the latest', () => {
    const errors = known([{ error: 'Connection reset', trace: '' }]);

    const earlier = [{ errors, events: known([]) }];

    expect(read([run('failed'), run('succeeded'), run('failed')], { errors, earlier }).runs_failed_same).toBe(1);
  });

  test('what only the cluster’s events tell of counts in a row, too, and what they might tell is unknown', () => {
    const events = known([{ type: 'NODES_LOST', at: '', reason: 'SPOT_INSTANCE_TERMINATION' }]);
    const same = (before: RunReadings['events']) =>
      read([run('failed'), run('failed')], { events, earlier: [{ errors: known([]), events: before }] }).runs_failed_same;

    expect([same(events), same(known([])), same(unknown('busy'))]).toEqual([2, 1, null]);
  });

  test('events count while the run lasted: a shared cluster has those of other runs too', () => {
    const lostAt = (at: string, reason = 'SPOT_INSTANCE_TERMINATION') => ({ type: 'NODES_LOST', at, reason });
    const events = known([
      lostAt('2026-11-19T23:59:00Z'),
      lostAt('2026-11-20T00:05:00Z'),
      lostAt('2026-11-20T00:06:00Z', ''),
      lostAt('2026-11-20T00:30:00Z'),
      { type: 'TERMINATING', at: '2026-11-20T00:11:00Z', reason: 'JOB_FINISHED' },
      { type: 'TERMINATING', at: '2026-11-20T02:00:00Z', reason: 'DRIVER_OUT_OF_MEMORY' },
    ]);

    const facts = read([run('failed')], { events });

    expect(facts).toMatchObject({ nodes_lost: 2, preempted_nodes: 1, cluster_reason: 'JOB_FINISHED', error_kind: 'preempted' });
  });

  test.each<[string, readonly string[], number | null]>([
    ['no node was lost', [], 0],
    ['nodes were lost for another reason', ['CLOUD_PROVIDER_SHUTDOWN'], 0],
    ['nodes were lost and nobody says why', [''], null],
    ['some were taken back, of others nobody says why', ['', 'SPOT_INSTANCE_TERMINATION'], 1],
  ])('nodes taken back where %s', (_, reasons, count) => {
    const events = known(reasons.map((reason) => ({ type: 'NODES_LOST', at: '', reason })));

    expect(read([run('failed')], { events }).preempted_nodes).toBe(count);
  });

  test.each<[string, readonly string[], string]>([
    ['which was not terminated has no reason', [], 'none'],
    [
      'has the reason that explains a failure, whatever came after',
      ['JOB_FINISHED', 'INIT_SCRIPT_FAILURE'],
      'INIT_SCRIPT_FAILURE',
    ],
    ['has a plain one else', ['', 'JOB_FINISHED'], 'JOB_FINISHED'],
  ])('a cluster %s', (_, reasons, reason) => {
    const events = known(reasons.map((one) => ({ type: 'TERMINATING', at: '', reason: one })));

    expect(read([run('failed')], { events }).cluster_reason).toBe(reason);
  });

  test('nodes that could not be added do not explain a failure: the run went on with fewer', () => {
    const events = known([{ type: 'ADD_NODES_FAILED', at: '', reason: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT' }]);

    expect(read([run('failed')], { events }).error_kind).toBe('other');
  });

  test('the usual duration is the median of the last five good runs', () => {
    const took = (minutes: number) =>
      run('succeeded', { endedAt: new Date(Date.parse('2026-11-20T00:00:00Z') + minutes * 60_000).toISOString() });

    expect(read([10, 12, 11, 90, 13, 500, 500].map(took)).run_seconds_usual).toBe(12 * 60);
  });

  test('nothing is known when the runs could not be read', () => {
    const facts = runFacts({ runs: unknown('forbidden'), errors: unknown('x'), events: unknown('x') });

    expect(Object.values(facts).every((value) => value === null)).toBe(true);
  });

  test('the latest finished run never is one that still runs, was cancelled or is not understood', () => {
    const outcomes = fc.array(fc.constantFrom<RunOutcome>('succeeded', 'failed', 'canceled', 'active', 'unknown'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(outcomes, (all) => {
        const found = latestFinished(all.map((outcome) => run(outcome)));
        expect(found === null || found.outcome === 'succeeded' || found.outcome === 'failed').toBe(true);
        expect(found === null).toBe(!all.some((outcome) => outcome === 'succeeded' || outcome === 'failed'));
      }),
    );
  });
});

describe('the run that an alert without a runbook is about', () => {
  const [good, bad, older] = [run('succeeded', { id: '3' }), run('failed', { id: '2' }), run('failed', { id: '1' })];
  const named = (alertname: string) => ({ source: 'alertmanager' as const, alertname });

  test.each([
    ['is the latest when that failed, whatever the alert is called', named('TableIsStale'), [bad, older], '2'],
    [
      'is the last that failed when the alert is about failing runs and a later one succeeded',
      named('DatabricksJobFailed'),
      [good, bad, older],
      '2',
    ],
    ['is that one, too, when Databricks itself told of it', { source: 'databricks' as const, alertname: 'x' }, [good, bad], '2'],
    ['is none when a good run may not have mended what the alert is about', named('TableIsStale'), [good, bad], null],
    ['is none when no run failed', named('PipelineFailing'), [good], null],
    ['is none when none has finished', named('JobFailure'), [run('active')], null],
  ])('%s', (_, signal, runs, id) => {
    expect(runBehind(signal, runs)?.id ?? null).toBe(id);
  });

  test.each([
    'DatabricksJobFailed',
    'job_failing',
    'FailedRun',
    'Pipeline failure',
    'WorkflowFails',
    'failed job',
    'TaskFailure',
  ])('%s is about failing runs', (alertname) => {
    expect(runBehind(named(alertname), [good, bad])).toBe(bad);
  });

  test.each(['KafkaConsumerLagHigh', 'FailoverHappened', 'DiskFailure', 'JobSlow'])('%s is not', (alertname) => {
    expect(runBehind(named(alertname), [good, bad])).toBeNull();
  });
});

test('a newest run that was stopped says so, and only that', () => {
  expect(read([run('canceled'), run('succeeded')]).run_canceled).toBe(true);
  expect(read([run('succeeded'), run('canceled')]).run_canceled).toBe(false);
  expect(read([]).run_canceled).toBeNull();
});
