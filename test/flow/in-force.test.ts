import { describe, expect, test } from 'vitest';
import type { ApplyReport } from '../../src/flow/apply-report.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import { known, unknown } from '../../src/model/known.ts';
import { type ApplyWorld, applyWorld, touch } from '../support/apply.ts';
import { AFTER, approval, BEFORE, configOf, facts, HEAD, JOB_FILE, MERGE, olga, type World, wendy } from '../support/gate.ts';

const [orders] = configOf().targets;
const config = configOf({ targets: [{ ...orders!, appliedBy: 'merge', rerun: 'never' }] });

/** A person's merge of a file that the merge itself applies. */
function persons(world: Partial<World> = {}): GateFacts {
  const given = facts({ record: null, moment: 'apply', config, ...world });
  const { pull } = given.change;
  return { ...given, change: { ...given.change, pull: pull.known ? known({ ...pull.value, author: wendy }) : pull } };
}

const world = (change: Partial<ApplyWorld> = {}) =>
  applyWorld({
    merged: { touched: [touch(MERGE, 0)] },
    facts: { [MERGE]: persons() },
    files: { [JOB_FILE]: AFTER, '.github/sluice.yml': 'mode: execute' },
    settings: BEFORE,
    config,
    ...change,
  });

const unapproved = { [MERGE]: persons({ comments: [] }) };
const told = (reports: readonly ApplyReport[]) =>
  reports.map((one) => [one.decision, ...one.reasons.map((reason) => reason.code)].join(' '));

describe('a change that its merge put into force', () => {
  test('without approval is told with the gate’s reasons, noted once with its pull request, and never written', async () => {
    const { state, attempt } = world({ facts: unapproved });
    expect(told(await attempt())).toEqual(['refused in_force approval_missing']);
    expect(told(await attempt())).toEqual(['refused in_force approval_missing']);
    expect([state.appends, state.resets]).toEqual([[['derived', 'refused']], 0]);
    expect(state.log.get(`${MERGE} orders`)).toMatchObject([{ pull: 12 }, { code: 'in_force' }]);
  });

  test('with approval is noted as done, and not asked about again', async () => {
    const { state, attempt } = world();
    expect(await attempt()).toEqual([]);
    expect(await attempt()).toEqual([]);
    expect([state.appends, state.gathered.length, state.resets]).toEqual([[['derived', 'done']], 1, 0]);
  });

  test('is in order once an owner approves it after the fact', async () => {
    const { state, attempt } = world({ facts: unapproved });
    await attempt();
    const late = approval({ createdAt: '2026-11-23T03:59:00Z', author: olga, body: `/approve ${HEAD}` });
    state.facts[MERGE] = persons({ comments: [late] });
    expect(await attempt()).toEqual([]);
    expect(state.appends.at(-1)).toEqual(['done']);
  });

  test('is judged as of its merge: a freeze that began since is no fault, one that it was merged in is', async () => {
    const frozen = (from: string) => ({
      ...config,
      freezes: [{ name: 'stop', from, to: '2026-11-30', zone: 'UTC' }],
    });
    const merged = { mergedAt: '2026-11-22T23:30:00Z' };
    const comments = [approval({ createdAt: '2026-11-22T23:00:00Z' })];
    const told_ = async (from: string) =>
      told(await world({ facts: { [MERGE]: persons({ config: frozen(from), pull: merged, comments }) } }).attempt());
    expect(await told_('2026-11-23')).toEqual([]);
    expect(await told_('2026-11-22')).toEqual(['refused in_force freeze_active']);
  });

  test('that was pushed is told without a pull request', async () => {
    const given = persons();
    const why = unknown('no pull request was merged as this commit');
    const change = { ...given.change, pull: why, delta: why, pushed: true, policies: [] };
    const { state, attempt } = world({ facts: { [MERGE]: { ...given, change, followUp: { ...given.followUp, blobs: [] } } } });
    expect(told(await attempt())).toEqual(['refused in_force']);
    expect(state.log.get(`${MERGE} orders`)).toMatchObject([{ pull: null }, { code: 'in_force' }]);
  });

  test('is told as unread where the gate could not be asked, and asked again', async () => {
    const given = persons();
    const comments = { known: false as const, why: 'GitHub answered 502' };
    const { state, attempt } = world({ facts: { [MERGE]: { ...given, change: { ...given.change, comments } } } });
    expect(told(await attempt())).toEqual(['refused facts_unavailable']);
    state.facts[MERGE] = given;
    expect(await attempt()).toEqual([]);
    expect(state.appends.at(-1)).toEqual(['done']);
  });

  test.each([
    ['is in force no more', { files: { [JOB_FILE]: BEFORE, '.github/sluice.yml': 'mode: execute' } }],
    ['was merged before Sluice looked after its target', { facts: { [MERGE]: persons({ comments: [], config: configOf() }) } }],
  ])('is not told when it %s', async (_, change) => {
    const { state, attempt } = world({ facts: unapproved, ...change });
    expect([await attempt(), state.appends]).toEqual([[], []]);
  });

  test('is told and not noted in a dry run', async () => {
    const { state, attempt } = world({ facts: unapproved, heldBack: 'dry_run' });
    expect([told(await attempt()), state.appends]).toEqual([['refused in_force approval_missing'], []]);
  });
});
