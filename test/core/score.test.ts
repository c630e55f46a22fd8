import { describe, expect, test } from 'vitest';
import { unsupportedClaims } from '../../src/core/claims.ts';
import { scoreOf } from '../../src/core/score.ts';
import type { Cause } from '../../src/model/diagnosis.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Investigation, Plan } from '../../src/model/plan.ts';
import type { RightAnswer } from '../../src/model/suite.ts';

const lag: Evidence = {
  ...{ id: 'E1', name: 'lag', source: 'prometheus', query: 'lag', window: '30m', unit: 'records', value: 30, quality: 'fresh' },
  ...{ at: '', note: '' },
  points: [
    [0, 10],
    [60, 20],
    [120, 30],
  ],
};
const workers: Evidence = { ...lag, id: 'E2', name: 'job.workers', value: 2, points: [] };
const cause: Cause = {
  ...{ id: 'slow', outcome: 'likely', explanation: '', rule: '' },
  observed: { lag: 30, lag_min: 10, 'params.topic': 'orders' },
  evidence: ['E1'],
};
const plan: Plan = {
  ...{ kind: 'change', target: 't', runbook: null, remedy: 'more', title: '', cause, risk: 'low', impact: '', rejected: [] },
  ...{ alsoChanges: [], cost: { before: 1, after: 2, note: '', evidence: ['E2'] } },
  changes: [{ file: 'f', selector: 's', old: '"2"', new: '"4"', reason: '', evidence: ['E1', 'E2'] }],
  ...{ inverse: [], edits: [], baseline: {}, baseSettingsDigest: null, rerun: null, steps: [] },
  verification: { kind: 'batch', checks: [], settle_minutes: 0, within_minutes: 1 },
};
const found: Investigation = {
  diagnosis: { runbook: 'r', outcome: 'likely', causes: [cause], unknown: [] },
  ...{ blocked: [], evidence: [lag, workers], plan, rejected: [], match: { found: 'one', runbooks: ['r'] } },
};
const right: RightAnswer = {
  ...{ noChange: false, outcomes: ['likely'], cause: 'slow', runbook: 'r', remedies: ['more'], forbidden: ['other'] },
  ...{ evidence: ['lag'], value: '4' },
};

describe('an investigation', () => {
  test('that says what the answer asks for is right', () => {
    expect(scoreOf({ answer: right }, found)).toEqual({
      ...{ correct: true, wrong: [], falseChange: false, missedAbstention: false, unsupported: [] },
    });
  });

  test.each<[string, Partial<RightAnswer>, RegExp]>([
    ['another outcome', { outcomes: ['healthy', 'confirmed'] }, /outcome likely, not healthy or confirmed/],
    ['another cause', { cause: 'dead' }, /cause slow, not dead/],
    ['another runbook', { runbook: 'q' }, /runbook r, not q/],
    ['a remedy that is not among the right ones', { remedies: ['less', 'none'] }, /remedy more, not less or none/],
    ['a forbidden remedy', { forbidden: ['more'] }, /more is forbidden/],
    ['another value', { value: '5' }, /value "4", not 5/],
    ['a cause that does not cite what it has to', { evidence: ['lag', 'job.workers'] }, /does not cite job\.workers/],
    ['a plan where nothing is to be done', { noChange: true, remedies: [] }, /nothing is to be done/],
  ])('with %s is wrong', (_, change, words) => {
    const score = scoreOf({ answer: { ...right, ...change } }, found);
    expect(score.correct).toBe(false);
    expect(score.wrong.join()).toMatch(words);
  });

  test('that changes something on a quiet night is a false change and a missed abstention', () => {
    const quiet = { ...right, noChange: true };
    expect(scoreOf({ answer: quiet }, found)).toMatchObject({ falseChange: true, missedAbstention: true });
    const advice: Plan = { ...plan, kind: 'advice', who: '', what: '', evidence: [] };
    expect(scoreOf({ answer: quiet }, { ...found, plan: advice })).toMatchObject({ falseChange: false, correct: false });
  });

  test('without a plan is wrong where a remedy is due', () => {
    expect(scoreOf({ answer: right }, { ...found, plan: null }).wrong.join()).toMatch(/remedy null, not more/);
  });
});

describe('a claim', () => {
  const claims = (change: Partial<Investigation>) => unsupportedClaims({ ...found, ...change });
  const causing = (change: Partial<Cause>) => ({ diagnosis: { ...found.diagnosis, causes: [{ ...cause, ...change }] } });

  test('that its evidence holds is supported, and so is the shape of its points', () => {
    expect(claims({})).toEqual([]);
  });

  test.each<[string, Partial<Investigation>, RegExp]>([
    ['with another value', causing({ observed: { lag: 31 } }), /slow: lag = 31/],
    ['about a shape that the points do not have', causing({ observed: { lag_min: 11 } }), /lag_min = 11/],
    ['whose cause cites nothing', causing({ evidence: [] }), /lag = 30/],
    ['that cites other evidence', causing({ evidence: ['E2'] }), /lag = 30/],
    ['on stale evidence', { evidence: [{ ...lag, quality: 'stale' }, workers] }, /lag = 30/],
    ['on evidence that is not there', { evidence: [lag] }, /the cost cites nothing fresh/],
  ])('%s is not supported', (_, change, words) => {
    expect(claims(change).join('\n')).toMatch(words);
  });

  test.each([
    ['cites nothing', []],
    ['cites what is not there', ['E9']],
  ])('a new value that %s is not supported', (_, evidence) => {
    const changes = [{ file: 'f', selector: 's', old: '1', new: '2', reason: '', evidence }];
    expect(claims({ plan: { ...plan, changes } }).join()).toMatch(/s: the new value cites nothing fresh/);
  });
});
