import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { GateFacts } from '../../../src/model/gate.ts';
import { unknown } from '../../../src/model/known.ts';
import type { CheckFact, ProtectionFacts } from '../../../src/model/protection.ts';
import type { GateReasonCode } from '../../../src/model/reason.ts';
import { ownReasons } from '../../../src/model/verdict.ts';
import { checkFact, configOf, facts, HEAD, record, SERVER_APP, type World } from '../../support/gate.ts';

const BUILD = { name: 'build', appId: null };
const OURS = { name: 'sluice/gate', appId: SERVER_APP };
const gateRun = (change: Partial<CheckFact> = {}) =>
  checkFact({ name: 'sluice/gate', appId: SERVER_APP, writer: 'sluice', ...change });
const byWorkflow = gateRun({ appId: 15368, writer: 'github-actions' });
const byStatus = gateRun({ kind: 'status', appId: null, writer: 'wendy', required: false });

function decided(protection: Partial<ProtectionFacts>, world: Partial<World> = {}) {
  return decideGate(facts({ ...world, protection }));
}

const nothing: readonly (readonly [string, Partial<ProtectionFacts>])[] = [
  ['a required check that passed', { rules: [BUILD], checks: [checkFact()] }],
  [
    'a required check of one App that this App reported',
    { rules: [{ name: 'build', appId: 5 }], checks: [checkFact({ appId: 5 })] },
  ],
  ['a failed check that nothing requires', { checks: [checkFact({ required: false, standing: 'failed', said: 'failure' })] }],
  [
    'a failed check of another App beside the one that is required',
    {
      rules: [{ name: 'build', appId: 5 }],
      checks: [checkFact({ appId: 5 }), checkFact({ standing: 'failed' })],
    },
  ],
  [
    'a status that GitHub counts for a check of one App',
    { rules: [{ name: 'build', appId: 5 }], checks: [checkFact({ kind: 'status', appId: null, writer: 'ci' })] },
  ],
  ['our own required check that waits', { rules: [OURS], checks: [gateRun({ standing: 'failed', said: 'action_required' })] }],
  ['our own required check that is not there yet', { rules: [OURS] }],
  ['an approving review', { review: 'approved' }],
  ['a head that is behind where that is allowed', { behind: true }],
  ['a head that must not be behind and is not', { strict: true }],
];

const wanted: readonly (readonly [string, Partial<ProtectionFacts>, GateReasonCode, string, string])[] = [
  [
    'a required check that failed is check_failed',
    { rules: [BUILD], checks: [checkFact({ standing: 'failed', said: 'timed_out' })] },
    'check_failed',
    'build',
    'timed_out, by github-actions',
  ],
  [
    'a check that only a branch protection requires is check_failed too',
    { checks: [checkFact({ name: 'lint', standing: 'failed', said: 'failure' })] },
    'check_failed',
    'lint',
    'failure, by github-actions',
  ],
  [
    'of a check and a status of one name both must pass',
    {
      rules: [BUILD],
      checks: [checkFact(), checkFact({ kind: 'status', appId: null, writer: 'ci', standing: 'failed', said: 'error' })],
    },
    'check_failed',
    'build',
    'error, by ci',
  ],
  [
    'a required check that runs is check_unknown',
    { rules: [BUILD], checks: [checkFact({ standing: 'unsettled', said: 'in_progress' })] },
    'check_unknown',
    'build',
    'in_progress, by github-actions',
  ],
  ['a required check that nobody reported is check_unknown', { rules: [BUILD] }, 'check_unknown', 'build', 'none so far'],
  [
    'the report of another App is none',
    { rules: [{ name: 'build', appId: 5 }], checks: [checkFact({ required: false })] },
    'check_unknown',
    'build',
    'none so far',
  ],
  [
    'a status that GitHub does not count is none',
    { rules: [{ name: 'build', appId: 5 }], checks: [checkFact({ kind: 'status', appId: null, required: false })] },
    'check_unknown',
    'build',
    'none so far',
  ],
  [
    'a missing review is github_review_missing',
    { review: 'review_required' },
    'github_review_missing',
    '#12',
    'not enough of them',
  ],
  [
    'a review that asks for changes is github_review_missing',
    { review: 'changes_requested' },
    'github_review_missing',
    '#12',
    'a review asks for changes',
  ],
  [
    'a head that is behind where it must not be is base_moved',
    { strict: true, behind: true },
    'base_moved',
    'main',
    'the head is behind',
  ],
  [
    'a conflict is base_moved, and says so',
    { conflicts: true, behind: true, strict: true },
    'base_moved',
    'main',
    'conflicts with the base',
  ],
];

describe('what GitHub itself wants', () => {
  test.each(nothing)('is not: %s', (_, protection) => {
    const verdict = decided(protection);
    expect(verdict.wants).toEqual([]);
    expect(verdict.verdict).toBe('allow');
  });

  test.each(wanted)('%s', (_, protection, code, subject, observed) => {
    const verdict = decided(protection);
    expect(verdict.verdict).toBe('wait');
    expect(verdict.wants).toContainEqual(expect.objectContaining({ code, subject, observed }));
    expect(verdict.reasons).toEqual(expect.arrayContaining([...verdict.wants]));
  });

  test.each(wanted)('holds no check of ours, which others may be waiting for: %s', (_, protection) => {
    expect(ownReasons(decided(protection))).toEqual([]);
  });

  test.each(wanted)('decides nothing once it is merged: %s', (_, protection) => {
    const merged = facts({ moment: 'apply', pull: { state: 'open' } });
    const told = facts({ protection }).change.protection;
    expect(decideGate({ ...merged, change: { ...merged.change, protection: told } }).reasons).toEqual([]);
  });

  test.each(wanted)('is not asked where no target is touched: %s', (_, protection) => {
    const verdict = decided(protection, { record: null, before: 'x', after: 'y', config: { targets: [] } });
    expect(verdict.applies).toBe(false);
    expect(verdict.wants).toEqual([]);
  });

  test('is not asked of a closed pull request', () => {
    expect(decided({ conflicts: true }, { pull: { state: 'closed' } }).reasons.map((one) => one.code)).toEqual(['superseded']);
  });

  test.each([{ change: { protection: unknown('403 statuses') } }, { change: { protection: null } }])(
    'is check_unknown when it could not be read, and then holds our check as well: %j',
    (world) => {
      const verdict = decideGate(facts(world));
      expect(verdict.verdict).toBe('wait');
      expect(ownReasons(verdict).map((one) => one.code)).toEqual(['check_unknown']);
    },
  );
});

const forgeries: readonly (readonly [string, CheckFact, string])[] = [
  ['a check run by a workflow', byWorkflow, 'a check run by github-actions: success'],
  ['a check run by another App', gateRun({ appId: 9, writer: 'other' }), 'a check run by other: success'],
  ['a check run by an App that is gone', gateRun({ appId: null, writer: 'ghost' }), 'a check run by ghost: success'],
  ['a commit status', byStatus, 'a commit status by wendy: success'],
  ['a status in other letters', { ...byStatus, name: 'Sluice/Gate' }, 'a commit status by wendy: success'],
  ['a red one', { ...byWorkflow, standing: 'failed', said: 'failure' }, 'a check run by github-actions: failure'],
];

describe('a check of our name by somebody else', () => {
  test.each(forgeries)('is check_forged and refuses the content: %s', (_, check, observed) => {
    const verdict = decided({ checks: [gateRun(), check] });
    expect(verdict.verdict).toBe('deny');
    expect(ownReasons(verdict)).toMatchObject([{ code: 'check_forged', subject: 'sluice/gate', observed }]);
  });

  test('is no forgery when our App wrote it', () => {
    expect(decided({ rules: [OURS], checks: [gateRun()] }).verdict).toBe('allow');
  });

  test('is the gate’s own word where it reports as a workflow, and a status is not', () => {
    const world = { config: { door: 'action' as const }, record: null, comments: [] };
    const codes = (checks: readonly CheckFact[]) => decided({ checks }, world).reasons.map((one) => one.code);
    expect(codes([byWorkflow])).not.toContain('check_forged');
    expect(codes([{ ...byStatus, writer: 'github-actions' }])).toContain('check_forged');
  });

  test('cannot be told from ours without our App’s id; a workflow’s and a status can', () => {
    const codes = (check: CheckFact) => decided({ checks: [check] }, { live: { appId: null } }).reasons.map((one) => one.code);
    expect(codes(gateRun())).toEqual(['check_unknown']);
    expect(codes(byWorkflow)).toEqual(['check_forged']);
    expect(codes(byStatus)).toEqual(['check_forged']);
  });
});

describe('protection: required', () => {
  const required = { config: configOf({ protection: 'required' }) };
  const unbound = { name: 'sluice/gate', appId: null };

  test('is content with an active ruleset that requires our check of our App', () => {
    expect(decided({ rules: [unbound, OURS], checks: [gateRun()] }, required).verdict).toBe('allow');
  });

  test.each([
    ['no ruleset requires it', [BUILD], 'no active ruleset requires it'],
    ['anybody may write it', [unbound], 'required of anybody'],
    ['another App has to write it', [{ name: 'sluice/gate', appId: 9 }], 'required of App 9'],
  ] as const)('is protection_missing when %s', (_, rules, observed) => {
    const verdict = decided({ rules, checks: [checkFact()] }, required);
    expect(verdict.verdict).toBe('wait');
    expect(ownReasons(verdict)).toMatchObject([{ code: 'protection_missing', observed }]);
    expect(decided({ rules, checks: [checkFact()] }).verdict).toBe('allow');
  });

  test('is protection_missing when our App’s id is not known', () => {
    const verdict = decided({ rules: [unbound] }, { ...required, live: { appId: null } });
    expect(verdict.reasons.map((one) => one.code)).toEqual(['protection_missing']);
  });
});

const checks = fc.record<CheckFact>({
  name: fc.constantFrom('build', 'lint', 'sluice/gate'),
  kind: fc.constantFrom('run', 'status'),
  appId: fc.constantFrom(null, 5, SERVER_APP, 15368),
  writer: fc.constantFrom('sluice', 'github-actions', 'wendy'),
  required: fc.boolean(),
  standing: fc.constantFrom('passed', 'failed', 'unsettled'),
  said: fc.constant('a word'),
});
const protections = fc.record<ProtectionFacts>({
  review: fc.constantFrom(null, 'approved', 'changes_requested', 'review_required'),
  conflicts: fc.boolean(),
  behind: fc.boolean(),
  strict: fc.boolean(),
  queue: fc.constantFrom(null, { entered: { by: 1 }, removed: null }),
  rules: fc.array(
    fc.record({ name: fc.constantFrom('build', 'lint', 'sluice/gate'), appId: fc.constantFrom(null, 5, SERVER_APP) }),
  ),
  checks: fc.array(checks),
});

describe('whatever GitHub says', () => {
  const unapproved: GateFacts = facts({ comments: [], record: record() });

  test('nothing of it stands in for an owner’s approval', () => {
    fc.assert(
      fc.property(protections, (protection) => {
        const verdict = decideGate({
          ...unapproved,
          change: { ...unapproved.change, protection: { known: true, value: protection } },
        });
        expect(verdict.verdict).not.toBe('allow');
        expect(verdict.head).toBe(HEAD);
      }),
    );
  });

  test('an allowed change has every required check passed, and no check of our name but our own', () => {
    fc.assert(
      fc.property(protections, (protection) => {
        if (decided(protection).verdict !== 'allow') return;
        for (const check of protection.checks) {
          if (check.name === 'sluice/gate') expect([check.kind, check.appId]).toEqual(['run', SERVER_APP]);
          else if (check.required && !protection.rules.some((rule) => rule.name === check.name))
            expect(check.standing).toBe('passed');
        }
        for (const rule of protection.rules.filter(({ name, appId }) => name !== 'sluice/gate' && appId === null)) {
          const reported = protection.checks.filter((check) => check.name === rule.name);
          expect(reported.length).toBeGreaterThan(0);
          expect(reported.every((check) => check.standing === 'passed')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
