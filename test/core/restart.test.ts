import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextRestartStep, type RestartFacts } from '../../src/core/restart.ts';
import type { Run, RunOutcome } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';

const since = '2026-11-23T04:00:00.000Z';
const run = (id: string, startedAt: string, outcome: RunOutcome = 'active'): Run => ({
  ...{ id, jobId: '42', outcome, startedAt, terminationCode: null, terminationType: null, message: '', tasks: [], repairs: [] },
  endedAt: outcome === 'active' || outcome === 'unknown' ? null : '2026-11-23T03:59:00.000Z',
});
const old = run('1', '2026-11-22T04:00:00.000Z');
const ended = run('1', '2026-11-22T04:00:00.000Z', 'canceled');
const newer = run('2', '2026-11-23T04:00:30.000Z');
const job = (settings: string) => known({ id: '42', name: 'a', settings, managedBy: null });
const continuous = job('{"continuous":{"pause_status":"UNPAUSED"}}');
const weekly = job('{"schedule":{"quartz_cron_expression":"0 0 0 ? * SUN"}}');

const facts = (change: Partial<RestartFacts> = {}): RestartFacts => ({
  ...{ how: 'restart', job: continuous, runs: known([old]), since, stopping: null, asked: false, late: false },
  ...change,
});
const byUs = (change: Partial<RestartFacts> = {}) => facts({ how: 'cancel-and-run', job: weekly, ...change });

describe('the restart of a stream', () => {
  test.each<[string, RestartFacts, string]>([
    ['its active run is cancelled where Databricks starts the next', facts(), 'cancel 1'],
    ['nothing is left to do once the old run has ended there', facts({ runs: known([ended]) }), 'done'],
    ['elsewhere the run is noted before it is cancelled', byUs(), 'intend-cancel 1'],
    ['then it is cancelled', byUs({ stopping: '1' }), 'cancel 1'],
    ['then it is waited for', byUs({ stopping: '1', asked: true }), 'settle 1'],
    ['then the job is run', byUs({ stopping: '1', runs: known([ended]) }), 'run'],
    ['a stream that had stopped before is run', byUs({ runs: known([]) }), 'run'],
    ['a run that was noted is not another one', byUs({ stopping: '0' }), 'intend-cancel 1'],
    ['a run that started since is the end of it', byUs({ runs: known([newer, ended]) }), 'done 2'],
    ['even beside the old one', facts({ runs: known([newer, old]) }), 'done 2'],
    ['even late', byUs({ runs: known([newer, ended]), late: true }), 'done 2'],
    ['a run that was skipped since is none', byUs({ runs: known([{ ...newer, outcome: 'canceled' }, ended]) }), 'run'],
    ['what goes on as it was is left alone when it is late', byUs({ late: true, stopping: '1' }), 'give-up'],
    ['what somebody else stopped is not started late', byUs({ late: true, runs: known([ended]) }), 'give-up'],
    ['what we stopped is started however late it is', byUs({ late: true, stopping: '1', runs: known([ended]) }), 'run'],
    ['no restart that was approved for a job that starts its runs itself', facts({ job: weekly }), 'refuse'],
    ['no run that was approved for one that does not', byUs({ job: continuous }), 'refuse'],
    ['a paused one does not', facts({ job: job('{"continuous":{"pause_status":"PAUSED"}}') }), 'refuse'],
    ['of several active runs none is chosen', byUs({ runs: known([old, { ...old, id: '3' }]) }), 'refuse'],
    ['a state that is not known may be an active run', byUs({ runs: known([{ ...old, outcome: 'unknown' }]) }), 'refuse'],
    ['what cannot be read is no answer: the runs', facts({ runs: unknown('503') }), 'refuse'],
    ['what cannot be read is no answer: the settings', facts({ job: unknown('503') }), 'refuse'],
  ])('%s', (_, given, wanted) => {
    const step = nextRestartStep(given);
    const about = step.do === 'done' ? step.id : 'runId' in step ? step.runId : null;
    expect([step.do, about].filter((part) => part !== null).join(' ')).toBe(wanted);
  });

  test('is never a run beside one that is active, and never a cancel of one that has the new settings', () => {
    const anyRun = fc.record({ id: fc.constantFrom('1', '2', '3'), isNew: fc.boolean(), active: fc.boolean() });
    const anyFacts = fc.record({
      how: fc.constantFrom('restart' as const, 'cancel-and-run' as const),
      job: fc.constantFrom(continuous, weekly),
      stopping: fc.constantFrom(null, '1'),
      asked: fc.boolean(),
      late: fc.boolean(),
    });
    fc.assert(
      fc.property(anyFacts, fc.array(anyRun, { maxLength: 4 }), (given, seen) => {
        const runs = seen.map(({ id, isNew, active }) => ({
          ...(isNew ? newer : old),
          id,
          outcome: active ? ('active' as const) : ('canceled' as const),
        }));
        const step = nextRestartStep({ ...given, runs: known(runs), since });
        const active = runs.filter(({ outcome }) => outcome === 'active');
        if (step.do === 'run') expect(active).toEqual([]);
        if (step.do === 'cancel') expect(active).toEqual([{ ...old, id: step.runId }]);
      }),
    );
  });
});
