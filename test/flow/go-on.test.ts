import { describe, expect, test } from 'vitest';
import type { ApplyReport } from '../../src/flow/apply-report.ts';
import type { Run } from '../../src/model/job.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { MergedChange } from '../../src/model/merged-change.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import { type ApplyWorld, applyWorld, touch } from '../support/apply.ts';
import { AFTER, approval, BEFORE, configOf, facts, JOB_FILE, MERGE, record, wendy } from '../support/gate.ts';

const OTHER = 'd'.repeat(40);
const PATH = '.sluice/changes/7-1.json';
const own = record({ rerun: { how: 'repair', run_id: '7' } });
const change: MergedChange = { path: PATH, record: own, merge: MERGE, order: 0, derived: false };
const hold = approval({ id: 60, author: wendy, body: '/hold', createdAt: '2026-11-23T03:50:00Z' });

const seen = { at: '2026-11-23T03:55:00.000Z', run: '0.1' };
const intent = (direction: 'apply' | 'rollback'): RolloutEntry => ({
  what: 'intent',
  ...seen,
  before: 'b',
  after: 'a',
  direction,
});
const written = (direction: 'apply' | 'rollback'): RolloutEntry => ({ what: 'written', ...seen, writes: 1, direction });
const rerunIntent: RolloutEntry = { what: 'rerun-intent', ...seen, how: 'repair', subject: '7' };
const worse: RolloutEntry = {
  what: 'verified',
  ...seen,
  verification: { verdict: 'worse', checks: [], runId: null, at: seen.at, expectedAt: null },
};

const world = (given: Partial<ApplyWorld> & { readonly comments?: readonly (typeof hold)[] } = {}) => {
  const { comments = [approval()], ...rest } = given;
  return applyWorld({
    merged: { changes: [change] },
    facts: { [MERGE]: facts({ record: own, moment: 'apply', comments }) },
    files: { [JOB_FILE]: AFTER, '.github/sluice.yml': 'x' },
    settings: BEFORE,
    ...rest,
  });
};
const told = (reports: readonly ApplyReport[]) =>
  reports.map((one) => [one.decision, ...one.reasons.map((reason) => reason.code)].join(' '));

describe('a rerun', () => {
  test('follows the write of its own attempt without another question, noted with it', async () => {
    const { state, attempt } = world();
    expect(told(await attempt())).toEqual(['awaiting-run']);
    expect([state.resets, state.repairs]).toEqual([1, 1]);
    expect(state.appends).toEqual([['intent'], ['written', 'rerun-intent'], ['rerun', 'verified']]);
    expect(state.gathered.length, 'once to decide, once right before the write').toBe(2);
  });

  const left: Partial<ApplyWorld> = {
    settings: AFTER,
    log: { [`${MERGE} orders`]: [intent('apply'), written('apply'), rerunIntent] },
  };

  test('that an ended attempt intended is started by the next, which asks again first', async () => {
    const { state, attempt } = world(left);
    expect(told(await attempt())).toEqual(['awaiting-run']);
    expect([state.repairs, state.gathered.length]).toEqual([1, 1]);
  });

  test.each<[string, Parameters<typeof world>[0], string]>([
    ['somebody holds', { comments: [approval(), hold] }, 'refused hold'],
    ['any branch may use the environment', { environment: known(false) }, 'refused environment_open'],
    ['nobody can tell who may use the environment', { environment: unknown('404') }, 'refused environment_open'],
  ])('that an ended attempt intended is not started while %s', async (_, given, wanted) => {
    const { state, attempt } = world({ ...left, ...given });
    expect(told(await attempt())).toEqual([wanted]);
    expect(state.repairs).toBe(0);
  });

  test('that an ended attempt started is not started again', async () => {
    const { state, attempt } = world(left);
    state.repairs = 1;
    expect(told(await attempt())).toEqual(['awaiting-run']);
    expect([state.repairs, state.gathered.length]).toEqual([1, 0]);
    expect(state.appends).toEqual([['rerun', 'verified']]);
  });
});

describe('a rollback', () => {
  const due: Partial<ApplyWorld> = {
    settings: AFTER,
    log: { [`${MERGE} orders`]: [intent('apply'), written('apply'), rerunIntent, { what: 'rerun', ...seen, id: 'r' }, worse] },
  };

  test('writes the inverse once', async () => {
    const { state, attempt } = world(due);
    expect(told(await attempt())).toEqual(['rolled-back']);
    expect([state.resets, state.settings]).toEqual([1, BEFORE]);
    expect(told(await attempt())).toEqual(['rolled-back diverged']);
    expect([state.resets, state.settings]).toEqual([1, BEFORE]);
  });

  test.each<[string, Parameters<typeof world>[0], string]>([
    ['somebody holds', { comments: [approval(), hold] }, 'refused hold'],
    ['any branch may use the environment', { environment: known(false) }, 'refused environment_open'],
    ['somebody changed the value since', { settings: AFTER.replace('"800"', '"900"') }, 'refused drift'],
  ])('is not written while %s, and says so once', async (_, given, wanted) => {
    const { state, attempt } = world({ ...due, ...given });
    expect(told(await attempt())).toEqual([wanted]);
    const noted = state.appends.length;
    expect(told(await attempt())).toEqual([wanted]);
    expect([state.resets, state.appends.length]).toEqual([0, noted]);
    expect(state.appends.at(-1)).toEqual(['refused']);
  });

  test('that was left half-way is finished before a person’s later change is held back by it', async () => {
    const after = AFTER.replace('"num_workers": 4', '"num_workers": 5');
    const given = facts({ record: null, before: AFTER, after, moment: 'apply' });
    const { pull } = given.change;
    const persons = {
      ...given,
      change: { ...given.change, pull: pull.known ? known({ ...pull.value, mergeSha: OTHER }) : pull },
    };
    const { state, attempt } = world({
      ...due,
      merged: { changes: [{ ...change, order: 1 }], touched: [touch(OTHER, 0)] },
      facts: { [MERGE]: facts({ record: own, moment: 'apply' }), [OTHER]: persons },
      files: { [JOB_FILE]: after, '.github/sluice.yml': 'x' },
    });
    expect(told(await attempt())).toEqual(['rolled-back', 'refused diverged']);
    expect([state.resets, state.settings]).toEqual([1, BEFORE]);
    expect(told(await attempt())).toEqual(['refused diverged']);
    expect(state.resets).toBe(1);
  });
});

describe('what an ended attempt left behind', () => {
  const DAY = 86_400_000;
  const due: Partial<ApplyWorld> = {
    settings: AFTER,
    log: { [`${MERGE} orders`]: [intent('apply'), written('apply'), rerunIntent, { what: 'rerun', ...seen, id: 'r' }, worse] },
  };

  test('is taken back only while its verification may take', async () => {
    const { state, attempt } = world(due);
    state.now += 10 * DAY;
    expect(told(await attempt())).toEqual(['rollback-due']);
    expect(state.resets).toBe(0);
  });

  test('is not taken back once the mode no longer applies anything', async () => {
    const shadow = facts({ record: own, moment: 'apply', config: { mode: 'shadow' } });
    const { state, attempt } = world({ ...due, facts: { [MERGE]: shadow } });
    expect(told(await attempt())).toEqual(['refused mode_not_execute']);
    expect(state.resets).toBe(0);
  });

  test('is not taken back while a word that was said has been deleted', async () => {
    const deleted = known([{ what: 'comment_deleted' as const, at: '2026-11-23T03:59:00Z', actor: wendy, author: wendy }]);
    const { state, attempt } = world({
      ...due,
      facts: { [MERGE]: facts({ record: own, moment: 'apply', change: { timeline: deleted } }) },
    });
    expect(told(await attempt())).toEqual(['refused hold']);
    expect(state.resets).toBe(0);
  });

  test('is no rerun any more after a quarter of an hour; verification goes on without it', async () => {
    const { state, attempt } = world({
      settings: AFTER,
      log: { [`${MERGE} orders`]: [intent('apply'), written('apply'), rerunIntent] },
    });
    state.now += DAY;
    await attempt();
    expect(state.repairs).toBe(0);
    expect(state.appends).toEqual([['rerun', 'refused', 'verified']]);
  });

  test('is no action any more once its approval was taken back', async () => {
    const acting = record({ kind: 'action', changes: [], action: { do: 'repair', runId: '7' }, rerun: null });
    const comments = [approval(), approval({ id: 51, body: '/unapprove', createdAt: '2026-11-23T03:58:00Z' })];
    const { state, attempt } = world({
      merged: { changes: [{ ...change, record: acting }] },
      facts: { [MERGE]: facts({ record: acting, moment: 'apply', comments, followUp: { blobs: [] } }) },
      log: { [`${MERGE} orders`]: [{ what: 'adopted', ...seen, direction: 'apply' }, rerunIntent] },
    });
    expect(told(await attempt())).toEqual(['refused facts_unavailable']);
    expect(state.repairs).toBe(0);
  });
});

test('without the apply App nothing is written: intent_unavailable, beside what the gate says', async () => {
  const { state, attempt } = world({ heldBack: 'intent_unavailable' });
  const [report] = await attempt();
  expect(report && told([report])).toEqual(['refused intent_unavailable']);
  expect(report?.verdict?.verdict).toBe('allow');
  expect([state.resets, state.repairs, state.appends]).toEqual([0, 0, []]);
});

test('a job that was rolled back admits no change, however many were merged since', async () => {
  const undone = [intent('apply'), written('apply'), worse, intent('rollback'), written('rollback')];
  const later = (sequence: number, merge: string, order: number): MergedChange => ({
    ...change,
    path: `.sluice/changes/7-${sequence}.json`,
    record: record({ sequence }),
    merge,
    order,
  });
  const { state, attempt } = world({
    merged: { changes: [later(3, OTHER, 0), later(2, 'e'.repeat(40), 1), { ...change, order: 2 }] },
    log: {
      [`${MERGE} orders`]: undone,
      [`${'e'.repeat(40)} orders`]: [{ what: 'refused', ...seen, code: 'diverged', detail: '' }],
    },
  });
  expect(told(await attempt())).toEqual(['refused diverged']);
  expect(state.resets).toBe(0);
});

describe('a stream that nothing but us starts again', () => {
  const checks = own.verification?.checks ?? [];
  const streaming = { kind: 'streaming' as const, checks, settle_minutes: 30, within_minutes: 600 };
  const asked = (change: Partial<Parameters<typeof record>[0]> = {}) =>
    record({ rerun: { how: 'cancel-and-run', run_id: null }, verification: streaming, ...change });
  const config = { targets: configOf().targets.map((target) => ({ ...target, rerun: 'run-now' as const })) };
  const active: Run = {
    ...{ id: '70', jobId: '42', outcome: 'active', startedAt: '2026-11-22T01:00:00Z', endedAt: null },
    ...{ terminationCode: null, terminationType: null, message: '', tasks: [], repairs: [] },
  };
  const gone: Run = { ...active, outcome: 'canceled', endedAt: seen.at };
  const failed: Run = {
    ...active,
    id: '69',
    outcome: 'failed',
    startedAt: '2026-11-21T01:00:00Z',
    endedAt: '2026-11-21T02:00:00Z',
  };
  const restart: RolloutEntry = { what: 'rerun-intent', ...seen, how: 'cancel-and-run', subject: '42' };
  const stopping: RolloutEntry = { ...restart, how: 'cancel', subject: '70' };
  const owed = [intent('apply'), written('apply'), worse, intent('rollback'), written('rollback'), restart];
  const streamWorld = (
    log: readonly RolloutEntry[],
    given: Partial<ApplyWorld> & { readonly comments?: readonly (typeof hold)[] } = {},
  ) => {
    const { comments = [approval()], ...rest } = given;
    const own = asked();
    return applyWorld({
      config,
      merged: { changes: [{ ...change, record: own }] },
      facts: { [MERGE]: facts({ record: own, moment: 'apply', comments, config }) },
      files: { [JOB_FILE]: AFTER, '.github/sluice.yml': 'x' },
      settings: BEFORE,
      runs: [active, failed],
      log: { [`${MERGE} orders`]: log },
      ...rest,
    });
  };

  test('is cancelled and run, each with its own intent, and with one token', async () => {
    const { state, attempt } = streamWorld([]);
    await attempt();
    expect([state.resets, state.cancelled, state.started.length]).toEqual([1, ['70'], 1]);
    const log = state.log.get(`${MERGE} orders`) ?? [];
    const intents = log.flatMap((one) => (one.what === 'rerun-intent' ? [`${one.how} ${one.subject}`] : []));
    expect(intents).toEqual(['cancel-and-run 42', 'cancel 70', 'run-now 42']);
  });

  test('is left alone where somebody made it start by itself since', async () => {
    const continuous = BEFORE.replace('{', '{"continuous": {"pause_status": "UNPAUSED"},');
    const { state, attempt } = streamWorld([], { settings: continuous });
    expect(told(await attempt())).toEqual(['refused repair_failed']);
    expect([state.resets, state.cancelled, state.started]).toEqual([1, [], []]);
  });

  test('that stands still because of us is said to, when somebody holds', async () => {
    const log = [intent('apply'), written('apply'), restart, stopping];
    const { state, attempt } = streamWorld(log, { comments: [approval(), hold], settings: AFTER, runs: [gone] });
    const [report] = await attempt();
    expect(report?.reasons.map(({ code, observed }) => [code, observed])).toEqual([
      ['hold', expect.anything()],
      ['repair_failed', 'it was cancelled and none is; the next wake-up starts it, or a person does'],
    ]);
    expect(state.started).toEqual([]);
  });

  test('is started again with its old settings by the attempt after the one that rolled back, which judges nothing', async () => {
    const { state, attempt } = streamWorld(owed);
    expect(told(await attempt())).toEqual(['rolled-back']);
    expect([state.resets, state.cancelled, state.started.length]).toEqual([0, ['70'], 1]);
    expect(state.appends.at(-1)).toEqual(['rerun']);
    expect(told(await attempt())).toEqual(['rolled-back diverged']);
    expect(state.started).toHaveLength(1);
  });

  test('is started again before the merged rollback of its change finds nothing left to write', async () => {
    const undoing = asked({ kind: 'rollback', sequence: 2, undoes: change.path, rerun: null, verification: null });
    const { state, attempt } = streamWorld(owed, {
      merged: {
        changes: [
          { ...change, path: '.sluice/changes/7-2.json', record: undoing, merge: OTHER, order: 0 },
          { ...change, record: asked(), order: 1 },
        ],
      },
      facts: {
        [MERGE]: facts({ record: asked(), moment: 'apply', config }),
        [OTHER]: facts({ record: undoing, moment: 'apply', config }),
      },
    });
    await attempt();
    expect([state.resets, state.cancelled, state.started.length]).toEqual([0, ['70'], 1]);
  });

  test('has another token for its restart after the rollback: Databricks gives one run for each', async () => {
    const first = streamWorld([]);
    const second = streamWorld(owed);
    await first.attempt();
    await second.attempt();
    expect(first.state.started[0]).not.toBe(second.state.started[0]);
  });
});
