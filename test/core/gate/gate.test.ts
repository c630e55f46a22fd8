import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChange } from '../../../src/core/edit/edit.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { inverseOf } from '../../../src/core/record.ts';
import type { GateFacts, PolicyFacts, TeamFact } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { LiveFacts } from '../../../src/model/live-facts.ts';
import type { GateReasonCode } from '../../../src/model/reason.ts';
import {
  AFTER,
  approval,
  BASE,
  BEFORE,
  bot,
  deltaOf,
  facts,
  HEAD,
  MERGE,
  olga,
  omar,
  pushFact,
  record,
  type World,
  wendy,
} from '../../support/gate.ts';

const unread = unknown('the wire broke');
const RENAMED = BEFORE.replace('"name": "orders-nightly"', '"name": "orders-daily"');
const older = `${'d'.repeat(40)}`;
const merge = (parents: readonly string[]) => known({ parents, delta: [] });

describe('a sound proposal', () => {
  test('is allowed once an owner approved its head', () => {
    const verdict = decideGate(facts());
    expect(verdict.reasons).toEqual([]);
    expect(verdict.verdict).toBe('allow');
    expect(verdict.counted.map((one) => one.person.login)).toEqual(['olga']);
  });

  test('is allowed again at apply on the same facts', () => {
    expect(decideGate(facts({ moment: 'apply' })).verdict).toBe('allow');
  });

  test.each([HEAD.slice(0, 12), HEAD])('counts an approval that names the head as %s', (sha) => {
    expect(decideGate(facts({ comments: [approval({ body: `/approve ${sha}` })] })).verdict).toBe('allow');
  });
});

const drops: readonly (readonly [string, Partial<World>, GateReasonCode])[] = [
  [
    'an approval of an older head does not count',
    {
      comments: [approval({ body: `/approve ${older}` })],
      followUp: { ancestors: known([{ sha: older, onlyBaseMerges: false, delta: [] }]) },
    },
    'approval_stale',
  ],
  [
    'an older head with only base merges but another digest does not count',
    {
      comments: [approval({ body: `/approve ${older}` })],
      followUp: { ancestors: known([{ sha: older, onlyBaseMerges: true, delta: [] }]) },
    },
    'approval_stale',
  ],
  [
    'break-glass does not count as a plain approval',
    { comments: [approval({ body: `/approve ${HEAD} --break-glass it burns` })] },
    'break_glass_denied',
  ],
  ['an approval of a foreign SHA does not count', { comments: [approval({ body: `/approve ${older}` })] }, 'approval_wrong_sha'],
  ['an edited approval does not count', { comments: [approval({ lastEditedAt: '2026-11-23T03:35:00Z' })] }, 'approval_edited'],
  [
    'an approval edited within its first moments does not count',
    { comments: [approval({ includesCreatedEdit: true })] },
    'approval_edited',
  ],
  ['an approval by e-mail does not count', { comments: [approval({ createdViaEmail: true })] }, 'approval_edited'],
  ['an approval spoken by an App for a person does not count', { comments: [approval({ viaApp: true })] }, 'approval_bot'],
  ['a bot does not approve', { comments: [approval({ author: bot })] }, 'approval_bot'],
  ['a ghost does not approve', { comments: [approval({ author: null })] }, 'approval_bot'],
  ['an approval by a writer who owns nothing does not count', { comments: [approval({ author: wendy })] }, 'approval_not_owner'],
  ['the author of the pull request does not approve it', { pull: { author: olga } }, 'approval_self'],
  [
    'who wrote a commit does not approve it',
    { change: { commits: known([{ sha: HEAD, parents: [BASE], people: [olga, bot], mergesBase: false }]) } },
    'approval_committer',
  ],
  [
    'who pushed to the branch does not approve it',
    { change: { pushes: known([pushFact({ actor: olga })]) } },
    'approval_committer',
  ],
  [
    'who shaped the content does not approve it',
    { live: { asked: known({ shapers: [olga.id], askers: [] }) } },
    'approval_committer',
  ],
  [
    'an approval expires',
    { live: { now: '2026-11-26T03:30:00.000Z' }, record: record({ expires_at: '2027-01-01T00:00:00Z' }) },
    'approval_expired',
  ],
  [
    'a comment deleted after the approval voids it',
    { change: { timeline: known([{ what: 'comment_deleted', at: '2026-11-23T03:45:00Z', actor: wendy, author: wendy }]) } },
    'approval_deleted',
  ],
  [
    'an edited /hold voids every approval',
    { comments: [approval(), approval({ id: 51, author: omar, body: '/unapprove', lastEditedAt: '2026-11-23T03:50:00Z' })] },
    'approval_deleted',
  ],
  [
    'a bare approval after two pushes does not count',
    { comments: [approval({ body: '/approve' })], change: { pushes: known([...twoPushes()]) } },
    'approval_wrong_sha',
  ],
  [
    'a bare approval without an activity log does not count',
    { comments: [approval({ body: '/approve' })], change: { pushes: unread } },
    'approval_wrong_sha',
  ],
];

function twoPushes() {
  return [pushFact(), pushFact({ before: HEAD })];
}

describe('what does not count as an approval', () => {
  test.each(drops)('%s', (_, world, code) => {
    const verdict = decideGate(facts(world));
    expect(verdict.counted).toEqual([]);
    expect(verdict.dropped.map((one) => one.code)).toContain(code);
    expect(verdict.verdict).not.toBe('allow');
  });

  test('who asked is barred at medium risk and not at low', () => {
    const asked = { asked: known({ shapers: [], askers: [olga.id] }) };
    expect(decideGate(facts({ live: asked })).verdict).toBe('allow');
    const medium = decideGate(facts({ live: asked, record: record({ risk: 'medium' }) }));
    expect(medium.dropped.map((one) => one.code)).toEqual(['approval_asked']);
    expect(medium.verdict).toBe('wait');
  });

  test('an approval taken back by its author does not count', () => {
    const verdict = decideGate(facts({ comments: [approval(), approval({ id: 51, body: '/unapprove' })] }));
    expect(verdict.counted).toEqual([]);
  });
});

describe('what counts as an approval', () => {
  test('an older head that differs by merges of the base alone', () => {
    const same = facts();
    const delta = same.change.delta.known ? same.change.delta.value : [];
    const verdict = decideGate(
      facts({
        comments: [approval({ body: `/approve ${older}` })],
        followUp: { ancestors: known([{ sha: older, onlyBaseMerges: true, delta }]) },
      }),
    );
    expect(verdict.verdict).toBe('allow');
  });

  test('a bare approval after the single push of our App', () => {
    expect(decideGate(facts({ comments: [approval({ body: '/approve' })] })).verdict).toBe('allow');
  });

  test('a member of an owning team', () => {
    expect(decideGate(facts({ comments: [approval({ author: omar })] })).verdict).toBe('allow');
  });

  test('merging the base makes nobody an author', () => {
    const commits = known([{ sha: HEAD, parents: [older, BASE], people: [olga, olga], mergesBase: true }]);
    expect(decideGate(facts({ change: { commits } })).verdict).toBe('allow');
  });
});

const blocks: readonly (readonly [string, Partial<World>, GateReasonCode, 'wait' | 'deny'])[] = [
  ['trees that were not read to their end wait', { change: { delta: unread } }, 'files_incomplete', 'wait'],
  ['no approval waits', { comments: [] }, 'approval_missing', 'wait'],
  ['high risk needs two owners', { record: record({ risk: 'high' }) }, 'approval_missing', 'wait'],
  ['a fork is refused', { pull: { headRepositoryId: 99 } }, 'fork', 'deny'],
  ['a deleted fork is refused', { pull: { headRepositoryId: null } }, 'fork', 'deny'],
  ['another base branch is refused', { pull: { baseRef: 'release' } }, 'target_mismatch', 'deny'],
  ['a closed pull request is refused', { pull: { state: 'closed' } }, 'superseded', 'deny'],
  ['a policy with faults waits', { change: { policies: [policyOf(unread)] } }, 'config_unreadable', 'wait'],
  ['a path without an owner is refused', { codeowners: '/other/ @olga\n' }, 'owners_missing', 'deny'],
  ['an invalid line of CODEOWNERS blocks', { codeowners: '* @omar\n/jobs/ @olga\n!/x @omar\n' }, 'owners_unreadable', 'deny'],
  [
    'an owner without write access blocks',
    { followUp: { people: { olga: known({ person: olga, permission: 'read' as const }) } } },
    'owners_unreadable',
    'deny',
  ],
  ['an unreadable team waits', { followUp: { teams: { 'acme/data': unread } } }, 'team_unreadable', 'wait'],
  ['an empty team blocks', teamOf({ members: [] }), 'team_missing', 'deny'],
  ['a team that is not there blocks', { followUp: { teams: { 'acme/data': known(null) } } }, 'team_missing', 'deny'],
  ['a team that may not write here blocks', teamOf({ permission: 'read' }), 'team_missing', 'deny'],
  ['a team that nobody asked about waits', { followUp: { teams: {} } }, 'facts_unavailable', 'wait'],
  ['an owner that nobody asked about waits', { followUp: { people: {} } }, 'facts_unavailable', 'wait'],
  [
    'a path beside the record and the target is refused',
    { extra: deltaOf([{ path: 'README.md', before: 'a', after: 'b' }]) },
    'path_forbidden',
    'deny',
  ],
  [
    'a workflow beside the target is refused',
    { extra: deltaOf([{ path: '.github/workflows/x.yml', before: null, after: 'b' }]) },
    'path_forbidden',
    'deny',
  ],
  ['a target that becomes a link is refused', { change: { delta: known(linked()) } }, 'file_kind_forbidden', 'deny'],
  [
    'a commit nobody can be named for is refused',
    { change: { commits: known([{ sha: HEAD, parents: [BASE], people: [null, bot], mergesBase: false }]) } },
    'commit_unattributable',
    'deny',
  ],
  [
    'an edit beyond the record is refused',
    { after: AFTER.replace('"num_workers": 4', '"num_workers": 40') },
    'record_mismatch',
    'deny',
  ],
  ['an edit that falls short of the record is refused', { after: AFTER.replace('800', '700') }, 'record_mismatch', 'deny'],
  ['a record in another layout is refused', { recordText: JSON.stringify(record()) }, 'record_mismatch', 'deny'],
  ['a record with another digest is refused', { record: record({}, { plan_digest: 'x' }) }, 'record_mismatch', 'deny'],
  ['a record with another inverse is refused', { record: record({}, { inverse: [] }) }, 'record_mismatch', 'deny'],
  [
    'a record that understates its risk is refused',
    { record: record({ changes: [workers('8')], risk: 'low' }), after: afterWorkers('8') },
    'record_mismatch',
    'deny',
  ],
  ['a record of another repository is refused', { record: record({ repository_id: 1 }) }, 'target_mismatch', 'deny'],
  ['a record of another job is refused', { record: record({ job_id: '43' }) }, 'target_mismatch', 'deny'],
  ['a record of another host is refused', { record: record({ host: 'https://evil.example.test' }) }, 'target_mismatch', 'deny'],
  ['a record of an unknown target is refused', { record: record({ target: 'else' }) }, 'target_mismatch', 'deny'],
  [
    'too many workers are refused',
    { record: record({ changes: [workers('17')], risk: 'medium' }), after: afterWorkers('17') },
    'limit_exceeded',
    'deny',
  ],
  [
    'a step beyond the limit is refused',
    { config: { limits: { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 100, paths: [], keys: [] } } },
    'limit_exceeded',
    'deny',
  ],
  [
    'a key outside the narrowed list is refused',
    {
      config: {
        limits: { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 400, paths: [], keys: ['spark.executor.cores'] },
      },
    },
    'key_forbidden',
    'deny',
  ],
  [
    'a record that changes what the job is called is refused',
    { record: record({ changes: [renamed()], risk: 'high' }), after: RENAMED },
    'key_forbidden',
    'deny',
  ],
  [
    'a record that sets a dangerous Spark key is refused',
    { record: record({ changes: [javaOptions()], risk: 'medium' }), after: afterJavaOptions() },
    'key_forbidden',
    'deny',
  ],
  [
    'a rerun that the target does not permit is refused',
    { record: record({ rerun: { how: 'run-now', run_id: null } }) },
    'target_mismatch',
    'deny',
  ],
  [
    'a record that asks for a cancel is refused',
    { record: record({ action: { do: 'cancel', runId: '7' } }) },
    'target_mismatch',
    'deny',
  ],
  ['a record without a check to judge it by is refused', { record: record({ verification: null }) }, 'record_mismatch', 'deny'],
  [
    'another file under .sluice/ is refused, record or not',
    { record: null, extra: deltaOf([{ path: '.sluice/changes/evil.json', before: null, after: '{}' }]) },
    'path_forbidden',
    'deny',
  ],
  ['an approval cannot do without knowing who pushed', { change: { pushes: unread } }, 'facts_unavailable', 'wait'],
  ['pushes that do not lead to the head are not the whole story', { change: { pushes: known([]) } }, 'facts_unavailable', 'wait'],
  ['an expired proposal is refused', { record: record({ expires_at: '2026-11-23T03:59:00.000Z' }) }, 'expired', 'deny'],
  ['a recovered pipeline waits', { live: { recovered: known(true) } }, 'recovered', 'wait'],
  ['a later change of the job supersedes', { live: { superseded: known(true) } }, 'superseded', 'deny'],
  ['a hold waits', { comments: [approval(), approval({ id: 51, author: wendy, body: '/hold' })] }, 'hold', 'wait'],
  [
    'a freeze waits',
    { config: { freezes: [{ name: 'november', from: '2026-11-20', to: '2026-11-23', zone: 'UTC' }] } },
    'freeze_active',
    'wait',
  ],
  [
    'outside a window waits',
    { config: { windows: [{ name: 'office', days: ['mon'], from: '09:00', to: '16:00', zone: 'UTC' }] } },
    'outside_window',
    'wait',
  ],
  [
    'a commit that is no merge of it is refused at apply',
    { moment: 'apply', pull: { mergeSha: older } },
    'merge_mismatch',
    'deny',
  ],
  [
    'a commit that was pushed is refused at apply',
    { moment: 'apply', change: { pull: unread, pushed: true } },
    'merge_mismatch',
    'deny',
  ],
  [
    'other content in the merge is refused at apply',
    { moment: 'apply', change: { merge: merge([BASE, HEAD]) } },
    'merge_mismatch',
    'deny',
  ],
  [
    'another second parent is refused at apply',
    { moment: 'apply', change: { merge: known({ parents: [BASE, older], delta: sameDelta() }) } },
    'merge_mismatch',
    'deny',
  ],
  [
    'an octopus merge is refused at apply',
    { moment: 'apply', change: { merge: known({ parents: [BASE, HEAD, older], delta: sameDelta() }) } },
    'merge_mismatch',
    'deny',
  ],
];

function policyOf(config: PolicyFacts['config']): PolicyFacts {
  return { commit: BASE, codeowners: known({ path: 'CODEOWNERS', text: '* @olga\n' }), config };
}

function teamOf(change: Partial<TeamFact>): Partial<World> {
  return { followUp: { teams: { 'acme/data': known({ members: [omar], isSecret: false, permission: 'write', ...change }) } } };
}

function renamed() {
  return {
    file: 'jobs/orders-nightly.json',
    selector: 'name',
    old: '"orders-nightly"',
    new: '"orders-daily"',
    reason: 'x',
    evidence: [],
  };
}

function javaOptions() {
  const selector = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.executor.extraJavaOptions"]';
  return { file: 'jobs/orders-nightly.json', selector, old: null, new: '"-javaagent:x"', reason: 'x', evidence: [] };
}

function afterJavaOptions() {
  const edited = applyChange('json', BEFORE, javaOptions());
  return edited.ok ? edited.value.text : '';
}

function sameDelta() {
  const { delta } = facts().change;
  return delta.known ? delta.value : [];
}

function linked() {
  return sameDelta().map((entry) => (entry.path.startsWith('jobs/') ? { ...entry, newMode: '120000' } : entry));
}

function workers(count: string) {
  return {
    file: 'jobs/orders-nightly.json',
    selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
    old: '4',
    new: count,
    reason: 'more',
    evidence: [],
  };
}

function afterWorkers(count: string) {
  return AFTER.replace('"800"', '"200"').replace('"num_workers": 4', `"num_workers": ${count}`);
}

describe('a rollback', () => {
  const done = record();
  const back = record({
    kind: 'rollback',
    undoes: '.sluice/changes/6-1.json',
    changes: inverseOf(done.changes).map((one) => ({ ...one, reason: 'back', evidence: [] })),
  });
  const world = { record: back, before: AFTER, after: BEFORE, followUp: { undone: known(done) } };

  test('that is the exact inverse of a record on the base is allowed, also beyond a step', () => {
    const limits = { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 1, paths: [], keys: [] };
    expect(decideGate(facts({ ...world, config: { limits } })).reasons).toEqual([]);
  });

  test('waits in a freeze like any other change: the job has its old settings already', () => {
    const freezes = [{ name: 'november', from: '2026-11-20', to: '2026-11-23', zone: 'UTC' }];
    expect(decideGate(facts({ ...world, config: { freezes } })).reasons.map((one) => one.code)).toEqual(['freeze_active']);
  });

  test.each([
    ['of nothing', { followUp: { undone: known(null) } }],
    ['of a record that cannot be read', { followUp: { undone: unread } }],
    ['of a file that is no record', { record: { ...back, undoes: 'docs/notes.json' } }],
    ['of a record of another job', { followUp: { undone: known(record({ job_id: '43' })) } }],
    [
      'that goes somewhere else than back',
      { followUp: { undone: known(record({ changes: done.changes.map((one) => ({ ...one, old: '"100"' })) })) } },
    ],
  ])('%s is refused', (_, change) => {
    expect(decideGate(facts({ ...world, ...change })).reasons.map((one) => one.code)).toContain('record_mismatch');
  });
});

describe('what stands in the way', () => {
  test.each(blocks)('%s', (_, world, code, kind) => {
    const verdict = decideGate(facts(world));
    expect(verdict.reasons.map((one) => one.code)).toContain(code);
    expect(verdict.verdict).toBe(kind);
  });

  test('a hold is lifted by its author with /retry', () => {
    const comments = [
      approval(),
      approval({ id: 51, author: wendy, body: '/hold' }),
      approval({ id: 52, author: wendy, body: '/retry' }),
    ];
    expect(decideGate(facts({ comments })).verdict).toBe('allow');
  });

  test('a low-risk fix of a firing alert passes outside a window where the policy says so, but not in a freeze', () => {
    const windows = [{ name: 'office', days: ['mon' as const], from: '09:00', to: '16:00', zone: 'UTC' }];
    expect(decideGate(facts({ config: { windows, incidentRisk: 'low' } })).verdict).toBe('allow');
    const freezes = [{ name: 'november', from: '2026-11-20', to: '2026-11-23', zone: 'UTC' }];
    expect(decideGate(facts({ config: { windows, freezes, incidentRisk: 'low' } })).verdict).toBe('wait');
  });

  test('both the policy of the base and that of HEAD must allow', () => {
    const allowed = facts({ moment: 'apply' });
    const [base, head] = allowed.change.policies;
    const narrowed = { ...head!, codeowners: known({ path: 'CODEOWNERS', text: '* @omar\n' }) };
    const verdict = decideGate({ ...allowed, change: { ...allowed.change, policies: [base!, narrowed] } });
    expect(verdict.verdict).toBe('wait');
    expect(verdict.counted).toEqual([]);
  });

  test.each([
    ['host', { host: known('https://other.example.test') }],
    ['job', { jobId: known('43') }],
    ['lack of a job', { jobId: known(null) }],
  ])('another %s under one policy alone is a mismatch', (_, change) => {
    const verdict = decideGate(lastTarget(facts({ moment: 'apply' }), change));
    expect(verdict.reasons.map((one) => one.code)).toEqual(['target_mismatch']);
  });

  test('a pull request without a target file is none of ours', () => {
    const verdict = decideGate(
      facts({ record: null, change: { delta: known(deltaOf([{ path: 'src/app.py', before: 'a', after: 'b' }])) } }),
    );
    expect(verdict.applies).toBe(false);
  });
});

/** The facts with another answer of the last policy to where the change goes. */
function lastTarget(sound: GateFacts, change: Partial<LiveFacts['targets'][number]>): GateFacts {
  const last = sound.live.targets.length - 1;
  const targets = sound.live.targets.map((target, index) => (index === last ? { ...target, ...change } : target));
  return { ...sound, live: { ...sound.live, targets } };
}

/** Every fact that can be unknown, made unknown: none may leave the gate open. */
const unknowns: readonly (readonly [string, (sound: GateFacts) => GateFacts])[] = [
  ...(['pull', 'delta', 'commits', 'comments', 'timeline'] as const).map(
    (name) => [`unread ${name}`, (sound: GateFacts) => ({ ...sound, change: { ...sound.change, [name]: unread } })] as const,
  ),
  ...(['record', 'ancestors'] as const).map(
    (name) => [`unread ${name}`, (sound: GateFacts) => ({ ...sound, followUp: { ...sound.followUp, [name]: unread } })] as const,
  ),
  ...(['recovered', 'superseded', 'asked'] as const).map(
    (name) => [`unread ${name}`, (sound: GateFacts) => ({ ...sound, live: { ...sound.live, [name]: unread } })] as const,
  ),
  ...(['host', 'jobId'] as const).map(
    (name) => [`unread ${name}`, (sound: GateFacts) => lastTarget(sound, { [name]: unread })] as const,
  ),
  [
    'a target that the last policy did not derive',
    (sound) => ({ ...sound, live: { ...sound.live, targets: sound.live.targets.slice(0, -1) } }),
  ],
  ['no policy at all', (sound) => ({ ...sound, change: { ...sound.change, policies: [] } })],
  [
    'unread configuration',
    (sound) => ({
      ...sound,
      change: { ...sound.change, policies: sound.change.policies.map((policy) => ({ ...policy, config: unread })) },
    }),
  ],
  [
    'unread CODEOWNERS',
    (sound) => ({
      ...sound,
      change: { ...sound.change, policies: sound.change.policies.map((policy) => ({ ...policy, codeowners: unread })) },
    }),
  ],
  [
    'absent CODEOWNERS',
    (sound) => ({
      ...sound,
      change: { ...sound.change, policies: sound.change.policies.map((policy) => ({ ...policy, codeowners: known(null) })) },
    }),
  ],
  ['unread people', (sound) => ({ ...sound, followUp: { ...sound.followUp, people: {} } })],
  [
    'unread texts',
    (sound) => ({
      ...sound,
      followUp: { ...sound.followUp, blobs: sound.followUp.blobs.map((blob) => ({ ...blob, after: unread })) },
    }),
  ],
];

describe('could not tell is never yes', () => {
  test.each(unknowns)('%s blocks an open proposal and an apply', (_, forget) => {
    for (const moment of ['open', 'apply'] as const) expect(decideGate(forget(facts({ moment }))).verdict).not.toBe('allow');
  });

  test('an unread merge blocks an apply', () => {
    expect(decideGate(facts({ moment: 'apply', change: { merge: unread } })).verdict).not.toBe('allow');
    expect(decideGate(facts({ moment: 'apply', change: { merge: null } })).verdict).not.toBe('allow');
  });
});

describe('properties', () => {
  const comment = fc.record({
    author: fc.constantFrom(olga, omar, wendy, bot, null),
    body: fc.constantFrom(
      `/approve ${HEAD}`,
      '/approve',
      `/approve ${older}`,
      '/unapprove',
      '/hold',
      '/retry',
      'looks good',
      `> /approve ${HEAD}`,
    ),
    lastEditedAt: fc.constantFrom(null, null, null, '2026-11-23T03:50:00Z'),
    viaApp: fc.boolean(),
  });

  test('removing every approval never opens the gate, whatever else is said', () => {
    fc.assert(
      fc.property(fc.array(comment, { maxLength: 6 }), (comments) => {
        const said = comments.map((one, index) => approval({ ...one, id: index }));
        const without = said.filter((one) => !one.body.startsWith('/approve'));
        expect(decideGate(facts({ comments: without })).verdict).not.toBe('allow');
      }),
    );
  });

  test('an open gate always has an unedited approval of this head by an owner who is a person', () => {
    fc.assert(
      fc.property(fc.array(comment, { maxLength: 6 }), (comments) => {
        const said = comments.map((one, index) => approval({ ...one, id: index }));
        if (decideGate(facts({ comments: said })).verdict !== 'allow') return;
        const sound = said.filter(
          (one) => one.body.startsWith('/approve') && !one.body.includes(older) && one.lastEditedAt === null && !one.viaApp,
        );
        expect(sound.some((one) => one.author === olga || one.author === omar)).toBe(true);
      }),
    );
  });

  test('another head revokes every approval that names this one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 }), (head) => {
        fc.pre(!head.startsWith(HEAD.slice(0, 12)));
        expect(decideGate(facts({ pull: { headSha: head } })).counted).toEqual([]);
      }),
    );
  });

  test('a merge commit of another pull request is never applied', () => {
    expect(decideGate(facts({ moment: 'apply', pull: { mergeSha: MERGE.replace('c', 'e') } })).verdict).toBe('deny');
  });
});
