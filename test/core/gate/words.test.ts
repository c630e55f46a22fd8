import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { holdReasons, stopReasons } from '../../../src/core/gate/standing.ts';
import type { GateFacts, Permission, PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { Reason } from '../../../src/model/reason.ts';
import {
  AFTER,
  approval,
  BASE,
  bot,
  deltaOf,
  facts,
  HEAD,
  JOB_FILE,
  MERGE,
  olga,
  omar,
  pushFact,
  record,
  SERVER_APP,
  type World,
  wendy,
} from '../../support/gate.ts';

const broken = unknown('the wire broke');
const older = 'd'.repeat(40);
const say = (reasons: readonly Reason[]) =>
  reasons.map(({ code, subject, expected, observed }) => `${code} | ${subject} | ${expected} | ${observed}`);
const said = (given: GateFacts) => say(decideGate(given).reasons);
type Row = readonly [string, Partial<World>, readonly string[]];

function delta(): ReturnType<typeof deltaOf> {
  const read = facts().change.delta;
  return read.known ? [...read.value] : [];
}

function queued(parents: readonly string[]): GateFacts {
  const open = facts();
  const question = { moment: 'queue' as const, pull: 12, commit: MERGE, parent: BASE };
  return { ...open, question, change: { ...open.change, merge: known({ parents, delta: delta() }) } };
}

function policies(...changes: readonly Partial<PolicyFacts>[]): PolicyFacts[] {
  const [policy] = facts().change.policies;
  if (!policy) throw new Error('no policy');
  return changes.map((change) => ({ ...policy, ...change }));
}

const people = (login: string, fact: GateFacts['followUp']['people'][string]) => ({
  people: { ...facts().followUp.people, [login]: fact },
});
const team = (fact: GateFacts['followUp']['teams'][string]) => ({ teams: { 'acme/data': fact } });
const apply = { moment: 'apply' } as const;
const merged = (parents: readonly string[]) => ({ merge: known({ parents, delta: delta() }) });
const readme = deltaOf([{ path: 'README.md', before: 'a', after: 'b' }]);

describe('what a reason says about the pull request and its commits', () => {
  const rows: readonly Row[] = [
    [
      'a commit that was pushed',
      { ...apply, change: { pull: broken, pushed: true } },
      ['merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one merged pull request | none: it was pushed'],
    ],
    ['an unread pull request', { change: { pull: broken } }, ['facts_unavailable | pull request | readable | the wire broke']],
    ['unread trees', { change: { delta: broken } }, ['files_incomplete | changed files | every tree read | the wire broke']],
    ['a fork', { pull: { headRepositoryId: 99 } }, ['fork | #12 | head and base in repository 4711 | head in 99']],
    [
      'a deleted fork',
      { pull: { headRepositoryId: null } },
      ['fork | #12 | head and base in repository 4711 | head in a deleted one'],
    ],
    ['another base branch', { pull: { baseRef: 'release' } }, ['target_mismatch | #12 | base main | base release']],
    ['a closed pull request', { pull: { state: 'closed' } }, ['superseded | #12 | open | closed']],
    [
      'a merge that was not gathered',
      { ...apply, change: { merge: null } },
      ['facts_unavailable | merge commit | readable | not gathered'],
    ],
    [
      'an unread merge',
      { ...apply, change: { merge: broken } },
      ['facts_unavailable | merge commit | readable | the wire broke'],
    ],
    [
      'the merge of another pull request',
      { ...apply, pull: { mergeSha: older } },
      [
        'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | merge commit of #12 | dddddddddddddddddddddddddddddddddddddddd',
      ],
    ],
    [
      'a pull request that is not merged',
      { ...apply, pull: { mergedAt: null, mergeSha: null } },
      ['merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | merge commit of #12 | not merged'],
    ],
    [
      'another second parent',
      { ...apply, change: merged([BASE, older]) },
      [
        'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | second parent aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 | dddddddddddddddddddddddddddddddddddddddd',
      ],
    ],
    [
      'three parents',
      { ...apply, change: merged([BASE, HEAD, older]) },
      ['merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one or two parents | 3'],
    ],
    [
      'no parent',
      { ...apply, change: merged([]) },
      ['merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one or two parents | 0'],
    ],
    [
      'other content',
      { ...apply, change: { merge: known({ parents: [BASE], delta: readme }) } },
      [
        'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | 017301eebf0887d1bfc2152beb1cf4e42a3293a2dbd21ffb94708549aa5b1f73 | eb3d1c27518780d30f1e6521800cf6760093ca42f2bfbd123b5b7feaea438c41',
      ],
    ],
    [
      'another path beside a record',
      { extra: readme },
      [
        'path_forbidden | README.md | the change record and target files only | another path',
        'record_mismatch | README.md changes | a changed file | an unchanged one',
        'approval_missing | README.md | /approve by one of @omar | none that counts',
      ],
    ],
    [
      'another path where one of two policies cannot be read',
      { ...apply, extra: readme, change: { policies: policies({}, { commit: MERGE, config: broken }) } },
      [
        'record_mismatch | README.md changes | a changed file | an unchanged one',
        'approval_missing | README.md | /approve by one of @omar | none that counts',
        'config_unreadable | .github/sluice.yml | readable at cccccccccccccccccccccccccccccccccccccccc | the wire broke',
      ],
    ],
    [
      'another file of ours',
      { record: null, extra: deltaOf([{ path: '.sluice/x', before: null, after: '{}' }]) },
      [
        'path_forbidden | .sluice/x | a change record at its own path | another file under .sluice/',
        'approval_missing | .sluice/x | /approve by one of @omar | none that counts',
      ],
    ],
    [
      'a target that was a link',
      { change: { delta: known(delta().map((one) => (one.path === JOB_FILE ? { ...one, oldMode: '120000' } : one))) } },
      ['file_kind_forbidden | jobs/orders-nightly.json | mode 100644 | mode 120000'],
    ],
    [
      'a link that is no target is for its owner',
      {
        record: null,
        comments: [approval(), approval({ id: 51, author: omar })],
        extra: readme.map((one) => ({ ...one, newMode: '120000' })),
      },
      [],
    ],
    ['a push tells nothing about an open pull request', { change: { pushed: true } }, []],
    [
      'a workflow’s pull request',
      { record: null, pull: { author: { id: 5, login: 'github-actions[bot]', type: 'Bot' } } },
      ["commit_unattributable | #12 | an author | github-actions[bot], which is everybody's"],
    ],
    [
      'a commit without an account',
      { change: { commits: known([{ sha: HEAD, parents: [BASE], people: [bot, null], mergesBase: false }]) } },
      [
        'commit_unattributable | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 | an account for every author and committer | an address or actor without an account',
      ],
    ],
    [
      'a workflow’s commit',
      {
        change: {
          commits: known([
            { sha: HEAD, parents: [BASE], people: [bot, { id: 5, login: 'github-actions', type: 'Bot' }], mergesBase: false },
          ]),
        },
      },
      [
        "commit_unattributable | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 | an account for every author and committer | github-actions, which is everybody's",
      ],
    ],
    [
      'a push by nobody',
      { change: { pushes: known([pushFact({ actor: null })]) } },
      [
        'commit_unattributable | push of aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 | somebody who pushed | an address or actor without an account',
      ],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });

  test('a queue’s commit on another base, or on none', () => {
    expect(said(queued([older]))).toEqual([
      'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one commit on bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | its first parent is dddddddddddddddddddddddddddddddddddddddd',
    ]);
    expect(said(queued([]))).toEqual([
      'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one commit on bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | its first parent is none',
      'merge_mismatch | cccccccccccccccccccccccccccccccccccccccc | one or two parents | 0',
    ]);
  });
});

describe('what a reason says about facts that could not be read', () => {
  const rows: readonly Row[] = [
    ['commits', { change: { commits: broken } }, ['facts_unavailable | commits | readable | the wire broke']],
    [
      'comments',
      { change: { comments: broken } },
      [
        'facts_unavailable | comments | readable | the wire broke',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
    [
      'comments, where the policy cannot be read either',
      { change: { comments: broken, policies: policies({ config: broken }) } },
      [
        'facts_unavailable | comments | readable | the wire broke',
        'config_unreadable | .github/sluice.yml | readable at bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | the wire broke',
      ],
    ],
    ['the timeline', { change: { timeline: broken } }, ['facts_unavailable | timeline | readable | the wire broke']],
    ['the record', { followUp: { record: broken } }, ['record_mismatch | change record | one readable record | the wire broke']],
    ['earlier heads', { followUp: { ancestors: broken } }, ['facts_unavailable | earlier heads | readable | the wire broke']],
    [
      'who asked',
      { live: { asked: broken }, record: record({ risk: 'medium' }) },
      ['facts_unavailable | who asked for it | readable | the wire broke'],
    ],
    [
      'pushes',
      { comments: [approval(), approval({ id: 51, body: '/status' })], change: { pushes: broken } },
      ['facts_unavailable | pushes | readable | the wire broke'],
    ],
    [
      'pushes, which nobody needs without an approval',
      { comments: [approval({ body: '/status' })], change: { pushes: broken } },
      ['approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts'],
    ],
    [
      'the last push',
      { change: { pushes: known([pushFact({ after: older })]) } },
      ['facts_unavailable | pushes | readable | none of them ends in the head'],
    ],
    ['any policy', { change: { policies: [] } }, ['facts_unavailable | policy | readable | none was read']],
    [
      'a policy',
      { change: { policies: policies({ config: broken }) } },
      ['config_unreadable | .github/sluice.yml | readable at bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | the wire broke'],
    ],
    [
      'checks and rules',
      { change: { protection: broken } },
      ['check_unknown | #12 | readable checks and rules | the wire broke'],
    ],
    [
      'checks and rules that were not gathered',
      { change: { protection: null } },
      ['check_unknown | #12 | readable checks and rules | not gathered'],
    ],
    ['checks and rules, which decide nothing at apply', { ...apply, pull: { state: 'open' } }, []],
    [
      'where the trouble stands',
      { live: { recovered: broken } },
      ['facts_unavailable | signals of the incident | readable | the wire broke'],
    ],
    [
      'what came later',
      { live: { superseded: broken } },
      ['facts_unavailable | later changes of the job | readable | the wire broke'],
    ],
    [
      'more owners than are asked about',
      { followUp: { people: {}, teams: {} } },
      [
        'facts_unavailable | @olga (.github/CODEOWNERS:2) | readable | not asked: too many owners for one decision',
        'facts_unavailable | @acme/data (.github/CODEOWNERS:2) | readable | not asked: too many owners for one decision',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });
});

describe('what a reason says about owners', () => {
  const rows: readonly Row[] = [
    [
      'no file',
      { change: { policies: policies({ codeowners: known(null) }) } },
      [
        'owners_missing | CODEOWNERS | one of .github/CODEOWNERS, CODEOWNERS, docs/CODEOWNERS on the default branch (at bbbbbbbbbbbb), with an owner of every changed file | none of them',
        'approval_missing | low risk | 1 owner | 0',
      ],
    ],
    [
      'an unread file',
      { change: { policies: policies({ codeowners: broken }) } },
      ['owners_unreadable | CODEOWNERS | readable | the wire broke', 'approval_missing | low risk | 1 owner | 0'],
    ],
    [
      'a file that is too large',
      { codeowners: `/jobs/ @olga #${'x'.repeat(3_000_000)}` },
      ['owners_too_large | .github/CODEOWNERS | at most 3 MB | more', 'approval_missing | low risk | 1 owner | 0'],
    ],
    [
      'an invalid line',
      { codeowners: '/jobs/ @olga\n!x\n' },
      [
        'owners_unreadable | .github/CODEOWNERS:2 | a line such as: /jobs/ @acme/data-oncall | a pattern cannot be negated with !',
      ],
    ],
    [
      'nobody',
      { codeowners: '/other/ @olga' },
      [
        'owners_missing | jobs/orders-nightly.json | an owner in .github/CODEOWNERS: a last line such as /jobs/orders-nightly.json @owner | no line matches it',
        'approval_missing | low risk | 1 owner | 0',
      ],
    ],
    [
      'a line that names nobody',
      { codeowners: '* @olga\n/jobs/' },
      [
        'owners_missing | jobs/orders-nightly.json | an owner in .github/CODEOWNERS: a last line such as /jobs/orders-nightly.json @owner | line 2 (/jobs/) names nobody',
        'approval_missing | low risk | 1 owner | 0',
      ],
    ],
    [
      'an e-mail address',
      { codeowners: '/jobs/ @olga me@example.com' },
      ['owners_unreadable | me@example.com (.github/CODEOWNERS:1) | @user or @org/team | an e-mail address'],
    ],
    [
      'an unread permission',
      { followUp: people('olga', broken) },
      [
        'owners_unreadable | @olga (.github/CODEOWNERS:2) | a readable permission | the wire broke',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
    [
      'an account that is not there',
      { followUp: people('olga', known(null)) },
      [
        'owners_unreadable | @olga (.github/CODEOWNERS:2) | write access | no such user',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
    [
      'an account that may only read',
      { followUp: people('olga', known({ person: olga, permission: 'read' })) },
      [
        'owners_unreadable | @olga (.github/CODEOWNERS:2) | write access | read',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
    ['an account that maintains', { followUp: people('olga', known({ person: olga, permission: 'maintain' })) }, []],
    [
      'an unread team',
      { followUp: team(broken) },
      ['team_unreadable | @acme/data (.github/CODEOWNERS:2) | readable members | the wire broke'],
    ],
    [
      'a team that is not there',
      { followUp: team(known(null)) },
      ['team_missing | @acme/data (.github/CODEOWNERS:2) | a team | none of that name'],
    ],
    [
      'an empty team',
      { followUp: team(known({ members: [], isSecret: false, permission: 'write' })) },
      ['team_missing | @acme/data (.github/CODEOWNERS:2) | active members | none'],
    ],
    [
      'a team that may only read',
      { followUp: team(known({ members: [omar], isSecret: false, permission: 'read' })) },
      ['team_missing | @acme/data (.github/CODEOWNERS:2) | write access of the team | read'],
    ],
    [
      'a secret team',
      { followUp: team(known({ members: [omar], isSecret: true, permission: 'write' })) },
      ['team_missing | @acme/data (.github/CODEOWNERS:2) | a visible team | a secret one, which GitHub takes for no owner'],
    ],
    [
      'a secret team whose member alone approved',
      { comments: [approval({ author: omar })], followUp: team(known({ members: [omar], isSecret: true, permission: 'write' })) },
      [
        'team_missing | @acme/data (.github/CODEOWNERS:2) | a visible team | a secret one, which GitHub takes for no owner',
        'approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts',
      ],
    ],
    [
      'an owner of several files by several lines, once with all of them',
      {
        codeowners: '/docs/ @gone\n/other/ @gone\n/jobs/ @olga @gone\n',
        record: null,
        extra: deltaOf([{ path: 'docs/a.md', before: 'a', after: 'b' }]),
        followUp: people('gone', known(null)),
      },
      [
        'owners_unreadable | @gone (.github/CODEOWNERS:1, 3) | write access | no such user',
        'approval_missing | docs/a.md | /approve by one of @gone | none that counts',
      ],
    ],
    [
      'no approval',
      { comments: [] },
      ['approval_missing | jobs/orders-nightly.json | /approve by one of @olga @acme/data | none that counts'],
    ],
    [
      'an approval that is too old',
      { live: { now: '2026-11-26T04:00:00Z' }, moment: 'apply' },
      [
        'approval_expired | jobs/orders-nightly.json | /approve by one of @olga @acme/data, younger than 72 h | by olga at 2026-11-23T03:30:00Z',
      ],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });
});

describe('what a reason says about time and people', () => {
  const hold = approval({ id: 51, author: wendy, body: '/hold' });
  const may = (permission: Permission): Partial<World> => ({
    comments: [approval(), hold],
    followUp: people('wendy', known({ person: wendy, permission })),
  });
  const HOLD = 'hold | @wendy | no hold | said /hold; the same person lifts it with /retry';
  const rows: readonly Row[] = [
    ['a hold by who maintains', may('maintain'), [HOLD]],
    ['a hold by who may only triage', may('triage'), []],
    ['a hold by who is not there', { comments: [approval(), hold], followUp: people('wendy', known(null)) }, []],
    ['a hold by whom nobody could ask about', { comments: [approval(), hold], followUp: people('wendy', broken) }, [HOLD]],
    ['a hold', { comments: [approval(), hold] }, ['hold | @wendy | no hold | said /hold; the same person lifts it with /retry']],
    [
      'a hold, and another word of the same person',
      { comments: [approval(), hold, approval({ id: 52, author: wendy, body: '/status' })] },
      ['hold | @wendy | no hold | said /hold; the same person lifts it with /retry'],
    ],
    [
      'a proposal that expired',
      { record: record({ expires_at: '2026-11-23T03:59:00.000Z' }) },
      ['expired | .sluice/changes/7-1.json | before 2026-11-23T03:59:00.000Z | 2026-11-23T04:00:00.000Z'],
    ],
    ['a proposal that expired after its merge', { ...apply, record: record({ expires_at: '2026-11-23T03:59:00.000Z' }) }, []],
    ['a recovery', { live: { recovered: known(true) } }, ['recovered | signals of the incident | still in trouble | recovered']],
    [
      'a later change',
      { live: { superseded: known(true) } },
      ['superseded | .sluice/changes/7-1.json | the newest change of the job | a later one'],
    ],
    [
      'a freeze',
      { config: { freezes: [{ name: 'november', from: '2026-11-20', to: '2026-11-23', zone: 'UTC' }] } },
      ['freeze_active | november | no freeze | 2026-11-20 to 2026-11-23 inclusive, UTC'],
    ],
    [
      'a window',
      { config: { windows: [{ name: 'office', days: ['mon'], from: '09:00', to: '16:00', zone: 'UTC' }] } },
      ['outside_window | office | an open window | 2026-11-23T04:00:00Z'],
    ],
    [
      'a window nobody can read',
      { config: { windows: [{ name: 'office', days: ['mon'], from: '25:00', to: '16:00', zone: 'UTC' }] } },
      ['window_unreadable | office | days, wall times or dates, and an IANA zone | 25:00-16:00 UTC'],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });

  test('a window that cannot be read waits for a reader', () => {
    const windows = [{ name: 'office', days: ['mon' as const], from: '25:00', to: '16:00', zone: 'UTC' }];
    expect(decideGate(facts({ config: { windows } })).verdict).toBe('wait');
  });
});

describe('what stops something that was begun earlier', () => {
  const stops = (world: Partial<World>) => say(stopReasons(facts({ moment: 'apply', ...world })));
  const event = (what: 'comment_deleted' | 'base_changed', at: string) => ({
    timeline: known([{ what, at, actor: wendy, author: wendy }]),
  });
  const edited = approval({ id: 60, author: omar, body: 'fine', createdAt: '2026-11-23T03:50:00Z', former: broken });
  const rows: readonly Row[] = [
    ['an unread timeline', { change: { timeline: broken } }, ['facts_unavailable | timeline | readable | the wire broke']],
    ['unread comments', { change: { comments: broken } }, ['facts_unavailable | comments | readable | the wire broke']],
    ['an unread pull request', { change: { pull: broken } }, ['facts_unavailable | merge | readable | the wire broke']],
    ['a pull request that is not merged', { pull: { mergedAt: null } }, ['facts_unavailable | merge | readable | not merged']],
    [
      'a comment deleted at the merge',
      { change: event('comment_deleted', '2026-11-23T03:40:00Z') },
      ['hold | 2026-11-23T03:40:00Z | every word that was said | a comment was deleted or edited; an owner lifts it with /retry'],
    ],
    ['a base that changed after it', { change: event('base_changed', '2026-11-23T03:50:00Z') }, []],
    [
      'a comment that was edited later',
      { comments: [{ ...edited, lastEditedAt: '2026-11-23T03:58:00Z' }] },
      ['hold | 2026-11-23T03:58:00Z | every word that was said | a comment was deleted or edited; an owner lifts it with /retry'],
    ],
    [
      'a comment that was edited in its first moments',
      { comments: [{ ...edited, includesCreatedEdit: true }] },
      ['hold | 2026-11-23T03:50:00Z | every word that was said | a comment was deleted or edited; an owner lifts it with /retry'],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(stops(world)).toEqual(expected);
  });
});

test('holds cannot be told without the comments', () => {
  expect(say(holdReasons(facts({ change: { comments: broken } })))).toEqual([
    'facts_unavailable | comments | readable | the wire broke',
  ]);
});

describe('what a reason says about checks and rules', () => {
  const gate = (kind: 'run' | 'status', appId: number | null, writer: string) => ({
    name: 'sluice/gate',
    kind,
    appId,
    writer,
    required: false,
    standing: 'passed' as const,
    said: 'success',
  });
  const other = gate('run', 99, 'other');
  const nameless = { appId: null };
  const rule = (name: string, appId: number | null) => ({ name, appId });
  const strict = { protection: 'required' } as const;
  const rows: readonly Row[] = [
    [
      'a check run of our name',
      { protection: { checks: [other] } },
      ['check_forged | sluice/gate | written by App 700 | a check run by other: success'],
    ],
    [
      'a status of our name',
      { protection: { checks: [gate('status', null, 'wendy')] } },
      ['check_forged | sluice/gate | written by App 700 | a commit status by wendy: success'],
    ],
    [
      'a status of our name that claims to be ours',
      { protection: { checks: [gate('status', SERVER_APP, 'wendy')] } },
      ['check_forged | sluice/gate | written by App 700 | a commit status by wendy: success'],
    ],
    [
      'a check run of our name where nobody told which App we are',
      { protection: { checks: [other] }, live: nameless },
      ['check_unknown | sluice/gate | written by our App; SLUICE_APP_ID says which that is | a check run by other: success'],
    ],
    [
      'a check run of nobody’s where nobody told which App we are',
      { protection: { checks: [gate('run', null, 'ghost')] }, live: nameless },
      ['check_unknown | sluice/gate | written by our App; SLUICE_APP_ID says which that is | a check run by ghost: success'],
    ],
    [
      'a check run of our name where the policy cannot be read',
      { protection: { checks: [other] }, change: { policies: policies({ config: broken }) } },
      ['config_unreadable | .github/sluice.yml | readable at bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | the wire broke'],
    ],
    ['our own check run', { protection: { checks: [gate('run', SERVER_APP, 'sluice')] } }, []],
    [
      'no ruleset',
      { config: strict },
      ['protection_missing | sluice/gate | a ruleset that requires it of App 700 | no active ruleset requires it'],
    ],
    [
      'no ruleset where nobody told which App we are',
      { config: strict, live: nameless },
      [
        'protection_missing | sluice/gate | a ruleset that requires it of our App; SLUICE_APP_ID says which that is | no active ruleset requires it',
      ],
    ],
    [
      'rulesets that anybody or another App may fulfil',
      { config: strict, protection: { rules: [rule('sluice/gate', null), rule('sluice/gate', 99)] } },
      ['protection_missing | sluice/gate | a ruleset that requires it of App 700 | required of anybody, App 99'],
    ],
    [
      'a check that has not reported',
      { protection: { rules: [rule('build', null)], checks: [gate('run', SERVER_APP, 'sluice'), { ...other, name: 'lint' }] } },
      ['check_unknown | build | a report | none so far'],
    ],
    [
      'a check that has not reported to its App',
      { protection: { rules: [rule('build', 7)] } },
      ['check_unknown | build | a report by App 7 | none so far'],
    ],
    [
      'a check that failed',
      {
        protection: { rules: [rule('build', null)], checks: [{ ...other, name: 'build', standing: 'failed', said: 'failure' }] },
      },
      ['check_failed | build | success | failure, by other'],
    ],
    [
      'too few reviews',
      { protection: { review: 'review_required' } },
      ['github_review_missing | #12 | the approving reviews that the base asks for | not enough of them'],
    ],
    [
      'a review that asks for changes',
      { protection: { review: 'changes_requested' } },
      ['github_review_missing | #12 | no review that asks for changes | a review asks for changes'],
    ],
    [
      'a conflict',
      { protection: { conflicts: true } },
      ['base_moved | main | a head that merges cleanly | conflicts with the base'],
    ],
    [
      'a head that is behind',
      { protection: { behind: true, strict: true } },
      ['base_moved | main | a head that contains its tip | the head is behind'],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(said(facts(world))).toEqual(expected);
  });
});

test('a change that touches no target is none of ours, whatever GitHub wants of it', () => {
  const extra = known(readme);
  const verdict = decideGate(facts({ record: null, change: { delta: extra }, protection: { conflicts: true } }));
  expect([verdict.applies, verdict.wants, say(verdict.reasons)]).toEqual([
    false,
    [],
    ['approval_missing | README.md | /approve by one of @omar | none that counts'],
  ]);
});

test('a target among other files makes it ours', () => {
  expect(decideGate(facts({ record: null, after: AFTER, extra: readme })).applies).toBe(true);
});
