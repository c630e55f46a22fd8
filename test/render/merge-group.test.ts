import { describe, expect, test } from 'vitest';
import { decideGate } from '../../src/core/gate/gate.ts';
import { gateStatus } from '../../src/render/gate.ts';
import { groupCheck } from '../../src/render/merge-group.ts';
import { facts } from '../support/gate.ts';

const allowed = decideGate(facts());
const waits = decideGate(facts({ comments: [] }));
const denied = decideGate(facts({ pull: { headRepositoryId: 1 } }));
const other = { ...denied, applies: false };

describe('our check on a merge group', () => {
  test.each([
    ['green, though none of it is ours', [other, other], 'success', 'Not a Sluice target'],
    ['green where all that is ours is allowed', [other, allowed], 'success', '#2 Approved by olga'],
    ['not green where one waits', [allowed, waits], 'action_required', '#2 wait: approval_missing (1 reason)'],
    ['red where one is refused', [denied, waits], 'failure', '#1 deny: fork (1 reason)'],
  ] as const)('is %s', (_, verdicts, conclusion, title) => {
    const check = groupCheck(verdicts.map((verdict, place) => ({ pull: place + 1, verdict })));
    expect([check.conclusion, check.title]).toEqual([conclusion, title]);
    expect(check.summary).toContain('## #1');
    expect(check.summary).not.toContain('sluice:status');
  });
});

describe('the status says of the merge queue', () => {
  test.each([
    ['nothing where there is none', allowed, null, null],
    ['that it is in it, whatever else is said', waits, { entered: { by: 1 }, removed: null }, 'It is in the merge queue.'],
    ['that it has not entered it yet', allowed, { entered: null, removed: null }, 'which it has not entered yet'],
    ['who puts it back', allowed, { entered: null, removed: { at: '2026-11-23T03:00:00Z', by: 1 } }, 'a person puts it back'],
    ['nothing of one that is not its turn yet', waits, { entered: null, removed: null }, null],
  ] as const)('%s', (_, verdict, queue, words) => {
    const told = gateStatus({ ...verdict, queue });
    if (words === null) expect(told).not.toContain('merge queue');
    else expect(told).toContain(words);
  });
});
