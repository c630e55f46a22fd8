import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { ownMerge, queueStep } from '../../../src/core/gate/queue.ts';
import type { ChangeFacts, GateFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { QueueFacts } from '../../../src/model/merge-queue.ts';
import { approval, BASE, bot, facts, HEAD, MERGE, olga, omar, record, SERVER_APP, type World } from '../../support/gate.ts';

/** The sound, approved proposal as the merge queue made it. */
function queued(
  world: Partial<World> = {},
  merge: Partial<{ parents: readonly string[]; delta: ChangeFacts['delta'] }> = {},
): GateFacts {
  const open = facts(world);
  const delta = merge.delta ?? open.change.delta;
  return {
    ...open,
    question: { moment: 'queue', pull: 12, commit: MERGE, parent: BASE },
    change: {
      ...open.change,
      merge: delta.known ? known({ parents: merge.parents ?? [BASE, HEAD], delta: delta.value }) : delta,
    },
  };
}

const codes = (given: GateFacts) => decideGate(given).reasons.map(({ code }) => code);
const entry = { path: 'jobs/other.json', oldMode: '100644', oldId: '1'.repeat(40), newMode: '100644', newId: '2'.repeat(40) };

describe('what the merge queue made of an approved pull request', () => {
  test('is allowed as a merge of its head and as one commit of the same content', () => {
    expect(decideGate(queued()).verdict).toBe('allow');
    expect(decideGate(queued({}, { parents: [BASE] })).verdict).toBe('allow');
  });

  test.each([
    ['holds other content', {}, { delta: known([entry]) }, 'merge_mismatch'],
    ['merges another head', {}, { parents: [BASE, 'd'.repeat(40)] }, 'merge_mismatch'],
    ['is several commits', {}, { parents: ['d'.repeat(40)] }, 'merge_mismatch'],
    ['cannot be read', {}, { delta: unknown('502') }, 'facts_unavailable'],
    ['belongs to a pull request that is closed', { pull: { state: 'closed' } }, {}, 'superseded'],
    ['has lost its approval', { comments: [] }, {}, 'approval_missing'],
    ['is held', { comments: [approval(), approval({ id: 51, body: '/hold' })] }, {}, 'hold'],
    [
      'was put there by the App, in a mode that merges nothing',
      { config: { mode: 'propose' }, protection: { queue: { entered: { by: bot.id }, removed: null } } },
      {},
      'mode_not_execute',
    ],
    ['has expired', { live: { now: '2026-11-24T03:00:00.000Z' } }, {}, 'expired'],
    ['has recovered', { live: { recovered: known(true) } }, {}, 'recovered'],
    ['is judged where the rules cannot be read', { change: { protection: unknown('502') } }, {}, 'check_unknown'],
    [
      'bears a forged check',
      {
        protection: {
          checks: [
            {
              name: 'sluice/gate',
              kind: 'status',
              appId: null,
              writer: 'wendy',
              required: false,
              standing: 'passed',
              said: 'success',
            },
          ],
        },
      },
      {},
      'check_forged',
    ],
  ] as const)('is not allowed where it %s', (_, world, merge, code) => {
    expect(codes(queued(world, merge))).toContain(code);
  });

  test('is allowed in a mode that merges nothing where a person put it there', () => {
    const protection = { queue: { entered: { by: olga.id }, removed: null } };
    expect(decideGate(queued({ config: { mode: 'propose' }, protection })).verdict).toBe('allow');
  });

  test('waits for nothing that GitHub had asked for before it let it in', () => {
    const protection = { review: 'review_required', conflicts: true, behind: true, strict: true } as const;
    expect(decideGate(queued({ protection })).verdict).toBe('allow');
  });
});

test('a head that is behind is no obstacle where a queue brings it up to date', () => {
  const behind = { behind: true, strict: true };
  expect(codes(facts({ protection: behind }))).toEqual(['base_moved']);
  expect(codes(facts({ protection: { ...behind, queue: { entered: null, removed: null } } }))).toEqual([]);
});

describe('the App', () => {
  const step = (queue: QueueFacts | null, world: Partial<World> = {}) => {
    const given = facts({ ...world, protection: { queue, ...world.protection } });
    return queueStep(given, decideGate(given));
  };
  const out: QueueFacts = { entered: null, removed: null };
  const inIt: QueueFacts = { entered: { by: 1 }, removed: null };
  const ours: QueueFacts = { entered: { by: bot.id }, removed: null };
  const removed = (at: string, by: number | null): QueueFacts => ({ entered: null, removed: { at, by } });
  const manual = { config: { merge: 'manual' } } as const;
  const required = { protection: { rules: [{ name: 'sluice/gate', appId: SERVER_APP }] } };

  test.each([
    ['enters what is allowed and its own to merge', out, {}, 'enter'],
    ['does nothing where there is no queue', null, {}, null],
    ['does not enter what is in it', inIt, {}, null],
    ['leaves it to a person where the merge is', out, manual, null],
    ['leaves it to a person where the change is theirs', out, { pull: { author: olga } }, null],
    ['does not enter what is not allowed', out, { comments: [] }, null],
    ['does not enter again what the queue took out', removed('2026-11-23T03:35:00Z', 118344674), {}, null],
    ['does not enter again what somebody took out whom GitHub does not name', removed('2026-11-23T03:35:00Z', null), {}, null],
    ['enters again after an approval that is newer', removed('2026-11-23T03:20:00Z', 118344674), {}, 'enter'],
    [
      'does not enter again what was taken out in the second of the approval',
      removed('2026-11-23T03:30:00Z', 118344674),
      {},
      null,
    ],
    [
      'enters again after one of two approvals that is newer',
      removed('2026-11-23T03:35:00Z', 118344674),
      { comments: [approval(), approval({ id: 51, author: omar, createdAt: '2026-11-23T03:40:00Z' })] },
      'enter',
    ],
    ['enters again what it took out itself', removed('2026-11-23T03:35:00Z', bot.id), {}, 'enter'],
    [
      'enters again what one of its accounts took out',
      removed('2026-11-23T03:35:00Z', bot.id),
      { live: { ours: [5, bot.id] } },
      'enter',
    ],
    ['takes out what it put there, once a person merges such changes', ours, manual, 'leave'],
    ['takes out what it put there, once the policy only proposes', ours, { config: { mode: 'propose' } }, 'leave'],
    ['takes out what it put there and is a person’s by now', ours, { ...manual, comments: [] }, 'leave'],
    ['leaves in it what somebody put there where the policy only proposes', inIt, { config: { mode: 'propose' } }, null],
    ['leaves in it what nobody knows who put it there', { entered: { by: null }, removed: null }, manual, null],
    ['takes out what is not allowed any more', inIt, { comments: [] }, 'leave'],
    ['takes out a person’s too where its check has to pass', inIt, { ...manual, ...required, comments: [] }, 'leave'],
    ['leaves a person’s alone where its check is advice', inIt, { ...manual, comments: [] }, null],
    [
      'leaves a person’s alone where anybody’s check will do',
      inIt,
      { ...manual, protection: { rules: [{ name: 'sluice/gate', appId: null }] }, comments: [] },
      null,
    ],
    [
      'leaves a person’s alone where another check has to pass',
      inIt,
      { ...manual, protection: { rules: [{ name: 'build', appId: SERVER_APP }] }, comments: [] },
      null,
    ],
    [
      'leaves a person’s alone where nobody told which App it is',
      inIt,
      { ...manual, protection: { rules: [{ name: 'sluice/gate', appId: null }] }, live: { appId: null }, comments: [] },
      null,
    ],
    ['leaves in it what only GitHub wants something of', inIt, { protection: { review: 'review_required' } }, null],
  ] as const)('%s', (_, queue, world, wanted) => {
    expect(step(queue, world)).toBe(wanted);
  });

  test('never enters what the gate does not allow, whatever the queue says', () => {
    const at = fc.constantFrom('2026-11-23T03:20:00Z', '2026-11-23T03:35:00Z');
    const queues = fc.record<QueueFacts>({
      entered: fc.option(fc.record({ by: fc.constantFrom(null, bot.id, olga.id) })),
      removed: fc.option(fc.record({ at, by: fc.constantFrom(null, bot.id, olga.id) })),
    });
    fc.assert(
      fc.property(queues, (queue) => {
        expect(step(queue, { comments: [] })).not.toBe('enter');
      }),
    );
  });
});

describe('what the App merges itself', () => {
  const broken = unknown('502');
  const [policy] = facts().change.policies;
  if (!policy) throw new Error('no policy');

  test('is its own proposal in execute mode where it was told to', () => {
    expect(ownMerge(facts())?.record).toEqual(record());
  });

  test.each<readonly [string, Partial<World>]>([
    ['another’s pull request', { pull: { author: olga } }],
    ['one that cannot be read', { change: { pull: broken } }],
    ['one in propose mode', { config: { mode: 'propose' } }],
    ['one that a person merges', { config: { merge: 'manual' } }],
    ['one without a record', { record: null }],
    ['one whose record cannot be read', { followUp: { record: broken } }],
    ['one without a policy', { change: { policies: [] } }],
    ['one whose policy cannot be read', { change: { policies: [{ ...policy, config: broken }] } }],
  ])('is not %s', (_, world) => {
    expect(ownMerge(facts(world))).toBeNull();
  });

  test('is taken out of no queue for a rule that cannot be read', () => {
    const given = facts({ config: { merge: 'manual' }, comments: [], change: { protection: broken } });
    const verdict = { ...decideGate(given), queue: { entered: { by: 1 }, removed: null } };
    expect(queueStep(given, verdict)).toBeNull();
    expect(queueStep({ ...given, change: { ...given.change, protection: null } }, verdict)).toBeNull();
  });
});
