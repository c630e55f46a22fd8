import { describe, expect, test } from 'vitest';
import type { ApplyReport } from '../../src/flow/apply-report.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import { unknown } from '../../src/model/known.ts';
import type { Merged } from '../../src/model/merged-change.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import { type ApplyWorld, applyWorld, touch } from '../support/apply.ts';
import { AFTER, approval, BEFORE, configOf, deltaOf, facts, HEAD, JOB_FILE, MERGE, olga, wendy } from '../support/gate.ts';

const OWNERS = '.github/CODEOWNERS';
const EVIL = 'e'.repeat(40);
const config = configOf();
type Touched = Merged['touched'][number];
const owners = (order: number, before: string | null = 'a', after: string | null = 'b', merge = EVIL): Touched => ({
  ...{ merge, order },
  files: [{ path: OWNERS, before, after }],
});

function merged(change: Parameters<typeof facts>[0]): GateFacts {
  const given = facts({ record: null, moment: 'apply', config, ...change });
  const { pull } = given.change;
  return pull.known
    ? { ...given, change: { ...given.change, pull: { ...pull, value: { ...pull.value, author: wendy } } } }
    : given;
}

/** A pull request of CODEOWNERS that was merged as EVIL. */
function policyFacts(comments = [approval({ author: olga, body: `/approve ${HEAD}` })]): GateFacts {
  const given = merged({ comments, codeowners: '* @olga\n' });
  const delta = deltaOf([{ path: OWNERS, before: '* @olga\n', after: '* @wendy\n' }]);
  const { pull, merge } = given.change;
  return {
    ...given,
    question: { moment: 'apply', merge: EVIL },
    change: {
      ...given.change,
      pull: pull.known ? { ...pull, value: { ...pull.value, mergeSha: EVIL } } : pull,
      delta: { known: true, value: delta },
      merge: merge?.known ? { ...merge, value: { ...merge.value, delta } } : merge,
    },
  };
}

function pushed(): GateFacts {
  const given = policyFacts();
  const why = unknown('no pull request was merged as this commit');
  return { ...given, change: { ...given.change, pull: why, delta: why, pushed: true, policies: [] } };
}

/** An approved change of a person, above a change of CODEOWNERS. */
const world = (policy: GateFacts, change: Partial<ApplyWorld> = {}) =>
  applyWorld({
    merged: { touched: [touch(MERGE, 0), owners(1)] },
    facts: { [MERGE]: merged({}), [EVIL]: policy },
    files: { [JOB_FILE]: AFTER, '.github/sluice.yml': 'mode: execute' },
    settings: BEFORE,
    config,
    ...change,
  });

const told = (reports: readonly ApplyReport[]) =>
  reports.map((one) => [one.decision, ...one.reasons.map(({ code, subject }) => `${code} ${subject}`)].join(' '));
const DIRTY = `refused policy_unapproved ${OWNERS}`;
const log = `${EVIL} /${OWNERS}`;

describe('while who decides was changed around the gate', () => {
  test.each([
    ['by a push', pushed()],
    ['by a merge without approval', policyFacts([])],
    ['by a merge that its own author approved', policyFacts([approval({ author: wendy, body: `/approve ${HEAD}` })])],
  ])('%s, nothing is applied, and it is noted once for an issue of its own', async (_, policy) => {
    const { state, attempt } = world(policy);
    expect(told(await attempt())).toEqual([DIRTY, DIRTY]);
    expect(told(await attempt())).toEqual([DIRTY, DIRTY]);
    expect(state.resets).toBe(0);
    expect(state.log.get(log)).toMatchObject([
      { what: 'derived', pull: null },
      { what: 'refused', code: 'policy_unapproved' },
    ]);
  });

  test('an approval after the fact lets everything go on', async () => {
    const { state, attempt } = world(policyFacts([]));
    await attempt();
    state.facts[EVIL] = policyFacts();
    await attempt();
    expect(state.resets).toBe(1);
  });

  test('what cannot be read refuses and accuses nobody', async () => {
    const given = policyFacts();
    const comments = unknown('GitHub answered 502');
    const { state, attempt } = world({ ...given, change: { ...given.change, comments } });
    expect(told(await attempt())[0]).toBe('refused facts_unavailable comments');
    expect([state.resets, state.log.has(log)]).toEqual([0, false]);
  });

  test('a history with an unseen change refuses', async () => {
    const { state, attempt } = world(policyFacts(), { merged: { touched: [touch(MERGE, 0)] }, unseen: 'a commit was not read' });
    expect(told(await attempt())).toEqual(['refused facts_unavailable history of the policy']);
    expect(state.resets).toBe(0);
  });

  test('a longer history than is read refuses nothing by itself', async () => {
    const { state, attempt } = world(policyFacts(), { merged: { touched: [touch(MERGE, 0), owners(1)], whole: false } });
    await attempt();
    expect(state.resets).toBe(1);
  });

  test('it is told in a dry run, and not noted', async () => {
    const { state, attempt } = world(pushed(), { heldBack: 'dry_run' });
    expect(told(await attempt())[0]).toBe(DIRTY);
    expect(state.appends).toEqual([]);
  });
});

describe('an owner’s /retry of a write in doubt', () => {
  const retry = approval({ id: 60, author: olga, body: '/retry', createdAt: '2026-11-23T03:45:00Z' });
  const seen = (at: string) => ({ at: `2026-11-23T${at}:00.000Z`, run: '0.1' });
  const inDoubt = (direction: 'apply' | 'rollback'): readonly RolloutEntry[] => [
    { what: 'derived', ...seen('01:00'), pull: 12, changes: 1 },
    ...(direction === 'rollback' ? [{ what: 'written' as const, ...seen('01:30'), writes: 1, direction: 'apply' as const }] : []),
    { what: 'intent', ...seen('02:00'), before: 'b', after: 'a', direction },
    { what: 'refused', ...seen('03:00'), code: 'in_doubt', detail: 'nobody can tell' },
  ];
  const doubted = (direction: 'apply' | 'rollback', policy: GateFacts) =>
    world(policy, {
      facts: { [MERGE]: merged({ comments: [approval(), retry] }), [EVIL]: policy },
      log: { [`${MERGE} orders`]: inDoubt(direction) },
    });

  test.each(['apply', 'rollback'] as const)('takes up no %s while who decides was changed around the gate', async (direction) => {
    const { state, attempt } = doubted(direction, pushed());
    expect(told(await attempt())).toEqual([DIRTY, DIRTY]);
    expect(state.resets).toBe(0);
    expect(state.log.get(`${MERGE} orders`)?.map(({ what }) => what)).not.toContain('retry');
  });

  test.each(['apply', 'rollback'] as const)('takes up an %s under a policy that was approved', async (direction) => {
    const { state, attempt } = doubted(direction, policyFacts());
    await attempt();
    expect(state.log.get(`${MERGE} orders`)?.map(({ what }) => what)).toContain('retry');
  });
});

describe('what was changed as it should be', () => {
  test('is applied under, and asked about once', async () => {
    const { state, attempt } = world(policyFacts());
    await attempt();
    await attempt();
    expect(state.resets).toBe(1);
    expect(state.gathered.filter((merge) => merge === EVIL)).toHaveLength(1);
    expect(state.log.get(log)).toMatchObject([{ what: 'derived', pull: null }, { what: 'done' }]);
  });

  test('may have been merged while no window was open', async () => {
    const windows = [{ name: 'never', days: ['mon' as const], from: '03:00', to: '05:00', zone: 'UTC' }];
    const closed = policyFacts();
    const policies = closed.change.policies.map((one) =>
      one.config.known ? { ...one, config: { ...one.config, value: { ...one.config.value, windows } } } : one,
    );
    const { state, attempt } = world({ ...closed, change: { ...closed.change, policies } });
    await attempt();
    expect(state.resets).toBe(1);
  });

  test('is back to what was approved last, and what went around is noted all the same', async () => {
    const { state, attempt } = world(pushed(), {
      merged: { touched: [touch(MERGE, 0), owners(1, 'b', 'a', '9'.repeat(40)), owners(2)] },
      facts: { [MERGE]: merged({}), [EVIL]: pushed(), ['9'.repeat(40)]: pushed() },
    });
    await attempt();
    expect(state.resets).toBe(1);
    expect(state.log.get(log)).toMatchObject([{ what: 'derived' }, { what: 'refused', code: 'policy_unapproved' }]);
  });

  test('is a first CODEOWNERS, unless another one stands that it would replace', async () => {
    const first = { touched: [touch(MERGE, 0), owners(1, null)] };
    const alone = world(pushed(), { merged: first });
    await alone.attempt();
    const beside = world(pushed(), { merged: first, files: { CODEOWNERS: '* @olga\n', [JOB_FILE]: AFTER } });
    expect(told(await beside.attempt())).toEqual([DIRTY, DIRTY]);
    expect([alone.state.resets, beside.state.resets]).toEqual([1, 0]);
  });
});

test('the policy is judged as of the very commit that the facts were read at', async () => {
  const w = world(pushed(), { merged: { touched: [touch(MERGE, 0)] } });
  const asked: (string | undefined)[] = [];
  const head = w.state.facts[MERGE]?.change.policies.at(-1)?.commit;
  const later = async (tip: string) => {
    asked.push(tip);
    return { known: true, value: { touched: tip === head ? [owners(0), touch(MERGE, 1)] : [], unseen: null } };
  };
  Object.assign(w.ports.merged, { policy: later });
  expect(told(await w.attempt())).toEqual([DIRTY]);
  expect(asked).toContain(head);
  expect(w.state.resets).toBe(0);
});
