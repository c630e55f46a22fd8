import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { CommentFact } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { approval, bot, facts, HEAD, olga, omar, record, wendy } from '../../support/gate.ts';

/** Somebody's comment from before the approval (03:30), edited before it too. */
function edited(former: readonly string[] | null, change: Partial<CommentFact> = {}): CommentFact {
  return approval({
    id: 40,
    author: omar,
    body: 'never mind',
    createdAt: '2026-11-23T03:10:00Z',
    lastEditedAt: '2026-11-23T03:20:00Z',
    former: former ? known(former) : unknown('a version was deleted'),
    ...change,
  });
}

const decided = (...comments: readonly CommentFact[]) => decideGate(facts({ comments }));
const codes = (...comments: readonly CommentFact[]) => decided(...comments).dropped.map((one) => one.code);

describe('a comment that was edited', () => {
  const voiding: readonly (readonly [string, CommentFact])[] = [
    ['said /hold', edited(['/hold'])],
    ['said /unapprove', edited(['/unapprove'])],
    ['said /hold in its first version of three', edited(['/hold', 'well'])],
    ['said something that cannot be told any more', edited(null)],
    ['says /hold now', edited(['hello'], { body: '/hold' })],
    ['said /hold and whose author has no account any more', edited(['/hold'], { author: null })],
    ['said /hold and was edited in its first moments', edited(['/hold'], { lastEditedAt: null, includesCreatedEdit: true })],
    ['said /hold as an answer by a person through an App', edited(['/hold'], { viaApp: true })],
  ];

  test.each(voiding)('voids an approval that came later when it %s', (_, comment) => {
    expect(codes(comment, approval())).toEqual(['approval_deleted']);
    expect(decided(comment, approval()).counted).toEqual([]);
  });

  test.each([
    ['always was harmless', edited(['nevermind'])],
    ['quoted a /hold', edited(['> /hold'])],
    ['is a bot’s', edited(['/unapprove'], { author: bot })],
    ['is a bot’s, and nobody knows what it said', edited(null, { author: bot })],
  ])('voids nothing when it %s', (_, comment) => {
    expect(decided(comment, approval()).verdict).toBe('allow');
  });

  test('voids an approval that it is younger than, whatever it said', () => {
    const later = { lastEditedAt: '2026-11-23T03:40:00Z' };
    expect(codes(edited(['nevermind'], later), approval())).toEqual(['approval_deleted']);
    expect(codes(edited(['nevermind'], { ...later, author: null }), approval())).toEqual(['approval_deleted']);
    expect(codes(edited(['nevermind'], { ...later, author: bot }), approval())).toEqual([]);
  });

  test('its author is asked for, because a hold counts by who may write', () => {
    const asked = (comment: CommentFact) => followUpOf(facts({ comments: [comment] }).change).logins;
    expect(asked(edited(['/hold'], { author: wendy }))).toContain('wendy');
    expect(asked(edited(null, { author: wendy }))).toContain('wendy');
    expect(asked(edited(['hello'], { author: wendy }))).not.toContain('wendy');
    expect(asked(edited(null, { author: bot }))).not.toContain(bot.login);
    expect(asked(edited(null, { author: wendy, lastEditedAt: null }))).not.toContain('wendy');
  });
});

describe('a hold that was edited away', () => {
  const reasons = (...comments: readonly CommentFact[]) =>
    decided(...comments).reasons.map((one) => `${one.code} ${one.subject}`);
  const retry = (change: Partial<CommentFact> = {}) =>
    approval({ id: 60, author: omar, body: '/retry', createdAt: '2026-11-23T03:35:00Z', ...change });

  test('still holds', () => {
    expect(reasons(edited(['/hold']))).toContain('hold @omar');
    expect(reasons(edited(['/hold'], { body: '/retry' }))).toContain('hold @omar');
  });

  test('is lifted by its author’s own /retry and by no edited one', () => {
    expect(reasons(edited(['/hold']), retry())).not.toContain('hold @omar');
    expect(reasons(edited(['/hold']), retry({ lastEditedAt: '2026-11-23T03:36:00Z' }))).toContain('hold @omar');
    expect(reasons(edited(['/hold']), retry({ includesCreatedEdit: true }))).toContain('hold @omar');
    expect(reasons(edited(['/hold']), retry({ author: olga }))).toContain('hold @omar');
  });
});

describe('an approval that expired', () => {
  const late = { live: { now: '2026-11-26T04:00:00.000Z' }, record: record({ expires_at: '2027-01-01T00:00:00Z' }) };

  test('is told as such, and waits for another one', () => {
    const verdict = decideGate(facts({ ...late, moment: 'apply' }));
    expect(verdict.reasons.map((one) => `${one.code} ${one.subject}`)).toEqual(['approval_expired jobs/orders-nightly.json']);
    expect(verdict.verdict).toBe('wait');
  });

  test('is not what is missing when it was none of an owner', () => {
    const verdict = decideGate(facts({ ...late, comments: [approval({ author: wendy })] }));
    expect(verdict.reasons.map((one) => one.code)).toEqual(['approval_missing']);
    expect(verdict.dropped.map((one) => one.code)).toEqual(['approval_not_owner']);
  });

  test('is made good by a younger one, also after the merge', () => {
    const again = approval({ id: 70, createdAt: '2026-11-26T03:50:00Z' });
    expect(decideGate(facts({ ...late, moment: 'apply', comments: [approval(), again] })).verdict).toBe('allow');
  });

  test('taken back before it expired is no approval at all', () => {
    const back = approval({ id: 70, body: '/unapprove', createdAt: '2026-11-23T03:40:00Z' });
    expect(decideGate(facts({ ...late, comments: [approval(), back] })).reasons.map((one) => one.code)).not.toContain(
      'approval_expired',
    );
  });
});

test('editing what somebody said never opens the gate', () => {
  const body = fc.constantFrom('/hold', '/unapprove', '/retry', 'hello', `/approve ${HEAD}`);
  const comment = fc.record({ author: fc.constantFrom(olga, omar, wendy), body, later: body });
  fc.assert(
    fc.property(fc.array(comment, { minLength: 1, maxLength: 5 }), fc.nat(4), (said, place) => {
      const asSaid = said.map((one, index) => approval({ id: index, author: one.author, body: one.body }));
      if (decided(...asSaid).verdict === 'allow') return;
      const index = place % said.length;
      const forged = asSaid.map((one, at) =>
        at === index
          ? { ...one, body: said[index]?.later ?? '', lastEditedAt: '2026-11-23T03:20:00Z', former: known([one.body]) }
          : one,
      );
      expect(decided(...forged).verdict).not.toBe('allow');
    }),
  );
});
