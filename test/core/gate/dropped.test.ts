import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { CommentFact, Person, PushFact } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, BASE, bot, facts, HEAD, olga, omar, pushFact, record, type World, wendy } from '../../support/gate.ts';

const older = `${'d'.repeat(39)}2`;
const late = { now: '2026-11-26T04:00:00.000Z' };
const commit = (person: Person) => ({ sha: HEAD, parents: [BASE], people: [person, bot], mergesBase: false });
const push = (actor: Person | null, change: Partial<PushFact> = {}) => pushFact({ actor, ...change });
const event = (what: 'comment_deleted' | 'base_changed' | 'head_force_pushed', at = '2026-11-23T03:45:00Z') => ({
  timeline: known([{ what, at, actor: wendy, author: wendy }]),
});
const by = (author: Person, change: Partial<CommentFact> = {}) => approval({ id: 60 + author.id, author, ...change });
const told = (world: Partial<World>) =>
  decideGate(facts(world)).dropped.map(({ commentId, login, code, detail }) => `${commentId} ${login} ${code}: ${detail}`);
const counted = (world: Partial<World>) => decideGate(facts(world)).counted.map((one) => one.person.login);

describe('what is said of an approval that does not count', () => {
  const rows: readonly (readonly [string, Partial<World>, readonly string[]])[] = [
    ['by a bot', { comments: [approval({ author: bot })] }, ['50 sluice[bot] approval_bot: only people approve']],
    ['by an account that is gone', { comments: [approval({ author: null })] }, ['50 ghost approval_bot: only people approve']],
    ['by e-mail', { comments: [approval({ createdViaEmail: true })] }, ['50 olga approval_edited: sent by e-mail']],
    [
      'that was edited',
      { comments: [approval({ lastEditedAt: '2026-11-23T03:35:00Z' })] },
      ['50 olga approval_edited: edited at 2026-11-23T03:35:00Z'],
    ],
    [
      'that was edited in its first moments',
      { comments: [approval({ includesCreatedEdit: true })] },
      ['50 olga approval_edited: edited at creation'],
    ],
    [
      'without a SHA after two pushes',
      { comments: [approval({ body: '/approve' })], change: { pushes: known([push(bot), push(bot)]) } },
      ['50 olga approval_wrong_sha: name the commit: /approve aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1'],
    ],
    [
      'without a SHA before any push',
      { comments: [approval({ body: '/approve' })], change: { pushes: known([]) } },
      ['50 olga approval_wrong_sha: name the commit: /approve aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1'],
    ],
    [
      'without a SHA in the second of the push',
      { comments: [approval({ body: '/approve' })], change: { pushes: known([push(bot, { at: '2026-11-23T03:30:00Z' })]) } },
      ['50 olga approval_wrong_sha: name the commit: /approve aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1'],
    ],
    [
      'of a commit from elsewhere',
      { comments: [approval({ body: `/approve ${older}` })] },
      [
        '50 olga approval_wrong_sha: ddddddddddddddddddddddddddddddddddddddd2 is not aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 nor an earlier head of it',
      ],
    ],
    [
      'of an older head with other content',
      {
        comments: [approval({ body: `/approve ${older.slice(0, 12)}` })],
        followUp: { ancestors: known([{ sha: older, onlyBaseMerges: false, delta: [] }]) },
      },
      [
        '50 olga approval_stale: dddddddddddd was approved; the head is now aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 with other content',
      ],
    ],
    ['by who opened the pull request', { pull: { author: olga } }, ['50 olga approval_self: opened this pull request']],
    [
      'by who wrote one of two commits',
      { change: { commits: known([commit(wendy), commit(olga)]) } },
      ['50 olga approval_committer: wrote or committed a commit of it'],
    ],
    [
      'by who pushed one of two times',
      { change: { pushes: known([push(olga, { after: older }), push(bot)]) } },
      ['50 olga approval_committer: pushed to its branch'],
    ],
    [
      'by who shaped the content',
      { live: { asked: known({ shapers: [olga.id], askers: [] }) } },
      ['50 olga approval_committer: shaped its content'],
    ],
    [
      'by who asked for it',
      { live: { asked: known({ shapers: [], askers: [olga.id] }) }, record: record({ risk: 'medium' }) },
      ['50 olga approval_asked: asked for it; barred at medium risk'],
    ],
    ['by who owns nothing of it', { comments: [by(wendy)] }, ['63 wendy approval_not_owner: owns none of the changed files']],
    ['that is too old', { live: late }, ['50 olga approval_expired: given 72 h ago, valid for 72 h']],
    [
      'after which a comment was deleted',
      { change: event('comment_deleted') },
      ['50 olga approval_deleted: a comment was deleted at 2026-11-23T03:45:00Z'],
    ],
    [
      'after which the base was changed',
      { change: event('base_changed') },
      ['50 olga approval_deleted: the base branch was changed at 2026-11-23T03:45:00Z'],
    ],
    [
      'after which a comment was edited',
      {
        comments: [approval(), by(wendy, { body: 'x', createdAt: '2026-11-23T03:10:00Z', lastEditedAt: '2026-11-23T03:45:00Z' })],
      },
      ['50 olga approval_deleted: comment 63 was edited'],
    ],
  ];

  test.each(rows)('%s', (_, world, expected) => {
    expect(told(world)).toEqual(expected);
  });
});

describe('an approval stands', () => {
  test.each<readonly [string, Partial<World>]>([
    ['after a push by force: the commit that it names is still the head', { change: event('head_force_pushed') }],
    ['whatever else its author says', { comments: [approval(), by(olga, { body: '/status' })] }],
    ['when somebody else takes theirs back', { comments: [approval(), by(wendy, { body: '/unapprove' })] }],
    [
      'beside a comment that was never edited, whatever cannot be read of it',
      { comments: [approval(), by(wendy, { body: 'x', former: unknown('gone') })] },
    ],
  ])('%s', (_, world) => {
    expect([counted(world), told(world)]).toEqual([['olga'], []]);
  });

  test('of an older head that is named by its first 12 digits', () => {
    const same = facts().change.delta;
    const ancestors = known([{ sha: older, onlyBaseMerges: true, delta: same.known ? same.value : [] }]);
    const comments = [approval({ body: `/approve ${older.slice(0, 12)}` })];
    expect(
      counted({
        comments,
        change: { pushes: known([push(bot, { after: older }), push(bot, { before: older })]) },
        followUp: { ancestors },
      }),
    ).toEqual(['olga']);
  });
});

describe('the oldest approval', () => {
  test('is found among those that were given again', () => {
    const at = (minute: number) => ({ createdAt: `2026-11-23T03:${minute}:00Z` });
    const comments = [by(olga, at(30)), by(omar, at(40)), by(olga, { id: 62, ...at(50) })];
    expect(counted({ comments })).toEqual(['olga', 'omar']);
    expect(counted({ comments, change: event('comment_deleted', '2026-11-23T03:45:00Z') })).toEqual([]);
    expect(counted({ comments, change: event('comment_deleted', '2026-11-23T03:35:00Z') })).toEqual(['olga', 'omar']);
  });

  test('is one that is too old where no other is left', () => {
    const reasons = (change: Partial<World>) =>
      decideGate(facts({ live: late, moment: 'apply', ...change })).reasons.map((one) => one.code);
    expect(reasons({})).toEqual(['approval_expired']);
    expect(reasons({ change: event('comment_deleted') })).toEqual(['approval_missing']);
  });
});

describe('how many owners are needed', () => {
  const again = '2026-11-26T03:50:00Z';
  const owners = (number: number) => ({
    approvals: { owners: { low: 1, medium: 1, high: number }, requireSha: false, expireAfterHours: 72, breakGlass: [] },
  });
  const few = (number: number, ...comments: readonly CommentFact[]) =>
    decideGate(
      facts({ moment: 'apply', live: late, record: record({ risk: 'high' }), config: owners(number), comments }),
    ).reasons.map(({ code, subject, expected, observed }) => `${code} | ${subject} | ${expected} | ${observed}`);

  test('is what expired where the old ones would do', () => {
    expect(few(2, by(olga, { createdAt: again }), by(omar))).toEqual([
      'approval_expired | high risk | 2 owners, younger than 72 h | 1',
    ]);
  });

  test('is what is missing where even the old ones would not', () => {
    expect(few(3, by(olga, { createdAt: again }), by(omar))).toEqual(['approval_missing | high risk | 3 owners | 1']);
  });

  test('counts nobody twice who approved again', () => {
    expect(few(2, by(olga), by(olga, { id: 80, createdAt: again }))).toEqual(['approval_missing | high risk | 2 owners | 1']);
    expect(few(3, by(olga), by(olga, { id: 80, createdAt: again }), by(omar, { createdAt: again }))).toEqual([
      'approval_missing | high risk | 3 owners | 2',
    ]);
  });
});
