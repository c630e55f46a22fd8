import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { Config, Risk } from '../../../src/model/config.ts';
import type { GateFacts, PolicyFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import {
  AFTER,
  approval,
  BASE,
  configOf,
  deltaOf,
  facts,
  HEAD,
  JOB_FILE,
  MERGE,
  omar,
  record,
  type World,
} from '../../support/gate.ts';

const broken = unknown('the wire broke');
const OFFICE: Partial<Config> = { windows: [{ name: 'office', days: ['mon'], from: '09:00', to: '16:00', zone: 'UTC' }] };
const README = deltaOf([{ path: 'README.md', before: 'a', after: 'b' }]);
const policy = (codeowners: string, config: Partial<Config> = {}): PolicyFacts => ({
  commit: BASE,
  codeowners: known({ path: '.github/CODEOWNERS', text: codeowners }),
  config: known(configOf(config)),
});

/** A merged change under the policy at its base and the one at HEAD. */
function under(base: PolicyFacts, head: PolicyFacts, world: Partial<World> = {}): GateFacts {
  return facts({ moment: 'apply', ...world, change: { policies: [base, { ...head, commit: MERGE }], ...world.change } });
}

describe('a verdict', () => {
  test('of a sound record has nothing to note, and says who approved what', () => {
    expect(decideGate(facts())).toMatchObject({
      ...{ verdict: 'allow', reasons: [], wants: [], notes: [], head: HEAD, dropped: [], required: 1, opensAt: null },
      needed: [{ path: JOB_FILE, owners: ['@olga', '@acme/data'], approvedBy: ['olga'] }],
    });
  });

  test('names for each path only those of its own owners who approved', () => {
    const comments = [approval(), approval({ id: 51, author: omar })];
    const codeowners = '* @omar\n/jobs/ @olga\n';
    expect(decideGate(facts({ record: null, after: AFTER, extra: README, comments, codeowners })).needed).toEqual([
      { path: JOB_FILE, owners: ['@olga'], approvedBy: ['olga'] },
      { path: 'README.md', owners: ['@omar'], approvedBy: ['omar'] },
    ]);
  });

  test.each([
    ['no policy', []],
    ['a policy that cannot be read', [{ ...policy(''), config: broken }]],
  ])('without more than %s names nobody and waits', (_, policies) => {
    expect(decideGate(facts({ change: { policies } }))).toMatchObject({
      ...{
        verdict: 'wait',
        counted: [],
        dropped: [],
        needed: [],
        notes: [],
        required: 0,
        opensAt: null,
        applies: true,
      },
    });
  });

  test('where trees could not be read is about a target', () => {
    expect(decideGate(facts({ change: { delta: broken } }))).toMatchObject({
      applies: true,
      digest: null,
      needed: [],
      counted: [],
    });
  });

  test.each(['pull', 'comments'] as const)('without the %s counts and drops no approval', (name) => {
    expect(decideGate(facts({ change: { [name]: broken } }))).toMatchObject({ verdict: 'wait', counted: [], dropped: [] });
  });

  test('is about a target where one of two policies cannot be read', () => {
    const given = under(policy('* @olga'), { ...policy(''), config: broken }, { record: null, change: {} });
    const change = { ...given.change, delta: known(README), merge: known({ parents: [BASE, HEAD], delta: README }) };
    expect(decideGate({ ...given, change }).applies).toBe(true);
  });
});

describe('of two policies the one that counts fewer approvals is told', () => {
  test.each([
    ['the older one', policy('* @omar'), policy('* @olga'), ['@omar'], []],
    ['the newer one', policy('* @olga'), policy('* @omar'), ['@omar'], []],
    ['the older one where they count alike', policy('* @olga'), policy('* @olga @omar'), ['@olga'], ['olga']],
  ])('%s', (_, base, head, owners, approvedBy) => {
    const verdict = decideGate(under(base, head));
    expect(verdict.needed).toEqual([{ path: JOB_FILE, owners, approvedBy }]);
    expect(verdict.counted.map((one) => one.person.login)).toEqual(approvedBy);
  });
});

describe('when it opens', () => {
  test.each([
    ['under its only policy', facts({ config: OFFICE }), '2026-11-23T09:00:00Z'],
    ['under the newer of two policies', under(policy('* @olga'), policy('* @olga', OFFICE)), '2026-11-23T09:00:00Z'],
    ['is not said where nothing is closed', facts(), null],
  ])('%s', (_, given, opensAt) => {
    expect(decideGate(given).opensAt).toBe(opensAt);
  });
});

describe('a fix of a firing alert outside a window', () => {
  const both = [approval(), approval({ id: 51, author: omar })];
  test.each<readonly [Risk, Risk | null, boolean]>([
    ['low', null, false],
    ['low', 'low', true],
    ['medium', 'low', false],
    ['medium', 'medium', true],
    ['high', 'medium', false],
    ['high', 'high', true],
  ])('of %s risk where the policy lets %s risk pass: %s', (risk, incidentRisk, passes) => {
    const given = facts({ record: record({ risk }), comments: both, config: { ...OFFICE, incidentRisk } });
    expect(decideGate(given).reasons.map((one) => one.code)).toEqual(passes ? [] : ['outside_window']);
  });
});
