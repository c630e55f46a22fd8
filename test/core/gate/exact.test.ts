import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { isPolicyPath } from '../../../src/core/gate/policy-path.ts';
import { retriedBy } from '../../../src/core/gate/retry.ts';
import { inverseOf, recordText } from '../../../src/core/record.ts';
import type { GateFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import {
  AFTER,
  approval,
  BASE,
  BEFORE,
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
  type World,
  wendy,
} from '../../support/gate.ts';

/** Every reason there is, as `code subject`: a rule that is removed, or one too many, fails here. */
function reasonsOf(given: GateFacts): string[] {
  return decideGate(given).reasons.map((one) => `${one.code} ${one.subject}`);
}

const push = pushFact();
const bare = [approval({ body: '/approve' })];
const older = 'd'.repeat(40);

function delta(): ReturnType<typeof deltaOf> {
  const { delta: read } = facts().change;
  return read.known ? [...read.value] : [];
}

describe('exactly these reasons', () => {
  const rows: readonly (readonly [string, Partial<World>, readonly string[]])[] = [
    ['a sound proposal has none', {}, []],
    [
      'another inverse',
      { record: record({}, { inverse: [] }) },
      ['record_mismatch record inverse', 'record_mismatch record plan digest'],
    ],
    ['another plan digest', { record: record({}, { plan_digest: 'x' }) }, ['record_mismatch record plan digest']],
    [
      'an understated risk',
      { record: record({ changes: [workers('8')], risk: 'low' }), after: withWorkers('8') },
      ['record_mismatch record risk'],
    ],
    ['another workspace', { record: record({ workspace: 'dev' }) }, ['target_mismatch orders workspace']],
    ['another kind of target', { record: record({ target_kind: 'file' }) }, ['target_mismatch orders kind']],
    [
      'an undone record where nothing is undone',
      { record: record({ undoes: '.sluice/changes/1-1.json' }) },
      ['record_mismatch record undoes'],
    ],
    [
      'a record at the path of another',
      { record: record(), followUp: movedRecord() },
      ['approval_missing .sluice/changes/7-1.json', 'record_mismatch .sluice/changes/7-2.json path'],
    ],
    [
      'a record that was there before',
      {
        change: {
          delta: known(
            delta().map((one) => (one.path.startsWith('.sluice') ? { ...one, oldMode: '100644', oldId: older } : one)),
          ),
        },
      },
      ['record_mismatch .sluice/changes/7-1.json history'],
    ],
    [
      'a target that was a link before',
      { change: { delta: known(delta().map((one) => (one.path === JOB_FILE ? { ...one, oldMode: '120000' } : one))) } },
      [`file_kind_forbidden ${JOB_FILE}`],
    ],
    ['a base in another repository', { pull: { baseRepositoryId: 99 } }, ['fork #12']],
    ['a merge that GitHub does not call merged', { moment: 'apply', pull: { mergedAt: null } }, [`merge_mismatch ${MERGE}`]],
    [
      'a file of another target',
      { record: record({ changes: [{ ...record().changes[0]!, file: 'jobs/other.json' }] }) },
      ['target_mismatch orders file', `record_mismatch ${JOB_FILE} edit`, 'record_mismatch jobs/other.json changes'],
    ],
  ];

  test.each(rows)('%s', (_, world, reasons) => {
    expect(reasonsOf(facts(world)).sort()).toEqual([...reasons].sort());
  });

  test('a squash merge has one parent and is as good', () => {
    expect(reasonsOf(facts({ moment: 'apply', change: { merge: known({ parents: [BASE], delta: delta() }) } }))).toEqual([]);
  });

  test('a proposal expires at its instant, not after it', () => {
    const now = '2026-11-23T04:00:00.000Z';
    expect(reasonsOf(facts({ record: record({ expires_at: now }) }))).toEqual(['expired .sluice/changes/7-1.json']);
  });

  test('a path outside the narrowed list is refused', () => {
    const limits = { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 400, paths: ['jobs/other.json'], keys: [] };
    expect(reasonsOf(facts({ config: { limits } }))).toEqual([`path_forbidden ${JOB_FILE}`]);
  });

  test('a recovered pipeline does not stop a rollback: the job has its old settings already', () => {
    const back = record({
      kind: 'rollback',
      undoes: '.sluice/changes/6-1.json',
      changes: inverseOf(record().changes).map((one) => ({ ...one, reason: 'back', evidence: [] })),
    });
    expect(
      reasonsOf(
        facts({
          record: back,
          before: AFTER,
          after: BEFORE,
          followUp: { undone: known(record()) },
          live: { recovered: known(true) },
        }),
      ),
    ).toEqual([]);
  });

  test('bytes of a target file that the record does not name are judged too', () => {
    const config = { targets: targetsWith('jobs/second.json') };
    const second = { path: 'jobs/second.json', before: '{"a": 1}', after: '{"a": 2}' };
    const given = facts({ config, extra: deltaOf([second]) });
    const blobs = [...given.followUp.blobs, { path: second.path, before: known(second.before), after: known(second.after) }];
    expect(reasonsOf({ ...given, followUp: { ...given.followUp, blobs } })).toEqual(['record_mismatch jobs/second.json edit']);
  });

  test('a target file that is added or deleted is not an edit', () => {
    const given = facts();
    const blobs = given.followUp.blobs.map((blob) => (blob.path === JOB_FILE ? { ...blob, before: known(null) } : blob));
    expect(reasonsOf({ ...given, followUp: { ...given.followUp, blobs } })).toEqual([`record_mismatch ${JOB_FILE} file`]);
  });

  test('a CODEOWNERS that GitHub would not read blocks as such', () => {
    expect(reasonsOf(facts({ codeowners: `# ${'x'.repeat(3_000_001)}\n* @olga\n` }))).toContain(
      'owners_too_large .github/CODEOWNERS',
    );
  });
});

describe('a bare approval', () => {
  test.each([
    ['of a push by our App counts', push, true],
    ['of a push by somebody else does not', { ...push, actor: wendy }, false],
    ['of a push by nobody does not', { ...push, actor: null }, false],
    ['of another head does not', { ...push, after: older }, false],
    ['before the push does not', { ...push, at: '2026-11-23T03:31:00Z' }, false],
  ])('%s', (_, one, counts) => {
    expect(decideGate(facts({ comments: bare, change: { pushes: known([one]) } })).counted).toHaveLength(counts ? 1 : 0);
  });

  test('does not count where the policy wants the SHA', () => {
    const approvals = { owners: { low: 1, medium: 1, high: 2 }, requireSha: true, expireAfterHours: 72, breakGlass: [] };
    expect(decideGate(facts({ comments: bare, config: { approvals } })).counted).toEqual([]);
  });
});

describe('who counts', () => {
  test('our own account never approves, whatever type GitHub gives it', () => {
    const given = facts({ live: { ours: [olga.id] } });
    expect(decideGate(given).dropped.map((one) => one.code)).toEqual(['approval_bot']);
  });

  test('an older head counts only when nothing but merges of the base came after it', () => {
    const ancestors = known([{ sha: older, onlyBaseMerges: false, delta: delta() }]);
    const verdict = decideGate(facts({ comments: [approval({ body: `/approve ${older}` })], followUp: { ancestors } }));
    expect(verdict.dropped.map((one) => one.code)).toEqual(['approval_stale']);
  });

  test('who pushed only merges of the base is not barred', () => {
    const pushes = known([push, { ...push, actor: olga, mergesBase: true }]);
    expect(decideGate(facts({ change: { pushes } })).verdict).toBe('allow');
  });

  test('a deletion before the oldest of two approvals voids neither, one between them voids both', () => {
    const comments = [approval(), approval({ id: 51, author: omar, createdAt: '2026-11-23T03:40:00Z' })];
    const deletedAt = (at: string) => ({
      timeline: known([{ what: 'comment_deleted' as const, at, actor: wendy, author: wendy }]),
    });
    expect(decideGate(facts({ comments, change: deletedAt('2026-11-23T03:29:59Z') })).counted).toHaveLength(2);
    expect(decideGate(facts({ comments, change: deletedAt('2026-11-23T03:35:00Z') })).counted).toEqual([]);
    expect(decideGate(facts({ comments, change: deletedAt('2026-11-23T03:30:00Z') })).counted).toEqual([]);
  });

  test.each(['/hold', '/unapprove'])('an edited %s voids an approval that came after the edit too', (body) => {
    const edited = approval({
      id: 40,
      author: omar,
      body,
      createdAt: '2026-11-23T03:10:00Z',
      lastEditedAt: '2026-11-23T03:20:00Z',
    });
    expect(decideGate(facts({ comments: [edited, approval()] })).counted).toEqual([]);
  });

  test('a merge of the base with a nameless author blocks nobody', () => {
    const commits = known([{ sha: HEAD, parents: [older, BASE], people: [null], mergesBase: true }]);
    expect(decideGate(facts({ change: { commits } })).verdict).toBe('allow');
  });
});

describe('a hold', () => {
  const hold = approval({ id: 51, author: wendy, body: '/hold' });

  test('is not lifted by somebody else’s /retry', () => {
    expect(reasonsOf(facts({ comments: [approval(), hold, approval({ id: 52, author: omar, body: '/retry' })] }))).toEqual([
      'hold @wendy',
    ]);
  });

  test('is not lifted by an edited /retry', () => {
    const edited = approval({ id: 52, author: wendy, body: '/retry', lastEditedAt: '2026-11-23T03:20:00Z' });
    expect(reasonsOf(facts({ comments: [approval(), hold, edited] }))).toEqual(['hold @wendy']);
  });

  test('by somebody without write access does not hold', () => {
    const people = { ...facts().followUp.people, wendy: known({ person: wendy, permission: 'read' as const }) };
    expect(reasonsOf(facts({ comments: [approval(), hold], followUp: { people } }))).toEqual([]);
  });
});

describe('a person’s own change of a target file', () => {
  const edited = { record: null, after: AFTER };

  test('passes on an owner’s approval, at medium risk', () => {
    const verdict = decideGate(facts(edited));
    expect([verdict.verdict, verdict.required, verdict.applies]).toEqual(['allow', 1, true]);
    const strict = { owners: { low: 1, medium: 2, high: 2 }, requireSha: false, expireAfterHours: 72, breakGlass: [] };
    expect(decideGate(facts({ ...edited, config: { approvals: strict } })).required).toBe(2);
  });

  test('does not profit from the incident exception of windows', () => {
    const windows = [{ name: 'office', days: ['mon' as const], from: '09:00', to: '16:00', zone: 'UTC' }];
    expect(reasonsOf(facts({ ...edited, config: { windows, incidentRisk: 'high' } }))).toEqual(['outside_window office']);
  });

  test.each(['.github/CODEOWNERS', 'docs/CODEOWNERS', '.github/workflows/x.yml', 'runbooks/a.md'])(
    'a change of %s is the gate’s business',
    (path) => {
      const given = facts({ record: null, change: { delta: known(deltaOf([{ path, before: 'a', after: 'b' }])) } });
      expect(decideGate(given).applies).toBe(true);
    },
  );

  test.each(['docs/.github/x', 'docs/runbooks/a.md', 'x/.sluice/a', 'CODEOWNERS.md', 'MYCODEOWNERS'])(
    'a change of %s is not',
    (path) => {
      expect(isPolicyPath(path)).toBe(false);
    },
  );

  test('a CODEOWNERS at the root is one', () => {
    expect(isPolicyPath('CODEOWNERS')).toBe(true);
  });
});

describe('an owner’s retry', () => {
  const since = '2026-11-23T03:35:00Z';
  const retry = approval({ id: 60, body: '/retry', createdAt: '2026-11-23T03:36:00Z' });
  const asked = (change: Partial<typeof retry>, world: Partial<World> = {}) =>
    retriedBy(facts({ moment: 'apply', comments: [approval(), { ...retry, ...change }], ...world }), since);

  test('counts after the doubt, by an owner, in their own unedited words', () => {
    expect(asked({})).toEqual(olga);
  });

  test.each([
    ['before the doubt', { createdAt: '2026-11-23T03:34:00Z' }],
    ['in the second of the doubt', { createdAt: since }],
    ['edited', { lastEditedAt: '2026-11-23T03:37:00Z' }],
    ['spoken by an App', { viaApp: true }],
    ['by a bot', { author: bot }],
    ['by nobody', { author: null }],
    ['by a writer who owns nothing', { author: wendy }],
    ['that is another command', { body: '/hold' }],
  ])('does not count %s', (_, change) => {
    expect(asked(change)).toBeNull();
  });

  test.each(['comments', 'delta'] as const)('does not count where %s cannot be read', (name) => {
    expect(asked({}, { change: { [name]: unknown('503') } })).toBeNull();
  });

  test('does not count where the record cannot be read', () => {
    expect(asked({}, { followUp: { record: unknown('503') } })).toBeNull();
  });

  test('must be an owner’s under every policy', () => {
    const given = facts({ moment: 'apply', comments: [approval(), retry] });
    const [base, head] = given.change.policies;
    const narrowed = { ...head!, codeowners: known({ path: 'CODEOWNERS', text: '* @omar\n' }) };
    expect(retriedBy({ ...given, change: { ...given.change, policies: [base!, narrowed] } }, since)).toBeNull();
    expect(retriedBy({ ...given, change: { ...given.change, policies: [] } }, since)).toBeNull();
  });
});

function workers(count: string) {
  return {
    file: JOB_FILE,
    selector: 'job_clusters[job_cluster_key=main].new_cluster.num_workers',
    old: '4',
    new: count,
    reason: 'more',
    evidence: [],
  };
}

function withWorkers(count: string): string {
  return BEFORE.replace('"num_workers": 4', `"num_workers": ${count}`);
}

function movedRecord(): Partial<World['followUp']> {
  const own = record();
  const path = '.sluice/changes/7-2.json';
  return { record: known({ path, text: recordText(own), record: own }) };
}

function targetsWith(file: string) {
  const [policy] = facts().change.policies;
  const targets = policy?.config.known ? policy.config.value.targets : [];
  return targets.map((target) => ({ ...target, files: [...target.files, file] }));
}
