import { expect, test } from 'vitest';
import { decideGate } from '../../src/core/gate/gate.ts';
import type { TimelineFact } from '../../src/model/gate.ts';
import { known } from '../../src/model/known.ts';
import { heardText } from '../../src/render/spoken.ts';
import { approval, facts, omar, wendy } from '../support/gate.ts';

test('who still holds is named once, however many of their words were deleted', () => {
  const gone: TimelineFact = { what: 'comment_deleted', at: '2026-11-23T03:40:00Z', actor: omar, author: wendy };
  const comments = [approval(), approval({ id: 51, author: wendy, body: '/hold' })];
  const verdict = decideGate(facts({ comments, change: { timeline: known([gone, { ...gone, at: '2026-11-23T03:41:00Z' }]) } }));
  expect(verdict.reasons.filter(({ code }) => code === 'hold')).toHaveLength(3);
  expect(heardText('retry', { login: 'olga', verdict, isMerged: false })).toContain(
    'Still held by @wendy; each lifts their own.',
  );
});
