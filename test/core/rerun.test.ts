import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forbiddenRerun, foreignRun, rerunOf } from '../../src/core/rerun.ts';
import type { JobAction } from '../../src/model/change.ts';
import type { Run } from '../../src/model/job.ts';
import type { ChangeRecord } from '../../src/model/record.ts';
import { facts } from '../support/gate.ts';

type Asked = Pick<ChangeRecord, 'rerun' | 'action'>;

const [policy] = facts().change.policies;
const target = policy?.config.known ? policy.config.value.targets[0]! : null;
const permitting = (rerun: 'never' | 'repair' | 'run-now') => ({ ...target!, rerun });
const repair: Asked = { rerun: { how: 'repair', run_id: '7' }, action: null };
const acting = (action: JobAction): Asked => ({ rerun: null, action });

describe('a rerun', () => {
  test.each([
    ['nothing', { rerun: null, action: null }, null],
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
    ['nothing asked is nothing forbidden', { rerun: null, action: null }, 'never', null],
    ['what the target permits', repair, 'repair', null],
    ['a repair where a run is permitted', repair, 'run-now', 'repair'],
    ['a repair where nothing is permitted', repair, 'never', 'repair'],
    ['a cancel, always', acting({ do: 'cancel', runId: '7' }), 'repair', 'cancel'],
    ['two at once', { ...repair, action: { do: 'repair', runId: '8' } }, 'repair', 'an action and a rerun'],
  ] as const)('is held to its target: %s', (_, record, permitted, wanted) => {
    expect(forbiddenRerun(record, permitting(permitted))).toBe(wanted);
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
