import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPolicyLog, policyAround, policyLog, policyTouches } from '../../../src/core/gate/policy-history.ts';
import type { TouchedFiles } from '../../../src/model/merged-change.ts';

const [YML, OWNERS, ROOT] = ['.github/sluice.yml', '.github/CODEOWNERS', 'CODEOWNERS'] as const;
type Side = readonly [path: string, before: string | null, after: string | null];

/** Commits that the default branch brought, oldest first; named m1, m2, … */
const history = (...all: readonly (readonly Side[])[]): readonly TouchedFiles[] =>
  all
    .map((files, index) => ({
      ...{ merge: `m${index + 1}`, order: all.length - index - 1 },
      files: files.map(([path, before, after]) => ({ path, before, after })),
    }))
    .reverse();

interface Case {
  readonly rule: string;
  readonly brought: readonly (readonly Side[])[];
  readonly approved?: readonly string[];
  /** CODEOWNERS stands elsewhere since before these. */
  readonly elsewhere?: boolean;
  readonly around?: readonly string[];
  /** Path and the commit to blame. */
  readonly standing?: readonly string[];
}

const hijack: Side = [OWNERS, 'a', 'evil'];

const CASES: readonly Case[] = [
  { rule: 'an approved change stands', brought: [[hijack]], approved: ['m1'] },
  { rule: 'an unapproved one is around the gate', brought: [[hijack]], around: ['m1'], standing: [`${OWNERS} m1`] },
  {
    rule: 'the way back to what was approved last ends it, whoever goes it',
    brought: [[hijack], [[OWNERS, 'evil', 'a']]],
    around: ['m1'],
  },
  {
    rule: 'the way back to an older content than that does not',
    brought: [[[OWNERS, 'old', 'new']], [[OWNERS, 'new', 'old']]],
    approved: ['m1'],
    around: ['m2'],
    standing: [`${OWNERS} m2`],
  },
  {
    rule: 'an approval by owners whom an unapproved change made is none',
    brought: [[hijack], [[OWNERS, 'evil', 'b']]],
    approved: ['m2'],
    around: ['m1', 'm2'],
    standing: [`${OWNERS} m2`],
  },
  {
    rule: 'nor is one of sluice.yml under them',
    brought: [[hijack], [[YML, 'a', 'b']], [[OWNERS, 'evil', 'a']]],
    approved: ['m2'],
    around: ['m1', 'm2'],
    standing: [`${YML} m2`],
  },
  {
    rule: 'an approval of the first one after the fact ends it, and what came after counts again',
    brought: [[hijack], [[YML, 'a', 'b']]],
    approved: ['m1', 'm2'],
  },
  {
    rule: 'a later approved change of sluice.yml stands on its own',
    brought: [[[YML, 'a', 'evil']], [[YML, 'evil', 'b']]],
    approved: ['m2'],
    around: ['m1'],
  },
  { rule: 'a deletion is a change', brought: [[[OWNERS, 'a', null]]], around: ['m1'], standing: [`${OWNERS} m1`] },
  {
    rule: 'an addition after a deletion is no first one',
    brought: [[[OWNERS, 'a', null]], [[OWNERS, null, 'evil']]],
    around: ['m1', 'm2'],
    standing: [`${OWNERS} m2`],
  },
  { rule: 'the first CODEOWNERS is nobody’s to approve', brought: [[[OWNERS, null, 'a']]] },
  {
    rule: 'one that is put before another one is not the first',
    brought: [[[OWNERS, null, 'evil']]],
    elsewhere: true,
    around: ['m1'],
    standing: [`${OWNERS} m1`],
  },
  {
    rule: 'one that is put before another first one is not either',
    brought: [[[ROOT, null, 'a']], [[OWNERS, null, 'evil']]],
    around: ['m2'],
    standing: [`${OWNERS} m2`],
  },
  {
    rule: 'a first CODEOWNERS hides no change of sluice.yml in the same commit',
    brought: [
      [
        [OWNERS, null, 'a'],
        [YML, 'a', 'evil'],
      ],
    ],
    around: ['m1'],
    standing: [`${YML} m1`],
  },
  { rule: 'what came with the first sluice.yml, or before it, was nobody’s to judge', brought: [[hijack], [[YML, null, 'a']]] },
  {
    rule: 'what came after it is',
    brought: [[[YML, null, 'a']], [hijack]],
    around: ['m2'],
    standing: [`${OWNERS} m2`],
  },
  {
    rule: 'a sluice.yml that comes again was not the first',
    brought: [[[YML, 'a', null]], [[YML, null, 'evil']]],
    around: ['m1', 'm2'],
    standing: [`${YML} m2`],
  },
  { rule: 'another file decides nothing', brought: [[['jobs/a.json', 'a', 'b']]] },
];

describe('the history of who decides', () => {
  test.each(CASES)('$rule', ({ brought, approved = [], elsewhere = false, around = [], standing = [] }) => {
    const found = policyAround(policyTouches(history(...brought)), new Set(approved), elsewhere);
    expect(found.around.map(({ merge }) => merge)).toEqual(around);
    expect(found.standing.map(({ path, merge }) => `${path} ${merge}`)).toEqual(standing);
  });

  test('without any approval holds what it held in the beginning, or blames somebody', () => {
    const step = fc.record({ path: fc.constantFrom(YML, OWNERS, ROOT), after: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const now = new Map<string, string>();
        const brought = steps.map(({ path, after }): readonly Side[] => {
          const side: Side = [path, now.get(path) ?? 'a', after];
          now.set(path, after);
          return [side];
        });
        const { standing } = policyAround(policyTouches(history(...brought)), new Set(), true);
        const differ = [...now].filter(([, held]) => held !== 'a').map(([path]) => path);
        expect(standing.map(({ path }) => path).sort()).toEqual(differ.sort());
      }),
    );
  });
});

test('what was found of the policy is noted where no target is', () => {
  const [touch] = policyTouches(history([[ROOT, 'a', 'b']]));
  expect([touch && policyLog(touch), isPolicyLog('/CODEOWNERS'), isPolicyLog('CODEOWNERS')]).toEqual([
    { merge: 'm1', target: '/CODEOWNERS' },
    true,
    false,
  ]);
});
