import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { facts, JOB_FILE } from '../../support/gate.ts';

const verdict = (moved: ReturnType<typeof facts>['change']['moved']) => decideGate(facts({ change: { moved } }));

describe('a file that the base changed, too, since the branch began', () => {
  test('is not merged: nobody has seen what git would make of both', () => {
    const found = verdict(known([JOB_FILE, '.github/CODEOWNERS']));
    expect(found.verdict).toBe('wait');
    expect(found.reasons.map((one) => [one.code, one.subject])).toEqual([
      ['base_moved', JOB_FILE],
      ['base_moved', '.github/CODEOWNERS'],
    ]);
    expect(found.reasons[0]?.observed).toContain('merge main into the branch');
  });

  test('blocks as unread where it cannot be told', () => {
    expect(verdict(unknown('the tree is too large')).reasons.map((one) => one.code)).toEqual(['facts_unavailable']);
  });

  test('blocks as unread where nobody has asked', () => {
    expect(verdict(null).reasons.map((one) => [one.code, one.subject])).toEqual([
      ['facts_unavailable', 'what the base changed since'],
    ]);
  });

  test('is no question for a merge, whose bytes are compared with what was shown', () => {
    expect(decideGate(facts({ moment: 'apply', change: { moved: null } })).reasons).toEqual([]);
  });
});
