import { describe, expect, test } from 'vitest';
import { type ClosePorts, reportRollout } from '../../src/flow/close.ts';
import type { HistoryEntry } from '../../src/model/history.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { ChangeRecord } from '../../src/model/record.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import type { Thread } from '../../src/model/thread.ts';
import type { Verification } from '../../src/model/verification.ts';
import { STATUS_MARKER } from '../../src/render/gate.ts';
import { incidentMarker } from '../../src/render/incident.ts';
import { MERGE, record } from '../support/gate.ts';

const seen = { at: '2026-11-23T04:00:00.000Z', run: '1.1' };
const derived = (pull: number | null): RolloutEntry => ({ what: 'derived', ...seen, pull, changes: 1 });
const written: RolloutEntry = { what: 'written', ...seen, writes: 1, direction: 'apply' };
const done: RolloutEntry = { what: 'done', ...seen };
const refused = (code: string): RolloutEntry => ({ what: 'refused', ...seen, code, detail: `${code} here` });
const verified = (verdict: Verification['verdict']): RolloutEntry => ({
  what: 'verified',
  ...seen,
  verification: { verdict, checks: [], runId: null, at: seen.at, expectedAt: null },
});

/** Comment 900 is the gate's status on pull request 12. */
const STATUS = 900;

function threadOf(number: number, title: string, body: string): Thread {
  return { number, state: 'open', title, body, labels: [], createdAt: seen.at, closedAt: null, isPull: false };
}

/** Threads and logs that outlive reports. */
function world(
  logs: Readonly<Record<string, readonly RolloutEntry[]>>,
  past: readonly HistoryEntry[] = [],
  brought: Partial<ChangeRecord> = {},
) {
  const state = {
    said: [] as string[],
    bodies: [] as string[],
    status: '',
    listed: [] as number[],
    closed: [] as number[],
    opened: [] as string[],
    threads: [] as Thread[],
    announced: [] as number[],
    history: new Map<number, HistoryEntry[]>([[7, [...past]]]),
    asked: 0,
  };
  const never = async () => {
    throw new Error('not asked here');
  };
  const ports: ClosePorts = {
    clock: { now: async () => new Date('2026-11-23T04:10:00Z'), sleep: async () => undefined },
    issues: {
      findByMarker: async (marker) => state.threads.filter((one) => one.body.includes(marker)),
      thread: never,
      notes: async (thread) => {
        state.listed.push(thread);
        const status = { id: STATUS, body: `The gate is open. ${STATUS_MARKER}`, ours: true, createdAt: seen.at };
        const others = [
          { ...status, id: 1, ours: false },
          { ...status, id: 2, body: 'another comment' },
        ];
        return thread === 12 ? [...others, status] : others;
      },
      reviews: never,
      open: async (title, body) => {
        state.opened.push(title);
        const thread = threadOf(30 + state.threads.length, title, body);
        state.threads.push(thread);
        return thread;
      },
      update: async (number) => {
        state.closed.push(number);
      },
      comment: async (number, body) => {
        if (body.includes('Break-glass was used')) state.announced.push(number);
        state.bodies.push(body);
        state.said.push(`#${number} ${body.split('\n')[0]} ${/Target `([^`]*)`/.exec(body)?.[1]}`);
        return 1;
      },
      editComment: async (id, body) => {
        if (id !== STATUS) throw new Error(`comment ${id} is not ours to edit`);
        state.status = body;
      },
      react: never,
    },
    content: { tip: never, read: async () => null, list: async () => [] },
    config: { config: async () => ({ ok: false, commit: 'c', faults: [] }), runbooks: never },
    merged: {
      merged: never,
      at: async (merge) => {
        state.asked++;
        const path = '.sluice/changes/7-1.json';
        return known({ changes: [{ path, record: record(brought), merge, order: 0, derived: false }], touched: [] });
      },
    },
    log: { read: async ({ target }) => (logs[target] ? known(logs[target]) : unknown('unreadable')) },
    history: {
      read: async (thread) => ({ entries: state.history.get(thread) ?? [], forged: 0 }),
      readPull: never,
      mark: (thread, entries) => {
        state.history.set(thread, [...(state.history.get(thread) ?? []), ...entries]);
        return '<!-- mark -->';
      },
    },
    proposals: { commit: never, open: never, find: never, explain: never, merge: never },
    repositoryId: 1,
  };
  return { state, report: (target: string) => reportRollout(MERGE, target, ports) };
}

describe('the end of a rollout', () => {
  test('of a record is told on its incident, which is closed', async () => {
    const { state, report } = world({ orders: [written, verified('improved')] });
    await report('orders');
    expect([state.said, state.closed]).toEqual([['#7 ### The change helped: verified. orders'], [7]]);
  });

  test('of a person’s change is told on its pull request, and nothing else is read', async () => {
    const { state, report } = world({ orders: [derived(12), written, done] });
    await report('orders');
    expect([state.said, state.closed, state.asked]).toEqual([['#12 ### Applied; the job and Git agree. orders'], [], 0]);
  });

  test('of one merge for two targets is told for each, once', async () => {
    const { state, report } = world({ a: [derived(12), refused('drift')], b: [derived(12), written, done] });
    for (const target of ['a', 'b', 'a', 'b']) await report(target);
    expect(state.said).toEqual(['#12 ### The merged change was not applied. a', '#12 ### Applied; the job and Git agree. b']);
  });

  test.each([
    ['steps on the way', [derived(12), written]],
    ['a rollback under way', [written, verified('worse')]],
    ['a pull request that could not be read', [derived(null), refused('facts_unavailable')]],
    ['an empty log', []],
  ] as const)('is not told for %s', async (_, entries) => {
    const { state, report } = world({ orders: entries });
    await report('orders');
    expect(state.said).toEqual([]);
  });

  test('is not told of a log that cannot be read, nor of a target that the merge did not bring', async () => {
    const { state, report } = world({ other: [written, verified('improved')] });
    expect([await report('orders'), await report('other')]).toEqual([null, null]);
    expect(state.said).toEqual([]);
  });

  test('is not what a held rollback is: people are told why it waits', async () => {
    const { state, report } = world({ orders: [written, verified('worse'), refused('hold')] });
    await report('orders');
    expect([state.said, state.closed]).toEqual([['#7 ### The change did not help; it is being rolled back. orders'], []]);
  });
});

describe('merged_around_gate', () => {
  const pushed = [derived(null), refused('merged_around_gate')];

  test('of a push is told on an issue about that commit, with what to do, once for all its targets', async () => {
    const { state, report } = world({ a: pushed, b: pushed });
    for (const target of ['a', 'b', 'a']) await report(target);
    expect(state.opened).toEqual([`A change went around the gate: ${MERGE.slice(0, 12)}`]);
    expect(state.said).toEqual(['#30 ### The merged change was not applied. a', '#30 ### The merged change was not applied. b']);
    expect(state.threads[0]?.body).toContain(`git revert ${MERGE}`);
  });

  test('of a record that was pushed is told on the incident that it names, if it is one', async () => {
    const { state, report } = world({ orders: [refused('merged_around_gate')] });
    state.threads.push(threadOf(7, 'An incident', incidentMarker('0123456789abcdef')));
    await report('orders');
    expect([state.opened, state.said]).toEqual([[], ['#7 ### The merged change was not applied. orders']]);
  });

  test('of a record that names a thread of other people is told on an issue of its own', async () => {
    const { state, report } = world({ orders: [refused('merged_around_gate')] });
    state.threads.push(threadOf(7, 'Something else', 'no incident'));
    await report('orders');
    expect([state.opened.length, state.said]).toEqual([1, ['#31 ### The merged change was not applied. orders']]);
  });
});

describe('a stream whose change was rolled back', () => {
  const verification = { kind: 'streaming' as const, checks: [], settle_minutes: 0, within_minutes: 0 };
  const undone: RolloutEntry = { ...written, direction: 'rollback' };
  const restart: RolloutEntry = { what: 'rerun-intent', ...seen, how: 'restart', subject: '42' };
  const rerun: RolloutEntry = { what: 'rerun', ...seen, id: '9' };
  const log = [written, verified('worse'), undone];

  test.each([
    ['has its old settings once it was started again', [...log, restart, rerun], 'The stream was started again with them.'],
    [
      'that may not be restarted still has the change until a person starts it',
      log,
      'still has the changed value until it is started again: start it by hand, the target permits no restart.',
    ],
    [
      'whose restart is held up still has the change, and the reason is told',
      [...log, restart, refused('hold')],
      'Reason: `hold here`\n\nThe job has its old settings again. A run of the stream that is under way still has the changed value until it is started again, which is held up.',
    ],
    [
      'whose restart came too late is told of in the same words',
      [...log, restart, rerun, refused('repair_failed')],
      'Reason: `repair_failed here`',
    ],
  ])('%s', async (_, entries, words) => {
    const { state, report } = world({ orders: entries }, [], { verification });
    await report('orders');
    expect(state.bodies).toEqual([expect.stringContaining(words)]);
  });

  test('is not told of while its restart is under way', async () => {
    const { state, report } = world({ orders: [...log, restart] }, [], { verification });
    await report('orders');
    expect(state.said).toEqual([]);
  });

  test('of a batch job nothing is said of runs: its next one has the old settings', async () => {
    const { state, report } = world({ orders: log });
    await report('orders');
    expect(state.bodies[0]).not.toContain('run of the stream');
  });
});

describe('a change that two people let pass', () => {
  const broke: RolloutEntry = {
    what: 'broke-glass',
    ...seen,
    use: { pull: 12, head: 'a'.repeat(40), digest: 'd', glass: { people: [{ login: 'omar', reason: 'fire' }], lifted: [] } },
  };

  test.each([
    ['a record, on its incident', [broke, written, verified('awaiting-run')], 7],
    ['a person’s change, on its pull request', [derived(12), broke, written, verified('awaiting-run')], 12],
  ] as const)('is announced with the first report of %s, once', async (_, log, thread) => {
    const entries: RolloutEntry[] = [...log];
    const { state, report } = world({ orders: entries });
    await report('orders');
    entries.push(verified('improved'));
    await report('orders');
    expect([state.opened, state.announced]).toEqual([['Break-glass was used: #12'], [thread]]);
    expect(state.said).toHaveLength(2);
  });

  test('is announced once for all targets of a merge, and its status says so', async () => {
    const { state, report } = world({ a: [derived(12), broke, written, done], b: [derived(12), broke, written, done] });
    for (const target of ['a', 'b']) await report(target);
    expect([state.opened.length, state.announced]).toEqual([1, [12]]);
    expect(state.status).toContain('Break-glass was used: #30 waits for an owner.');
  });

  test('was announced at our own merge already', async () => {
    const told = { what: 'broke-glass', at: seen.at, pull: 12, head: 'a'.repeat(40), issue: 30 } as const;
    const { state, report } = world({ orders: [broke, written, verified('improved')] }, [told]);
    await report('orders');
    expect([state.opened, state.announced, state.said.length]).toEqual([[], [], 1]);
  });
});

describe('the status of a merged pull request', () => {
  const merged = { what: 'merged', at: seen.at, pull: 12, merge: MERGE, approvers: ['olga'], status: STATUS } as const;
  const proposed = {
    what: 'proposed',
    at: seen.at,
    pull: 12,
    branch: 'sluice/7-1',
    head: 'a'.repeat(40),
    record: '.sluice/changes/7-1.json',
    kind: 'change',
  } as const;
  const helped = [written, verified('improved')];

  test('says where the rollout stands, who approved, and which incident has the rest; nothing is listed for it', async () => {
    const { state, report } = world({ orders: helped }, [merged]);
    await report('orders');
    expect(state.status.split('\n').filter((line) => line !== '')).toEqual([
      `### Merged as \`${MERGE}\`.`,
      `- \`orders\`: The change helped: verified. Applied at ${seen.at}. The incident is closed.`,
      'Approved by @olga.',
      'The incident #7 has the whole story.',
      STATUS_MARKER,
    ]);
    expect(state.listed).toEqual([]);
  });

  test('is looked for where a person merged the proposal', async () => {
    const { state, report } = world({ orders: helped }, [proposed]);
    await report('orders');
    expect(state.status).toContain('The change helped: verified.');
    expect(state.status).not.toContain('Approved by');
    expect(state.listed).toEqual([12]);
  });

  test('says when a run is expected, and once more how it ended', async () => {
    const log: RolloutEntry[] = [written, verified('awaiting-run')];
    const { state, report } = world({ orders: log }, [merged]);
    await report('orders');
    expect(state.status).toContain('waiting for the next run');
    log.push(verified('inconclusive'));
    await report('orders');
    expect(state.status).toContain('A person must look.');
  });

  test('is left alone where the record’s pull request is not known, or has no status of ours', async () => {
    for (const past of [[], [{ ...proposed, pull: 13 }]]) {
      const { state, report } = world({ orders: helped }, past);
      await report('orders');
      expect([state.status, state.closed]).toEqual(['', [7]]);
    }
  });

  test('names every target of a person’s merge', async () => {
    const { state, report } = world({ a: [derived(12), refused('drift')], b: [derived(12), written, done] });
    for (const target of ['a', 'b']) await report(target);
    expect(state.status.match(/^- .*$/gm)).toEqual([
      '- `a`: The merged change was not applied.',
      `- \`b\`: Applied; the job and Git agree. Applied at ${seen.at}. Nothing is left to do.`,
    ]);
  });
});
