import { describe, expect, test } from 'vitest';
import { GATE_REASONS, type GateReasonCode } from '../../src/model/reason.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { gateCheckTitle, gateStatus } from '../../src/render/gate.ts';
import { HEAD } from '../support/gate.ts';

const verdict = (change: Partial<Verdict>, ...codes: readonly GateReasonCode[]): Verdict => ({
  verdict: 'deny',
  reasons: codes.map((code) => ({ code, subject: 'x', expected: 'y', observed: 'z' })),
  notes: [],
  wants: [],
  head: HEAD,
  digest: null,
  counted: [],
  dropped: [],
  brokenGlass: null,
  needed: [],
  required: 1,
  opensAt: null,
  applies: true,
  queue: null,
  ...change,
});
const heading = (given: Verdict) => gateStatus(given).split('\n')[0];
const NEW_COMMIT = 'a new commit is needed';
const NEW_PULL = 'a new pull request is needed';
const OWNERS = 'CODEOWNERS or a team that it names has to be mended first';

describe('a gate that two people opened', () => {
  const people = [
    { login: 'omar', reason: 'prod `is` down | <!-- sluice:status -->' },
    { login: 'wendy', reason: 'x' },
  ];
  const lifted = [{ code: 'freeze_active', subject: 'november', expected: 'no freeze', observed: 'one' } as const];
  const given = verdict({ verdict: 'allow', brokenGlass: { people, lifted } });

  test('says who, why, and what they lifted', () => {
    expect(heading(given)).toBe('### The gate is open: two people broke the glass for this content.');
    expect(gateCheckTitle(given)).toBe('Break-glass by omar, wendy');
    for (const said of ['@omar', '@wendy', 'freeze_active', 'november']) expect(gateStatus(given)).toContain(said);
    expect(gateStatus(given).match(/<!-- sluice/g)).toHaveLength(1);
  });
});

describe('the heading of a refusal says what mends it', () => {
  const rows: readonly (readonly [GateReasonCode, string])[] = [
    ['commit_unattributable', NEW_COMMIT],
    ['file_kind_forbidden', NEW_COMMIT],
    ['check_forged', NEW_COMMIT],
    ['path_forbidden', NEW_COMMIT],
    ['key_forbidden', NEW_COMMIT],
    ['limit_exceeded', NEW_COMMIT],
    ['record_mismatch', NEW_PULL],
    ['target_mismatch', NEW_PULL],
    ['expired', NEW_PULL],
    ['fork', NEW_PULL],
    ['owners_missing', OWNERS],
    ['owners_unreadable', OWNERS],
    ['owners_too_large', OWNERS],
    ['team_missing', OWNERS],
    [
      'merge_mismatch',
      'it is not the content that was approved. Once merged it has to be reverted; in a merge queue the branch has to be updated and approved again',
    ],
    [
      'policy_unapproved',
      'CODEOWNERS or `.github/sluice.yml` was changed without an approval: it has to be brought back, or approved after the fact, first',
    ],
    ['superseded', 'it is closed, or something newer stands in its place'],
  ];

  test.each(rows)('%s: %s', (code, mend) => {
    expect(heading(verdict({}, code, 'approval_missing'))).toBe(`### The gate refuses this: ${mend}.`);
  });

  test('every thing that has to be mended, once', () => {
    const given = verdict({}, 'owners_missing', 'path_forbidden', 'key_forbidden');
    expect(heading(given)).toBe(`### The gate refuses this: ${NEW_COMMIT}, and ${OWNERS}.`);
  });

  test('nothing made up where no line fits', () => {
    const known = new Set(rows.map(([code]) => code));
    for (const code of GATE_REASONS.filter((one) => !known.has(one)))
      expect(heading(verdict({}, code))).toBe('### The gate refuses this.');
  });
});

test('only what waits asks for an approval: no approval mends a refusal', () => {
  const asks = (given: Verdict) => gateStatus(given).includes(`/approve ${HEAD}`);
  expect(
    [verdict({ verdict: 'wait' }, 'approval_missing'), verdict({}, 'fork'), verdict({ verdict: 'allow' })].map(asks),
  ).toEqual([true, false, false]);
});

test.each([
  [['fork'], 'deny: fork (1 reason)'],
  [['fork', 'expired'], 'deny: fork (2 reasons)'],
] as const)('the check of %s is titled %s', (codes, title) => {
  expect(gateCheckTitle(verdict({}, ...codes))).toBe(title);
});
