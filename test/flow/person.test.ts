import { describe, expect, test } from 'vitest';
import type { ApplyReport } from '../../src/flow/apply-report.ts';
import type { GateFacts } from '../../src/model/gate.ts';
import { known, unknown } from '../../src/model/known.ts';
import type { MergedChange } from '../../src/model/merged-change.ts';
import type { RolloutEntry } from '../../src/model/rollout.ts';
import { type ApplyWorld, applyWorld, touch } from '../support/apply.ts';
import {
  AFTER,
  approval,
  BASE,
  BEFORE,
  configOf,
  deltaOf,
  facts,
  HEAD,
  JOB_FILE,
  MERGE,
  olga,
  record,
  type World,
  wendy,
} from '../support/gate.ts';

const LIVE = BEFORE.replace('"num_workers": 4', '"num_workers": 4, "custom_tags": {}');
const OTHER = 'd'.repeat(40);
const [orders] = configOf().targets;

/** What GitHub says of a person's merge that an owner approved. */
function persons(world: Partial<World> = {}, merge = MERGE): GateFacts {
  const given = facts({ record: null, moment: 'apply', ...world });
  const { pull } = given.change;
  return {
    ...given,
    question: { moment: 'apply', merge },
    change: { ...given.change, pull: pull.known ? known({ ...pull.value, mergeSha: merge, author: wendy }) : pull },
  };
}

const world = (change: Partial<ApplyWorld> = {}) =>
  applyWorld({
    merged: { touched: [touch(MERGE, 0)] },
    facts: { [MERGE]: persons() },
    files: { [JOB_FILE]: AFTER, '.github/sluice.yml': 'mode: execute' },
    settings: LIVE,
    ...change,
  });

const told = (reports: readonly ApplyReport[]) =>
  reports.map((one) => [one.decision, ...one.reasons.map((reason) => reason.code)].join(' '));

describe('a person’s merged change', () => {
  test('goes the way of a record: one write, noted before and after, whose it is said first', async () => {
    const { state, attempt } = world();
    const [report] = await attempt();

    expect(report).toMatchObject({
      decision: 'verified',
      writes: 1,
      change: { path: JOB_FILE, record: { incident: 12, sequence: 0, job_id: '42' } },
    });
    expect([state.resets, state.settings]).toEqual([1, LIVE.replace('"200"', '"800"')]);
    expect(state.appends).toEqual([
      ['derived', 'intent'],
      ['written', 'done'],
    ]);
    expect(state.log.get(`${MERGE} orders`)?.[0]).toMatchObject({ what: 'derived', pull: 12, changes: 1 });
    expect(await attempt()).toEqual([]);
  });

  test('that the job holds already is adopted without a write', async () => {
    const { state, attempt } = world({ settings: AFTER });
    expect(told(await attempt())).toEqual(['verified']);
    expect([state.resets, state.appends]).toEqual([0, [['derived', 'adopted', 'done']]]);
  });

  test('that somebody changed in the workspace is drift', async () => {
    const { state, attempt } = world({ settings: LIVE.replace('"200"', '"300"') });
    expect(told(await attempt())).toEqual(['refused drift']);
    expect(state.resets).toBe(0);
  });

  test('lists what else differs from Git, and carries it', async () => {
    const { state, attempt } = world({ settings: LIVE.replace('"num_workers": 4', '"num_workers": 9') });
    const [report] = await attempt();
    expect(report?.carried).toEqual([
      {
        code: 'settings_changed',
        subject: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
        expected: '4',
        observed: '9',
      },
    ]);
    expect(state.settings).toContain('"num_workers": 9');
  });

  test('is only looked at in a dry run', async () => {
    const { state, attempt } = world({ heldBack: 'dry_run' });
    const [report] = await attempt();
    expect(report).toMatchObject({ decision: 'dry-run', change: { record: { changes: [{ old: '"200"', new: '"800"' }] } } });
    expect([state.resets, state.appends]).toEqual([0, []]);
  });
});

describe('what is not applied', () => {
  const refusals: readonly (readonly [string, Partial<ApplyWorld>, readonly string[]])[] = [
    ['a change without an approval', { facts: { [MERGE]: persons({ comments: [] }) } }, ['refused approval_missing']],
    [
      'a change whose approval is too old',
      { facts: { [MERGE]: persons({ comments: [approval({ createdAt: '2026-11-20T03:00:00Z' })] }) } },
      ['refused approval_expired'],
    ],
    ['a change of high risk with one owner', renamed(), ['refused approval_missing']],
    ['a push without a pull request', { facts: { [MERGE]: pushed() } }, ['refused merged_around_gate']],
    ['a new job file', { facts: { [MERGE]: sides(null, AFTER) } }, ['refused job_missing']],
    ['a deleted job file', { facts: { [MERGE]: sides(AFTER, null) } }, ['refused no_surface']],
    ['a text that cannot be understood', { facts: { [MERGE]: persons({ after: '{' }) } }, ['refused parse_failed']],
    ['a mode that is not execute any more', { config: { mode: 'propose' } }, ['refused mode_not_execute']],
    ['an environment that any branch may use', { environment: known(false) }, ['refused environment_open']],
    ['a job whose name two jobs have', { ...named(known(['1', '2'])) }, ['refused target_mismatch']],
    ['a job that has another name in the older policy', { ...renamedTarget() }, ['refused target_mismatch']],
  ];

  test.each(refusals)('%s is refused, and nothing is written', async (_, change, reports) => {
    const { state, attempt } = world(change);
    expect(told(await attempt())).toEqual(reports);
    expect([state.resets, state.appends]).toEqual([0, [['derived', 'refused']]]);
    await attempt();
    expect(state.appends.length, 'the same refusal is noted once').toBe(1);
  });

  const nothings: readonly (readonly [string, Partial<ApplyWorld>])[] = [
    ['a text that means the same', { facts: { [MERGE]: persons({ after: BEFORE.replaceAll('\n', '\n\n') }) } }],
    [
      'a change that was merged before there was a policy',
      { facts: { [MERGE]: policyBefore(null) }, files: { [JOB_FILE]: AFTER } },
    ],
    ['a change that was merged while the mode did not apply anything', { facts: { [MERGE]: policyBefore({ mode: 'propose' }) } }],
    ['a change that was merged before its file was a target’s', { facts: { [MERGE]: policyBefore({ targets: [] }) } }],
    [
      'a change that was merged while others applied the target',
      { facts: { [MERGE]: policyBefore({ targets: [{ ...orders!, appliedBy: 'pipeline' }] }) } },
    ],
    ['a push from before there was a policy', { facts: { [MERGE]: pushed() }, files: { [JOB_FILE]: AFTER } }],
    ['a push while the mode applies nothing', { facts: { [MERGE]: pushed() }, config: { mode: 'propose' } }],
    ['a change whose files have moved on', { files: { [JOB_FILE]: AFTER.replace('"800"', '"900"') } }],
    ['a change whose file is gone', { files: {} }],
    ['a change of a target that the merge itself applies', { config: { targets: [{ ...orders!, appliedBy: 'merge' }] } }],
    ['a change of another workspace’s target', { config: { targets: [{ ...orders!, workspace: 'dev' }] } }],
  ];

  test.each(nothings)('%s is nothing to do', async (_, change) => {
    const { state, attempt } = world(change);
    expect(await attempt()).toEqual([]);
    expect([state.resets, state.appends]).toEqual([0, []]);
  });

  test('a later edit of another value does not overtake a change', async () => {
    const { attempt } = world({ files: { [JOB_FILE]: AFTER.replace('"num_workers": 4', '"num_workers": 5') } });
    expect(told(await attempt())).toEqual(['verified']);
  });

  test('a merge that changed under our eyes is decided anew by the next attempt', async () => {
    const { state, ports, attempt } = world();
    const { change } = ports.facts;
    let asked = 0;
    Object.assign(ports.facts, {
      change: async (question: Parameters<typeof change>[0]) => {
        if (++asked === 2)
          state.facts[MERGE] = persons({ comments: [approval(), approval({ id: 60, author: olga, body: 'hm' })] });
        return change(question);
      },
    });
    expect(told(await attempt())).toEqual(['refused facts_unavailable']);
    expect(state.resets).toBe(0);
    expect(told(await attempt())).toEqual(['verified']);
    expect(state.resets).toBe(1);
  });
});

describe('a person’s change', () => {
  test('that HEAD has taken back since is not written, even where HEAD moved during the attempt', async () => {
    const NEW = '9'.repeat(40);
    const given = persons();
    const [base, head] = given.change.policies;
    const moved = { ...given, change: { ...given.change, policies: [base!, { ...head!, commit: NEW }] } };
    const { state, attempt } = world({
      facts: { [MERGE]: moved },
      files: { [JOB_FILE]: AFTER, [`${JOB_FILE}@${NEW}`]: BEFORE, '.github/sluice.yml': 'x' },
    });
    expect(await attempt()).toEqual([]);
    expect(state.resets).toBe(0);
  });

  test('that drops the wrapping of the settings is refused: it would empty the job', async () => {
    const before = '{\n  "job_id": 42,\n  "settings": {"name": "orders", "tasks": [{"task_key": "a", "max_retries": 1}]}\n}\n';
    const after = before.replace('  "job_id": 42,\n', '');
    const { state, attempt } = world({
      settings: '{"name": "orders", "tasks": [{"task_key": "a", "max_retries": 1}]}',
      facts: { [MERGE]: persons({ before, after }) },
      files: { [JOB_FILE]: after, '.github/sluice.yml': 'x' },
    });
    expect(told(await attempt())).toEqual(['refused no_surface']);
    expect(state.resets).toBe(0);
  });

  test('of a job that a newer one reached by another name is not written over it', async () => {
    const [B, MB] = ['jobs/b.json', '1'.repeat(40)];
    const config = { targets: [orders!, { ...orders!, name: 'orders-b', files: [B], job: { by: 'name' as const, name: 'n' } }] };
    const at = (partitions: string) => BEFORE.replace('"200"', `"${partitions}"`);
    const older = persons({ before: at('400'), after: at('800'), config });
    const given = persons({ config }, MB);
    const delta = deltaOf([{ path: B, before: at('200'), after: at('400') }]);
    const newer = {
      ...given,
      change: { ...given.change, delta: known(delta), merge: known({ parents: [BASE, HEAD], delta }) },
      followUp: { ...given.followUp, blobs: [{ path: B, before: known(at('200')), after: known(at('400')) }] },
    };
    const { state, attempt } = world({
      config,
      merged: { touched: [touch(MB, 0, B), touch(MERGE, 1)] },
      facts: { [MERGE]: older, [MB]: newer },
      settings: at('200'),
      jobs: { n: known(['42']) },
      files: { [JOB_FILE]: at('800'), [B]: at('400'), '.github/sluice.yml': 'x' },
    });
    expect((await attempt()).map((one) => one.change.merge)).toEqual([MB]);
    expect(state.settings).toBe(at('400'));
  });
});

describe('the newest change of a job', () => {
  const own = record({ verification: null });
  const change: MergedChange = { path: '.sluice/changes/7-1.json', record: own, merge: OTHER, order: 1, derived: false };

  test('wins: an older record of the same job is not looked at', async () => {
    const { state, attempt } = world({ merged: { touched: [touch(MERGE, 0)], changes: [change] } });
    expect((await attempt()).map((one) => one.change.path)).toEqual([JOB_FILE]);
    expect(state.gathered).not.toContain(OTHER);
  });

  test('wins once it is finished too', async () => {
    const done: RolloutEntry = { what: 'done', at: '2026-11-23T04:00:00Z', run: '0.1' };
    const { attempt } = world({
      merged: { touched: [touch(MERGE, 0)], changes: [change] },
      log: { [`${MERGE} orders`]: [{ ...done, what: 'adopted', direction: 'apply' }, done] },
    });
    expect(await attempt()).toEqual([]);
  });

  test('is told from a mere move of its text, which overtakes nothing', async () => {
    const moved = persons({ before: AFTER, after: AFTER.replaceAll('\n', '\n\n') }, OTHER);
    const { state, attempt } = world({
      merged: { touched: [touch(OTHER, 0), touch(MERGE, 1)] },
      facts: { [MERGE]: persons(), [OTHER]: moved },
      files: { [JOB_FILE]: AFTER.replaceAll('\n', '\n\n'), '.github/sluice.yml': 'x' },
    });
    expect((await attempt()).map((one) => one.change.merge)).toEqual([MERGE]);
    expect(state.resets).toBe(1);
  });

  test('leaves an older one of the same target in force while the files hold both', async () => {
    const both = AFTER.replace('"num_workers": 4', '"num_workers": 5');
    const newer = persons({ before: AFTER, after: both }, OTHER);
    const { state, attempt } = world({
      merged: { touched: [touch(OTHER, 0), touch(MERGE, 1)] },
      facts: { [MERGE]: persons(), [OTHER]: newer },
      files: { [JOB_FILE]: both, '.github/sluice.yml': 'x' },
    });
    expect((await attempt()).map((one) => [one.change.merge, one.decision])).toEqual([
      [OTHER, 'verified'],
      [MERGE, 'verified'],
    ]);
    expect(state.resets).toBe(2);
  });

  test('is known by its job, whatever target it came by', async () => {
    const second = { ...orders!, name: 'orders-again', files: ['jobs/again.json'] };
    const { attempt, state } = world({
      config: { targets: [orders!, second] },
      merged: { touched: [touch(MERGE, 0), touch(OTHER, 1, 'jobs/again.json')] },
    });
    expect((await attempt()).map((one) => one.change.merge)).toEqual([MERGE]);
    expect(state.gathered).not.toContain(OTHER);
  });
});

test('a record that nobody can do anything with is told', async () => {
  const { attempt } = world({ merged: { lost: [{ path: '.sluice/changes/1-1.json', why: 'altered' }] } });
  expect(told(await attempt())).toEqual(['refused record_lost']);
});

test('without a readable policy nothing of a person’s is taken up', async () => {
  const { state, attempt } = world({ config: 'unreadable' });
  expect([await attempt(), state.gathered]).toEqual([[], []]);
});

function renamed(): Partial<ApplyWorld> {
  const after = BEFORE.replace('"name": "orders-nightly"', '"name": "orders-daily"');
  return { facts: { [MERGE]: persons({ after }) }, files: { [JOB_FILE]: after, '.github/sluice.yml': 'x' } };
}

function pushed(): GateFacts {
  const why = unknown('no pull request brought it');
  const given = persons();
  const nothing = { pull: why, delta: why, commits: why, comments: why, timeline: why, pushes: why, merge: why };
  return {
    ...given,
    change: { ...given.change, ...nothing, pushed: true, policies: [] },
    followUp: { ...given.followUp, blobs: [] },
  };
}

function sides(before: string | null, after: string | null): GateFacts {
  const given = persons();
  const blobs = [{ path: JOB_FILE, before: known(before), after: known(after) }];
  const delta = known(deltaOf([{ path: JOB_FILE, before, after }]));
  return { ...given, change: { ...given.change, delta }, followUp: { ...given.followUp, blobs } };
}

/** The policy at the merge's first parent, changed; null: there was none. */
function policyBefore(change: Parameters<typeof configOf>[0] | null): GateFacts {
  const given = persons();
  const [base, head] = given.change.policies;
  const config = change === null ? unknown('there is no .github/sluice.yml') : known(configOf(change));
  const without = change === null ? { unconfigured: true } : {};
  return { ...given, change: { ...given.change, policies: [{ ...base!, config, ...without }, head!] } };
}

function named(jobs: NonNullable<ApplyWorld['jobs']>[string]): Partial<ApplyWorld> {
  const targets = [{ ...orders!, job: { by: 'name' as const, name: 'orders' } }];
  return { config: { targets }, facts: { [MERGE]: persons({ config: { targets } }) }, jobs: { orders: jobs } };
}

function renamedTarget(): Partial<ApplyWorld> {
  const given = policyBefore({ targets: [{ ...orders!, job: { by: 'id', id: '43' } }] });
  return { facts: { [MERGE]: given } };
}
