import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { ChangeFacts, CommitFact } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, BASE, bot, configOf, facts, HEAD, NONE, olga, omar, pushFact, type World } from '../../support/gate.ts';

const SHORT = HEAD.slice(0, 12);
/** What 20 seconds of computing give: another commit whose first 12 digits are the head's. */
const TWIN = `${SHORT}${'7'.repeat(28)}`;
const OLDER = 'd'.repeat(40);
const OLDER_TWIN = `${OLDER.slice(0, 12)}${'7'.repeat(28)}`;
const BEFORE_COMMENT = '2026-11-23T03:10:00Z';
const AT_COMMENT = '2026-11-23T03:30:00Z';
const AFTER_COMMENT = '2026-11-23T03:30:01Z';

const says = (sha: string) => [approval({ body: `/approve ${sha}`, createdAt: AT_COMMENT })];
const commit = (sha: string): CommitFact => ({ sha, parents: [BASE], people: [bot], mergesBase: false });
const pushes = (...all: readonly (readonly [string, string, string?])[]): Partial<ChangeFacts> => ({
  pushes: known(all.map(([before, after, at = BEFORE_COMMENT]) => pushFact({ before, after, at }))),
});
const forced = pushes([NONE, TWIN], [TWIN, HEAD, AFTER_COMMENT]);

function told(world: Partial<World>): readonly string[] {
  const verdict = decideGate(facts(world));
  return [...verdict.counted.map((one) => one.person.login), ...verdict.dropped.map((one) => `${one.code}: ${one.detail}`)];
}

const ALL = `approval_wrong_sha: name all 40 digits, /approve ${HEAD}:`;

describe('an approval by fewer than 40 digits counts only where they can have meant one commit', () => {
  test.each<readonly [string, Partial<ChangeFacts>, string]>([
    ['the head that was there when it was said', {}, 'olga'],
    ['the head pushed in the same second', pushes([NONE, HEAD, AT_COMMENT]), 'olga'],
    [
      'the head that was there, went and came back',
      pushes([NONE, HEAD], [HEAD, OLDER, AFTER_COMMENT], [OLDER, HEAD, AFTER_COMMENT]),
      'olga',
    ],
    ['a head pushed by force over one that begins alike', forced, `${ALL} another commit begins with ${SHORT} too`],
    [
      'a head after which one that begins alike was pushed',
      pushes([NONE, HEAD], [HEAD, TWIN], [TWIN, HEAD]),
      `${ALL} another commit begins with ${SHORT} too`,
    ],
    [
      'a head over one of which only its end is logged',
      pushes([NONE, OLDER], [OLDER, HEAD], [TWIN, OLDER]),
      `${ALL} another commit begins with ${SHORT} too`,
    ],
    [
      'a head on a commit that begins alike',
      { commits: known([commit(TWIN), commit(HEAD)]) },
      `${ALL} another commit begins with ${SHORT} too`,
    ],
    [
      'a head pushed a second later',
      pushes([NONE, HEAD, AFTER_COMMENT]),
      `${ALL} no push before the comment is known to have made it the head`,
    ],
    [
      'a head that no push is known to have made',
      pushes([NONE, OLDER]),
      `${ALL} no push before the comment is known to have made it the head`,
    ],
    ['a head where nobody knows the pushes', { pushes: unknown('503') }, `${ALL} what else ${SHORT} may mean cannot be told`],
    ['a head where nobody knows the commits', { commits: unknown('503') }, `${ALL} what else ${SHORT} may mean cannot be told`],
  ])('%s', (_, change, expected) => {
    expect(told({ comments: says(SHORT), change })).toEqual([expected]);
  });

  test.each([12, 39])('%i digits are fewer than 40', (digits) => {
    expect(told({ comments: says(HEAD.slice(0, digits)), change: pushes([NONE, HEAD, AFTER_COMMENT]) })).toEqual([
      expect.stringContaining('name all 40 digits'),
    ]);
  });

  test('all 40 digits mean one commit, whenever it was pushed and whatever begins like it', () => {
    expect(told({ comments: says(HEAD), change: forced })).toEqual(['olga']);
    expect(told({ comments: says(HEAD), change: { ...forced, commits: known([commit(TWIN), commit(HEAD)]) } })).toEqual(['olga']);
  });

  test('the forced head is not merged: it waits for an owner who read it', () => {
    expect(decideGate(facts({ comments: says(SHORT), change: forced })).verdict).toBe('wait');
    expect(decideGate(facts({ moment: 'apply', comments: says(SHORT), change: forced })).verdict).toBe('wait');
  });
});

describe('an older head before merges of the base is named alike', () => {
  const { delta } = facts().change;
  const ancestors = known([{ sha: OLDER, onlyBaseMerges: true, delta: delta.known ? delta.value : [] }]);
  const world = (sha: string, change: Partial<ChangeFacts>): Partial<World> => ({
    comments: says(sha),
    change,
    followUp: { ancestors },
  });
  const all = `approval_wrong_sha: name all 40 digits, /approve ${OLDER}:`;

  test.each<readonly [string, Partial<ChangeFacts>, string]>([
    ['the head when it was said', pushes([NONE, OLDER], [OLDER, HEAD]), 'olga'],
    [
      'a head that came later',
      pushes([NONE, OLDER, AFTER_COMMENT], [OLDER, HEAD, AFTER_COMMENT]),
      `${all} no push before the comment is known to have made it the head`,
    ],
    [
      'a commit that never was the head',
      pushes([NONE, HEAD]),
      `${all} no push before the comment is known to have made it the head`,
    ],
    [
      'one of two that begin alike',
      pushes([NONE, OLDER_TWIN], [OLDER_TWIN, OLDER], [OLDER, HEAD]),
      `${all} another commit begins with ${OLDER.slice(0, 12)} too`,
    ],
  ])('%s', (_, change, expected) => {
    expect(told(world(OLDER.slice(0, 12), change))).toEqual([expected]);
  });

  test('by all its digits, whenever it was pushed', () => {
    expect(told(world(OLDER, pushes([NONE, HEAD])))).toEqual(['olga']);
  });
});

describe('whoever breaks the glass names one commit too', () => {
  const breaks = (sha: string) =>
    [olga, omar].map((author, index) => approval({ id: 50 + index, author, body: `/approve ${sha} --break-glass it burns` }));
  const approvals = { ...configOf().approvals, breakGlass: ['olga', 'omar'] };
  const world = (sha: string, change: Partial<ChangeFacts> = {}): Partial<World> => ({
    comments: breaks(sha),
    codeowners: '/other/ @olga\n',
    config: { approvals },
    change,
  });

  test('by 12 digits where no other commit begins so', () => {
    expect(decideGate(facts(world(SHORT))).verdict).toBe('allow');
  });

  test('by all 40 where another one does', () => {
    expect(decideGate(facts(world(SHORT, forced))).verdict).toBe('deny');
    expect(told(world(SHORT, forced))).toEqual(Array(2).fill(`${ALL} another commit begins with ${SHORT} too`));
    expect(decideGate(facts(world(HEAD, forced))).verdict).toBe('allow');
  });
});

test('no order of pushes and no number of digits below 40 lets an approval of a commit count for another that begins alike', () => {
  const digits = fc.integer({ min: 12, max: 39 });
  const rest = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 28, maxLength: 28 });
  fc.assert(
    fc.property(digits, rest, fc.boolean(), fc.boolean(), (length, end, isFirst, isLate) => {
      const sha = HEAD.slice(0, length);
      const other = `${sha}${end}`.slice(0, 40);
      fc.pre(other !== HEAD);
      const second = isLate ? AFTER_COMMENT : BEFORE_COMMENT;
      const log = [pushFact({ after: other }), pushFact({ before: other, at: second })];
      const change = { pushes: known(isFirst ? log : log.toReversed()) };
      expect(decideGate(facts({ comments: says(sha), change })).counted).toEqual([]);
    }),
  );
});
