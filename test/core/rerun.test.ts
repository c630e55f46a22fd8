import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rerunOfRollback } from '../../src/core/proposal.ts';
import { forbiddenRerun, foreignRun, rerunOf } from '../../src/core/rerun.ts';
import type { JobAction } from '../../src/model/change.ts';
import type { Run } from '../../src/model/job.ts';
import type { ChangeRecord, RerunHow } from '../../src/model/record.ts';
import { facts } from '../support/gate.ts';

type Asked = Pick<ChangeRecord, 'rerun' | 'action' | 'verification'>;

const [policy] = facts().change.policies;
const target = policy?.config.known ? policy.config.value.targets[0]! : null;
const permitting = (rerun: 'never' | 'repair' | 'run-now') => ({ ...target!, rerun });
const judged = (kind: 'batch' | 'streaming') => ({ kind, checks: [], settle_minutes: 0, within_minutes: 0 });
const batch = { action: null, verification: judged('batch') };
const stream = { action: null, verification: judged('streaming') };
const undoing = { action: null, verification: null };
const repair: Asked = { rerun: { how: 'repair', run_id: '7' }, ...batch };
const asking = (how: RerunHow) => ({ how, run_id: null });
const acting = (action: JobAction): Asked => ({ rerun: null, action, verification: judged('batch') });

describe('a rerun', () => {
  test.each([
    ['nothing', { rerun: null, ...batch }, null],
    ['a repair after a change', repair, { how: 'repair', runId: '7', parameters: {} }],
    ['a repair as all that is done', acting({ do: 'repair', runId: '8' }), { how: 'repair', runId: '8', parameters: {} }],
    [
      'a run with parameters',
      acting({ do: 'run-now', parameters: { day: '1' } }),
      { how: 'run-now', runId: null, parameters: { day: '1' } },
    ],
  ])('is what its record says: %s', (_, record, wanted) => {
    expect(rerunOf(record)).toEqual(wanted);
  });

  test.each([
    ['nothing asked is nothing forbidden', { rerun: null, ...batch }, 'never', null],
    ['what the target permits', repair, 'repair', null],
    ['a repair where a run is permitted', repair, 'run-now', 'repair'],
    ['a repair where nothing is permitted', repair, 'never', 'repair'],
    ['a cancel, always', acting({ do: 'cancel', runId: '7' }), 'repair', 'cancel'],
    ['a run of a batch job', { rerun: asking('run-now'), ...batch }, 'run-now', null],
    ['a run beside an endless one', { rerun: asking('run-now'), ...stream }, 'run-now', 'run-now of a stream'],
    ['a repair beside an endless run', { ...repair, ...stream }, 'repair', 'repair of a stream'],
    ['a restart where a run is permitted', { rerun: asking('restart'), ...stream }, 'run-now', null],
    ['a cancel and a run where a run is permitted', { rerun: asking('cancel-and-run'), ...stream }, 'run-now', null],
    ['a restart where nothing is permitted', { rerun: asking('restart'), ...stream }, 'never', 'restart'],
    [
      'a cancel and a run where a repair is permitted',
      { rerun: asking('cancel-and-run'), ...stream },
      'repair',
      'cancel-and-run',
    ],
    ['a restart of what ends by itself', { rerun: asking('restart'), ...batch }, 'run-now', 'restart of a batch job'],
    ['the restart of a rollback', { rerun: asking('restart'), ...undoing }, 'run-now', null],
    ['two at once', { ...repair, action: { do: 'repair', runId: '8' } }, 'repair', 'an action and a rerun'],
  ] as const)('is held to its target: %s', (_, record, permitted, wanted) => {
    expect(forbiddenRerun(record, permitting(permitted))).toBe(wanted);
  });

  test.each([
    ['restarts a stream that runs with the change', 'restart', 'run-now', false, { how: 'restart', run_id: null }],
    ['whoever starts its next run', 'cancel-and-run', 'run-now', false, { how: 'cancel-and-run', run_id: null }],
    ['not where that was done already', 'restart', 'run-now', true, null],
    ['not where it is not permitted any more', 'restart', 'never', false, null],
    ['and no batch job', 'run-now', 'run-now', false, null],
  ] as const)('of a rollback Proposal %s', (_, how, permitted, isUndone, wanted) => {
    expect(rerunOfRollback({ rerun: asking(how) }, permitting(permitted), isUndone)).toEqual(wanted);
  });

  test('repairs a run of its own job and no other', () => {
    const run = (jobId: string): Run => ({
      id: '7',
      jobId,
      outcome: 'failed',
      startedAt: '',
      endedAt: null,
      terminationCode: null,
      terminationType: null,
      message: '',
      tasks: [],
      repairs: [],
    });
    const id = fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }).map(String);
    fc.assert(
      fc.property(id, id, (own, other) => {
        expect(foreignRun(run(own), own)).toBeNull();
        if (own !== other) expect(foreignRun(run(other), own)?.code).toBe('repair_failed');
      }),
    );
  });
});
