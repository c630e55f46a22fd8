import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitReasons } from '../../../src/core/gate/limits.ts';
import type { Change } from '../../../src/model/change.ts';
import type { Limits } from '../../../src/model/config.ts';
import type { Target } from '../../../src/model/target.ts';
import { configOf, record } from '../../support/gate.ts';

const LIMITS: Limits = { incidentsPerHour: 20, maxWorkers: 16, percentPerStep: 300, paths: [], keys: [] };
const [orders] = configOf().targets;
if (!orders) throw new Error('no target');
const conf: Target = { ...orders, kind: 'file', files: ['a.yml', 'b.json'] };

/** What limits say about one new value, in a target whose owners let a runbook name any key. */
function said(
  change: Partial<Change>,
  limits: Partial<Limits> = {},
  kind: 'change' | 'rollback' = 'change',
  target = conf,
): string[] {
  const whole = { file: 'a.yml', selector: 'x', old: '1', new: '1', reason: '', evidence: [], ...change };
  return limitReasons(record({ kind, changes: [whole] }), target, { ...LIMITS, ...limits }, null).map(
    ({ code, subject, expected, observed }) => `${code} | ${subject} | ${expected} | ${observed}`,
  );
}

describe('one step', () => {
  test.each([
    ['to the limit', '200', '800', []],
    ['beyond it', '200', '801', ['limit_exceeded | x | a step of at most 300 % | 200 → 801']],
    ['down beyond it, which cannot be', '200', '0', []],
    ['of quoted numbers', '"200"', "'801'", ['limit_exceeded | x | a step of at most 300 % | 200 → 801']],
    ['of fractions', '0.25', '1.25', ['limit_exceeded | x | a step of at most 300 % | 0.25 → 1.25']],
    ['from nothing', null, '801', []],
    ['to nothing', '200', null, []],
    ['from zero', '0', '801', []],
    ['from below zero', '-1', '801', []],
    ['of sizes with a unit', '"1g"', '"900g"', []],
    ['of words that end in a number', 'x200', 'x900', []],
    ['of words that start with one', '200x', '900x', []],
  ])('%s: %s to %s', (_, old, next, expected) => {
    expect(said({ old, new: next })).toEqual(expected);
  });

  test('of a rollback may be of any length', () => {
    expect(said({ old: '1', new: '900' }, {}, 'rollback')).toEqual([]);
  });

  test('down is measured like one up', () => {
    expect(said({ old: '200', new: '99' }, { percentPerStep: 50 })).toEqual([
      'limit_exceeded | x | a step of at most 50 % | 200 → 99',
    ]);
  });
});

describe('the number of workers', () => {
  test.each([
    ['num_workers', '16', []],
    ['num_workers', '17', ['limit_exceeded | num_workers | at most 16 | 17']],
    ['autoscale.max_workers', '17', ['limit_exceeded | autoscale.max_workers | at most 16 | 17']],
    ['num_workers_hint', '17', []],
    ['workers', '17', []],
    ['num_workers', 'auto', []],
  ])('%s of %s', (selector, next, expected) => {
    expect(said({ selector, old: '10', new: next })).toEqual(expected);
  });
});

describe('where a record may reach', () => {
  test.each<readonly [string, Partial<Change>, Partial<Limits>, readonly string[]]>([
    ['a listed path', {}, { paths: ['b.json', 'a.yml'] }, []],
    ['another path', {}, { paths: ['b.json', 'c.yml'] }, ['path_forbidden | a.yml | b.json, c.yml | a.yml']],
    ['a listed key', {}, { keys: ['y', 'x'] }, []],
    ['another key', {}, { keys: ['y', 'z'] }, ['key_forbidden | x | y, z | x']],
    [
      'several values at once',
      { old: '{a: 1, b: 2}', new: '{a: 2, b: 3}' },
      {},
      ['key_forbidden | x | one value | more than one'],
    ],
    ['a file of no format', { file: 'a.txt' }, {}, ['key_forbidden | x | one value | more than one']],
  ])('%s', (_, change, limits, expected) => {
    expect(said(change, limits)).toEqual(expected);
  });

  test('a key that is a person’s', () => {
    expect(
      said({ file: 'b.json', selector: 'name', old: '"a"', new: '"b"' }, {}, 'change', { ...conf, kind: 'job-json' }),
    ).toEqual(['key_forbidden | name | a key on the allow-list | is a person’s to change']);
  });
});

test('a narrower limit never lets pass what a wider one refuses', () => {
  const names = ['a.yml', 'num_workers', 'x'];
  const limits = fc.record({
    maxWorkers: fc.integer({ min: 1, max: 30 }),
    percentPerStep: fc.integer({ min: 1, max: 500 }),
    paths: fc.subarray(names, { minLength: 1 }),
    keys: fc.subarray(names, { minLength: 1 }),
  });
  const lexeme = fc.integer({ min: 0, max: 40 }).map(String);
  const change = fc.record({ selector: fc.constantFrom('num_workers', 'x'), old: lexeme, new: lexeme });
  fc.assert(
    fc.property(change, limits, limits, (step, one, other) => {
      const narrow = {
        maxWorkers: Math.min(one.maxWorkers, other.maxWorkers),
        percentPerStep: Math.min(one.percentPerStep, other.percentPerStep),
        paths: one.paths.slice(0, 1),
        keys: one.keys.slice(0, 1),
      };
      const told = (given: Partial<Limits>) => said(step, given).map((words) => words.split(' | ')[0]);
      expect(told(narrow)).toEqual(expect.arrayContaining(told(one)));
      // An empty list narrows nothing.
      expect(told(one)).toEqual(expect.arrayContaining(told({ ...one, paths: [], keys: [] })));
    }),
  );
});
