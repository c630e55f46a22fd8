import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import type { FollowUp } from '../../../src/model/follow-up.ts';
import type { ChangeFacts, CommentFact, PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, BASE, blobId, bot, configOf, deltaOf, facts, HEAD, JOB_FILE, type World, wendy } from '../../support/gate.ts';

const broken = unknown('the wire broke');
const RECORD = '.sluice/changes/7-1.json';
const NOBODY = '0'.repeat(40);
const older = (digit: string) => digit.repeat(40);
const asked = (world: Partial<World>): FollowUp => followUpOf(facts({ comments: [], ...world }).change);
const says = (...bodies: readonly string[]): CommentFact[] =>
  bodies.map((body, index) => approval({ id: index, author: { ...wendy, login: `person-${bodies.length - index}` }, body }));
const numbered = (count: number) => Array.from({ length: count }, (_, index) => String(index).padStart(3, '0'));
const files = (...paths: readonly string[]) => known(deltaOf(paths.map((path) => ({ path, before: 'a', after: 'b' }))));
const [orders] = configOf().targets;
if (!orders) throw new Error('no target');

function policy(change: Partial<PolicyFacts>): Partial<ChangeFacts> {
  return {
    policies: [{ commit: BASE, codeowners: known({ path: 'CODEOWNERS', text: '' }), config: known(configOf()), ...change }],
  };
}

describe('whose texts are read', () => {
  test('the record’s and the target files’, by the objects before and after', () => {
    const given = asked({ extra: deltaOf([{ path: 'README.md', before: 'a', after: 'b' }]), before: 'old', after: 'new' });
    expect(given.blobs).toEqual([
      { path: JOB_FILE, before: blobId('old'), after: blobId('new') },
      { path: RECORD, before: NOBODY, after: expect.stringMatching(/^[0-9a-f]{40}$/) },
    ]);
  });

  test('at most 50', () => {
    const paths = numbered(60).map((number) => `jobs/${number}.json`);
    const config = { targets: [{ ...orders, files: paths }] };
    expect(asked({ config, change: { delta: files(...paths) } }).blobs.map((blob) => blob.path)).toEqual(paths.slice(0, 50));
  });

  test('none where the change or the policy cannot be read', () => {
    expect(asked({ change: { delta: broken } }).blobs).toEqual([]);
    expect(asked({ record: null, change: policy({ config: broken }) }).blobs).toEqual([]);
  });
});

describe('who is asked about', () => {
  test('who said /hold or /retry, once each, in order', () => {
    expect(asked({ comments: says('/status', '/retry', '/hold'), codeowners: '' }).logins).toEqual(['person-1', 'person-2']);
    expect(asked({ comments: [...says('/hold'), ...says('/retry')], codeowners: '' }).logins).toEqual(['person-1']);
    expect(asked({ comments: [approval({ author: null, body: '/hold' })], codeowners: '' }).logins).toEqual([]);
    expect(asked({ change: { comments: broken }, codeowners: '' }).logins).toEqual([]);
    expect(asked({ comments: [approval({ author: bot, body: '/hold' })], codeowners: '' }).logins).toEqual([bot.login]);
  });

  test('the owners of what changes, people and teams apart', () => {
    const given = asked({ codeowners: '/jobs/ @b me@example.com @a/y we/us@example.com @a @a/x\n/docs/ @c\n' });
    expect([given.logins, given.teams]).toEqual([
      ['a', 'b'],
      ['a/x', 'a/y'],
    ]);
  });

  test('not the owners of the record itself', () => {
    expect(asked({ codeowners: '* @a\n/jobs/ @b\n' }).logins).toEqual(['b']);
  });

  test('the owners of every target’s files where a record is the whole change', () => {
    const codeowners = '* @a\n/jobs/ @b\n';
    expect(asked({ codeowners, change: { delta: files(RECORD) } }).logins).toEqual(['b']);
    expect(asked({ codeowners, change: { delta: known([]) } }).logins).toEqual([]);
    expect(asked({ codeowners, change: { delta: broken } }).logins).toEqual([]);
  });

  test.each([
    ['is not there', known(null)],
    ['cannot be read', broken],
  ])('nobody where CODEOWNERS %s', (_, codeowners) => {
    const given = asked({ change: policy({ codeowners }) });
    expect([given.logins, given.teams]).toEqual([[], []]);
  });

  test('at most 100 people and 100 teams', () => {
    const people = numbered(101).map((number) => `@p${number}`);
    const teams = numbered(101).map((number) => `@t/${number}`);
    const given = asked({ codeowners: `/jobs/ ${[...people, ...teams].join(' ')}\n` });
    expect([given.logins.length, given.logins.at(-1), given.teams.length, given.teams.at(-1)]).toEqual([
      100,
      'p099',
      100,
      't/099',
    ]);
  });

  test('who may break the glass, at most 100, and only where somebody did', () => {
    const breakGlass = numbered(101).map((number) => `g${number}`);
    const world = { codeowners: '', config: { approvals: { ...configOf().approvals, breakGlass } } };
    const glass = `/approve ${HEAD} --break-glass it burns`;
    const given = asked({ ...world, comments: says('/status', glass) });
    expect([given.logins.length, given.logins.at(-1)]).toEqual([100, 'g099']);
    expect(asked({ ...world, comments: says('/status', `/approve ${HEAD}`) }).logins).toEqual([]);
  });
});

describe('which older heads are read', () => {
  test('those that an approval names and that are not the head, once each, in order', () => {
    const [a, b] = [older('a'), older('b')];
    const comments = says(`/approve ${b}`, `/approve ${a.slice(0, 12)}`, `/approve ${b}`, `/approve ${HEAD.slice(0, 12)}`);
    expect(asked({ comments, pull: { headSha: `${HEAD.slice(0, 12)}${'0'.repeat(28)}` } }).ancestors).toEqual([b]);
    expect(asked({ comments: says('/approve', '/status', `/approve ${b}`, `/approve ${a}`) }).ancestors).toEqual([a, b]);
  });

  test('the head among them where it is not known', () => {
    expect(asked({ comments: says(`/approve ${HEAD}`), change: { pull: broken } }).ancestors).toEqual([HEAD]);
  });

  test('at most 50', () => {
    const shas = numbered(51).map((number) => `${number}${'d'.repeat(37)}`);
    expect(asked({ comments: says(...shas.map((sha) => `/approve ${sha}`)) }).ancestors).toEqual(shas.slice(0, 50));
  });
});

test('what is read does not hang on the order of comments, and one more never makes it less', () => {
  const body = fc.constantFrom(
    '/hold',
    '/retry',
    'hello',
    `/approve ${HEAD}`,
    `/approve ${older('d')}`,
    `/approve ${older('e')}`,
  );
  const comment = fc.record({ login: fc.constantFrom('a', 'b', 'c'), body, edited: fc.boolean() });
  const read = (comments: readonly CommentFact[]) => {
    const { logins, teams, ancestors } = asked({ comments });
    return [...logins, ...teams, ...ancestors];
  };
  fc.assert(
    fc.property(fc.array(comment, { minLength: 1, maxLength: 6 }), (said) => {
      const comments = said.map(({ login, body, edited }, id) =>
        approval({ id, author: { ...wendy, login }, body, former: edited ? broken : known([]), includesCreatedEdit: edited }),
      );
      expect(asked({ comments: comments.toReversed() })).toEqual(asked({ comments }));
      expect(read(comments)).toEqual(expect.arrayContaining(read(comments.slice(1))));
    }),
  );
});
