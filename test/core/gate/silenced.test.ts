import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { silencedReasons } from '../../../src/core/gate/silenced.ts';
import { stopReasons } from '../../../src/core/gate/standing.ts';
import type { CommentFact, Person, TimelineFact } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, bot, facts, olga, omar, type World, wendy } from '../../support/gate.ts';

const mallory: Person = { id: 66, login: 'mallory', type: 'User' };
const AT = '2026-11-23T03:20:00Z';
const LATER = '2026-11-23T03:25:00Z';

/** Before anybody approves, mallory deletes what wendy said. */
function deletion(change: Partial<TimelineFact> = {}): TimelineFact {
  return { what: 'comment_deleted', at: AT, actor: mallory, author: wendy, ...change };
}

const says = (body: string, change: Partial<CommentFact> = {}) =>
  approval({ id: 45, author: wendy, body, createdAt: LATER, ...change });

function world(timeline: readonly TimelineFact[], ...said: readonly CommentFact[]): Partial<World> {
  return { comments: [...said, approval()], change: { timeline: known(timeline) } };
}

const holds = (given: Partial<World>) => silencedReasons(facts(given)).map(({ subject }) => subject);

describe('a comment that somebody else deleted may have been a /hold, so it holds', () => {
  test('and the approval that follows waits', () => {
    const verdict = decideGate(facts(world([deletion()])));
    expect([verdict.verdict, verdict.counted.length]).toEqual(['wait', 1]);
    expect(
      verdict.reasons.map(({ code, subject, expected, observed }) => [code, subject, expected, observed].join(' | ')),
    ).toEqual([
      `hold | @wendy | every word that they said | @mallory deleted a comment of theirs at ${AT}; only their own next /retry, /approve or /hold ends this`,
    ]);
  });

  test.each<readonly [string, Partial<TimelineFact>, readonly string[]]>([
    ['by somebody who cannot be told', { actor: null }, ['@wendy']],
    ['by a bot', { actor: bot }, ['@wendy']],
    ['by its own author', { actor: wendy }, []],
    ['of a bot', { author: bot }, []],
    ['of somebody who cannot be told', { author: null }, ['a deleted comment']],
    ['of somebody, by somebody, neither of whom can be told', { actor: null, author: null }, ['a deleted comment']],
    ['not a comment: the base was changed', { what: 'base_changed', author: null }, []],
    ['not a comment: the head was pushed by force', { what: 'head_force_pushed', author: null }, []],
  ])('%s', (_, change, expected) => {
    expect(holds(world([deletion(change)]))).toEqual(expected);
  });

  test.each<readonly [string, Partial<World>['followUp'], readonly string[]]>([
    ['of a reader, who holds nothing', { people: { wendy: known({ person: wendy, permission: 'read' }) } }, []],
    ['of nobody’s account', { people: { wendy: known(null) } }, []],
    ['of somebody whose permission cannot be read', { people: { wendy: unknown('503') } }, ['@wendy']],
  ])('%s', (_, followUp = {}, expected) => {
    expect(holds({ ...world([deletion()]), followUp })).toEqual(expected);
  });

  test('after the merge, whenever it was deleted', () => {
    expect(decideGate(facts({ ...world([deletion()]), moment: 'apply' })).reasons.map(({ code }) => code)).toEqual(['hold']);
    expect(stopReasons(facts({ ...world([deletion()]), moment: 'apply' })).map(({ subject }) => subject)).toEqual(['@wendy']);
    expect(stopReasons(facts({ ...world([deletion({ author: null })]), moment: 'apply' })).map(({ subject }) => subject)).toEqual(
      ['a deleted comment'],
    );
  });

  test('and whose it was is asked about, because a hold counts by who may write', () => {
    const asked = (change: Partial<TimelineFact>) => followUpOf(facts(world([deletion(change)])).change).logins;
    expect(asked({})).toContain('wendy');
    expect(asked({ actor: wendy })).not.toContain('wendy');
  });
});

describe('it is ended by whoever was silenced, once they say where they stand', () => {
  test.each<readonly [string, CommentFact, boolean]>([
    ['/retry', says('/retry'), true],
    ['/approve', says('/approve'), true],
    ['/hold, which then holds by itself', says('/hold'), true],
    ...['/status', '/help', '/investigate', '/unapprove', '/snooze 1h', '/dismiss no', '/revise x', '/rollback'].map(
      (word) => [`${word}, which says nothing of it`, says(word), false] as const,
    ),
    ['words that are no command', says('never mind'), false],
    ['a command before the deletion', says('/retry', { createdAt: '2026-11-23T03:19:59Z' }), false],
    ['a command in the same second', says('/retry', { createdAt: AT }), false],
    ['somebody else’s', says('/retry', { author: omar }), false],
    ['the one who deleted it', says('/retry', { author: mallory }), false],
    ['an account that is gone', says('/retry', { author: null }), false],
    ['an App that speaks for them', says('/retry', { viaApp: true }), false],
    ['an e-mail', says('/retry', { createdViaEmail: true }), false],
    ['words that somebody edited', says('/retry', { lastEditedAt: LATER }), false],
  ])('%s', (_, comment, ends) => {
    expect(holds(world([deletion()], comment))).toEqual(ends ? [] : ['@wendy']);
  });

  test('once more for each later deletion', () => {
    expect(holds(world([deletion(), deletion({ at: '2026-11-23T03:26:00Z' })], says('/retry')))).toEqual(['@wendy']);
  });

  test('and by a /hold of theirs, which then holds itself', () => {
    expect(decideGate(facts(world([deletion()], says('/hold')))).reasons.map(({ observed }) => observed)).toEqual([
      'said /hold; the same person lifts it with /retry',
    ]);
  });

  test('where nobody can tell who that was, by an owner’s /retry alone', () => {
    const gone = [deletion({ author: null })];
    expect(holds(world(gone, says('/retry')))).toEqual(['a deleted comment']);
    expect(holds(world(gone, says('/status', { author: olga })))).toEqual(['a deleted comment']);
    expect(holds(world(gone, says('/retry', { author: olga })))).toEqual([]);
    expect(silencedReasons(facts(world([deletion({ actor: null, author: null })])))[0]?.observed).toBe(
      `somebody who cannot be told deleted it at ${AT}, and whose it was cannot be told; an owner lifts this with /retry`,
    );
  });
});

test('deleting what others said before an approval never opens the gate', () => {
  const spoken = fc.record({
    author: fc.constantFrom(omar, wendy),
    body: fc.constantFrom('/hold', '/unapprove', '/retry', 'hello'),
  });
  fc.assert(
    fc.property(fc.array(spoken, { minLength: 1, maxLength: 5 }), fc.nat(4), (said, place) => {
      const all = said.map((one, index) => approval({ id: index, ...one, createdAt: `2026-11-23T03:1${index}:00Z` }));
      const gone = all[place % all.length];
      fc.pre(decideGate(facts({ comments: [...all, approval()] })).verdict !== 'allow');
      const left = all.filter((one) => one !== gone);
      expect(decideGate(facts(world([deletion({ author: gone?.author ?? null })], ...left))).verdict).not.toBe('allow');
    }),
  );
});
