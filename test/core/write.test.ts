import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldRollout } from '../../src/core/rollout.ts';
import { nextWriteStep, settingsDigest, type WriteFacts } from '../../src/core/write.ts';
import type { Change } from '../../src/model/change.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';

const change: Change = {
  file: 'jobs/a.json',
  selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
  old: '4',
  new: '8',
};
const settings = (workers: string) =>
  `{"name":"a","id":1234567890123456789,"job_clusters":[{"job_cluster_key":"main","new_cluster":{"num_workers":${workers}}}]}`;
const job = (workers: string, managedBy: 'bundle' | null = null) =>
  known({ id: '42', name: 'a', settings: settings(workers), managedBy });
const NOW = '2026-11-23T04:00:00.000Z';
const intent = (run: string, at: string): RolloutEntry => ({
  what: 'intent',
  at,
  run,
  before: 'b',
  after: 'a',
  direction: 'apply',
});

/** A job that holds the old value and that nobody has touched; each row changes one fact. */
function facts(given: Partial<WriteFacts> & { readonly entries?: readonly RolloutEntry[] } = {}): WriteFacts {
  const { entries = [], ...rest } = given;
  return {
    job: job('4'),
    changes: [change],
    rollout: foldRollout(entries),
    run: '1.1',
    sent: 'nothing',
    settled: false,
    now: NOW,
    ...rest,
  };
}

const rows: readonly (readonly [string, WriteFacts, string])[] = [
  ['an untouched job gets its intent noted first', facts(), 'intend'],
  ['the intent of this attempt is followed by the write', facts({ entries: [intent('1.1', NOW)] }), 'write'],
  ['the intent of an ended attempt settles before anything', facts({ entries: [intent('0.1', NOW)] }), 'settle'],
  [
    'a settled intent is written while it is young',
    facts({ entries: [intent('0.1', '2026-11-23T03:50:00.000Z')], settled: true }),
    'write',
  ],
  [
    'a settled intent that is too old is in doubt',
    facts({ entries: [intent('0.1', '2026-11-23T03:40:00.000Z')], settled: true }),
    'in_doubt',
  ],
  ['the wanted value is adopted without a write', facts({ job: job('8') }), 'adopt'],
  ['the wanted value is adopted after an intent too', facts({ job: job('8'), entries: [intent('0.1', NOW)] }), 'adopt'],
  [
    'a change that is half there is drift',
    facts({ changes: [change, { ...change, selector: 'name', old: '"b"', new: '"a"' }] }),
    'drift',
  ],
  [
    'a settled intent is young for exactly fifteen minutes',
    facts({ entries: [intent('0.1', '2026-11-23T03:45:00.000Z')], settled: true }),
    'write',
  ],
  ['somebody else’s value is drift', facts({ job: job('5') }), 'drift'],
  [
    'a cluster that is gone is drift',
    facts({ job: known({ id: '42', name: 'a', settings: '{"name":"a"}', managedBy: null }) }),
    'drift',
  ],
  ['a bundle’s job is never written', facts({ job: job('4', 'bundle') }), 'bundle_managed'],
  ['an unreadable job is never written', facts({ job: unknown('missing: job 42') }), 'job_missing'],
  ['a write that was answered and is not there is told', facts({ sent: 'answered' }), 'readback_mismatch'],
  ['a write without an answer settles', facts({ sent: 'unanswered' }), 'settle'],
  ['a write without an answer that never came is in doubt', facts({ sent: 'unanswered', settled: true }), 'in_doubt'],
  ['a write without an answer that landed is adopted', facts({ sent: 'unanswered', job: job('8') }), 'adopt'],
];

const tasks = (list: string) => known({ id: '42', name: 'a', settings: `{"tasks":[${list}]}`, managedBy: null });
const LOAD = '{"task_key":"load","max_retries":1}';
const added: Change = {
  file: 'jobs/a.json',
  selector: 'tasks[task_key=load]',
  old: null,
  new: '{"max_retries": 1, "task_key": "load"}',
};
const removed: Change = { ...added, old: added.new, new: null };
const wholes: readonly (readonly [string, WriteFacts, string])[] = [
  ['a task that is not there yet gets its intent', facts({ changes: [added], job: tasks('') }), 'intend'],
  [
    'a task that is there, with the server’s defaults, is adopted',
    facts({ changes: [added], job: tasks('{"task_key":"load","max_retries":1,"timeout_seconds":0}') }),
    'adopt',
  ],
  [
    'a task that is there with another value is drift',
    facts({ changes: [added], job: tasks('{"task_key":"load","max_retries":2}') }),
    'drift',
  ],
  ['a task to take out gets its intent', facts({ changes: [removed], job: tasks(LOAD) }), 'intend'],
  ['a task that is gone is adopted', facts({ changes: [removed], job: tasks('') }), 'adopt'],
  [
    'a task to take out that somebody edited is drift',
    facts({ changes: [removed], job: tasks('{"task_key":"load","max_retries":9}') }),
    'drift',
  ],
  [
    'the same text in another writing is no drift',
    facts({ changes: [{ ...change, selector: 'name', old: '"\\u0061"', new: '"b"' }] }),
    'intend',
  ],
];

describe('the next step of a write', () => {
  test.each(wholes)('%s', (_, given, wanted) => {
    const step = nextWriteStep(given);
    expect(step.do === 'refuse' ? step.reason.code : step.do).toBe(wanted);
  });

  test('a task is added at the end of the list and taken out of it, and nothing else moves', () => {
    const entries = [intent('1.1', NOW)];
    const other = '{"task_key":"x"}';
    expect(nextWriteStep(facts({ entries, changes: [added], job: tasks(other) }))).toEqual({
      do: 'write',
      body: `{"tasks":[${other}, ${added.new}]}`,
    });
    expect(nextWriteStep(facts({ entries, changes: [removed], job: tasks(`${LOAD},${other}`) }))).toEqual({
      do: 'write',
      body: `{"tasks":[${other}]}`,
    });
  });

  test.each(rows)('%s', (_, given, wanted) => {
    const step = nextWriteStep(given);
    expect(step.do === 'refuse' ? step.reason.code : step.do).toBe(wanted);
  });

  test('the body is the live document with the one value changed, ids exact', () => {
    const step = nextWriteStep(facts({ entries: [intent('1.1', NOW)] }));
    expect(step).toEqual({ do: 'write', body: settings('8') });
  });

  test('without an intent of this attempt, or a young settled one, nothing is ever written', () => {
    const entry = fc.record({
      run: fc.constantFrom('0.1', '1.1'),
      at: fc.constantFrom('2026-11-23T03:00:00.000Z', '2026-11-23T03:55:00.000Z'),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 3 }), fc.boolean(), fc.constantFrom('4', '5', '8'), (noted, settled, workers) => {
        const entries = noted.map(({ run, at }) => intent(run, at));
        const step = nextWriteStep(facts({ entries, settled, job: job(workers) }));
        if (step.do !== 'write') return;
        const last = noted.at(-1);
        expect(workers).toBe('4');
        expect(last?.run === '1.1' || (settled && last?.at === '2026-11-23T03:55:00.000Z')).toBe(true);
      }),
    );
  });
});

describe('the digest of settings', () => {
  test('ignores layout and key order', () => {
    expect(settingsDigest('{"a":1,"b":[1.0,"x"]}')).toBe(settingsDigest('{ "b": [1.0, "x"],\n "a": 1 }'));
  });

  test.each([
    ['{"a":9007199254740993}', '{"a":9007199254740992}'],
    ['{"a":1.0}', '{"a":1}'],
    ['{"a":"1"}', '{"a":1}'],
    ['{"a":"#1"}', '{"a":1}'],
  ])('tells %s from %s', (one, other) => {
    expect(settingsDigest(one)).not.toBe(settingsDigest(other));
  });
});
