import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunReadings } from '../../src/core/run-facts.ts';
import { latestFinished, runFacts } from '../../src/core/run-facts.ts';
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
    ['AnalysisException: no such column', 'other'],
  ])('the error %j is %s', (error, kind) => {
    expect(read([run('failed')], { errors: known([{ error, trace: '' }]) }).error_kind).toBe(kind);
  });

  test('an event of the cluster tells what the text does not', () => {
    const events = known([{ type: 'TERMINATING', at: '', reason: 'DRIVER_OUT_OF_MEMORY' }]);

    expect(read([run('failed')], { events }).error_kind).toBe('driver_oom');
  });

  test('a cluster that did not start is no memory failure', () => {
    expect(read([run('failed', { terminationCode: 'CLUSTER_ERROR' })]).error_kind).toBe('cluster');
  });

  test('a failure whose error could not be read has no kind', () => {
    expect(read([run('failed')], { errors: unknown('forbidden') }).error_kind).toBeNull();
  });

  test('a success has no error', () => {
    expect(read([run('succeeded')]).error_kind).toBe('none');
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
