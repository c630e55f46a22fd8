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
  const MEASURED = 'a step that can be measured';
  const DIGITS = (next: string) => `limit_exceeded | x | a number in plain digits | 1 → ${next}`;
  test.each<readonly [string, string | null, string | null, readonly string[]]>([
    ['to the limit', '200', '800', []],
    ['beyond it', '200', '801', ['limit_exceeded | x | a step of at most 300 % | 200 → 801']],
    ['down beyond it, which cannot be', '200', '0', []],
    ['of quoted numbers', '"200"', "'801'", ['limit_exceeded | x | a step of at most 300 % | 200 → 801']],
    ['of fractions', '0.25', '1.25', ['limit_exceeded | x | a step of at most 300 % | 0.25 → 1.25']],
    ['from nothing', null, '801', []],
    ['to nothing', '200', null, []],
    ['from zero', '0', '801', []],
    ['from below zero', '-1', '801', []],
    ['of sizes, in bytes', '"1g"', '"4096m"', []],
    ['of sizes beyond it', '"1g"', '"4097m"', ['limit_exceeded | x | a step of at most 300 % | 1g → 4097m']],
    ['from bytes to a size', '"1024"', '5k', ['limit_exceeded | x | a step of at most 300 % | 1024 → 5k']],
    ['of words that end in a number', 'x200', 'x900', []],
    ['of words that start with one', '200x', '900x', []],
    ['from a word', 'auto', '801', []],
    ['from null', 'null', '801', []],
    ['from an empty text', '""', '801', []],
    ['from something like a number', '200x', '801', [`limit_exceeded | x | ${MEASURED} | 200x → 801`]],
    ['to something like a number', '200', '801x', [`limit_exceeded | x | ${MEASURED} | 200 → 801x`]],
    ['to a word', '200', 'auto', [`limit_exceeded | x | ${MEASURED} | 200 → auto`]],
    ['to an empty text', '200', '""', [`limit_exceeded | x | ${MEASURED} | 200 → `]],
    ['to blanks', '200', '"  "', [`limit_exceeded | x | ${MEASURED} | 200 →   `]],
    ['to a switch', '200', 'true', [`limit_exceeded | x | ${MEASURED} | 200 → true`]],
    ['to what is filled in elsewhere', '200', `"\${var.n}"`, [`limit_exceeded | x | ${MEASURED} | 200 → \${var.n}`]],
    ['to a tagged number', '200', '!!int "801"', [`limit_exceeded | x | ${MEASURED} | 200 → !!int "801"`]],
    ['from a number that only some readers know, by what they read', '0x10', '64', []],
    ['from one, beyond the limit', '0x10', '65', ['limit_exceeded | x | a step of at most 300 % | 0x10 → 65']],
    ...['1e1', '1E1', '+1', '0x1', '0o1', '"6_4"', '" 1"', '"1 "', '01', '1.', '.5', '1e999', '"1 m"', '" 1m"', '"01m"'].map(
      (next) => ['to a number that readers differ on', '1', next, [DIGITS(next.replaceAll('"', ''))]] as const,
    ),
    ['to such a number, from a word', 'auto', '1e9', ['limit_exceeded | x | a number in plain digits | auto → 1e9']],
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
  test.each<readonly [string, string, readonly string[]]>([
    ['num_workers', '16', []],
    ['num_workers', '17', ['limit_exceeded | num_workers | at most 16 | 17']],
    ['autoscale.max_workers', '17', ['limit_exceeded | autoscale.max_workers | at most 16 | 17']],
    ['num_workers_hint', '17', []],
    ['workers', '17', []],
    ['["num_workers"]', '17', ['limit_exceeded | ["num_workers"] | at most 16 | 17']],
  ])('%s of %s', (selector, next, expected) => {
    expect(said({ selector, old: '10', new: next })).toEqual(expected);
  });

  test.each(['17', '1e3', '" 17"', '0x40', '6_4'])('is bound in a rollback, too: %s', (next) => {
    const number = next === '0x40' || next === '6_4' ? 64 : Number(next.replaceAll('"', ''));
    expect(said({ selector: 'num_workers', old: '10', new: next }, {}, 'rollback')).toEqual([
      `limit_exceeded | num_workers | at most 16 | ${number}`,
    ]);
  });
});

describe('a value', () => {
  const CONF = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf';
  const PARTITIONS = `${CONF}["spark.sql.shuffle.partitions"]`;
  const BYTES = `${CONF}["spark.sql.files.maxPartitionBytes"]`;
  const OFFSETS = 'parameters[name=maxOffsetsPerTrigger].default';
  const RATE = 'parameters[name=maxFetchRate].default';
  const CLUSTER = 'job_clusters[job_cluster_key=main].new_cluster';
  const job: Target = { ...conf, kind: 'job-json', files: ['b.json'] };
  const PARTS = 'int from 1 to 100000 or auto';
  const SIZE = `bytes from ${1024 ** 2} to ${4 * 1024 ** 3}`;
  /** A value that was not there before, so that no step is asked about. */
  const fault = (selector: string, next: string, kind: 'change' | 'rollback' = 'change') =>
    said({ file: 'b.json', selector, old: null, new: next }, {}, kind, job).map((words) => words.split(' | ').slice(0, 3).at(-1));

  test.each<readonly [string, readonly string[], readonly string[], string]>([
    [
      PARTITIONS,
      ['"1"', '"100000"', '"auto"', '800'],
      [
        '"0"',
        '"100001"',
        '"-5"',
        '"abc"',
        '"800.5"',
        '"8e2"',
        '"+800"',
        '""',
        'null',
        'true',
        `"\${var.n}"`,
        '"{{secrets/a/b}}"',
      ],
      PARTS,
    ],
    [BYTES, ['"128m"', '"1048576"', '"4gb"', '"128MB"'], ['"x; rm"', '"1k"', '"5g"', '"128 m"', '"0128m"', '"1.5g"', '-1'], SIZE],
    [`${CONF}["spark.sql.adaptive.enabled"]`, ['"true"', 'true'], ['"yes"', '"True"', '1', 'null'], 'true or false'],
    [`${CONF}["spark.memory.fraction"]`, ['"0.5"'], ['"0.95"', '".5"', '"5e-1"', '"half"'], 'double from 0.1 to 0.9'],
    [
      OFFSETS,
      ['"1"', '1000000000000'],
      ['"0"', '"1.5"', '"1e3"', '"many"', '1000000000001'],
      'a whole number from 1 to 1000000000000',
    ],
    [RATE, ['"0.1"', '2'], ['"0.05"', '"2.1"', '"2e0"', '"fast"'], 'a number from 0.1 to 2'],
    [`${CLUSTER}.num_workers`, ['1', '"16"'], ['0', '-5', '1.5', '1e1', 'null', 'true', '"x"', '" 8"'], 'a whole number from 1'],
    [
      `${CLUSTER}.node_type_id`,
      ['"m5.xlarge"'],
      ['5', 'null', '"a b"', `"\${var.n}"`, '""', `"${'x'.repeat(65)}"`],
      'a node type id',
    ],
  ])('of %s is of its type and in its range', (selector, good, bad, expected) => {
    expect(good.map((next) => fault(selector, next))).toEqual(good.map(() => []));
    expect(bad.map((next) => fault(selector, next))).toEqual(bad.map(() => [expected]));
  });

  test('that a rollback puts back may be any, as it stood there', () => {
    for (const next of ['"abc"', '"-5"', 'null', '"8e2"']) expect(fault(PARTITIONS, next, 'rollback')).toEqual([]);
  });

  test('may be a word that the setting takes in place of a number', () => {
    const steps = { file: 'b.json', selector: PARTITIONS };
    expect(said({ ...steps, old: '"200"', new: '"auto"' }, {}, 'change', job)).toEqual([]);
    expect(said({ ...steps, old: '"auto"', new: '"800"' }, {}, 'change', job)).toEqual([]);
  });

  test('goes only where a change of its setting is safe, but back again in a rollback', () => {
    const aqe = { file: 'b.json', selector: `${CONF}["spark.sql.adaptive.enabled"]`, old: '"true"', new: '"false"' };
    expect(said(aqe, {}, 'change', job)).toEqual([`key_forbidden | ${aqe.selector} | only up from true | false`]);
    expect(said(aqe, {}, 'rollback', job)).toEqual([]);
    expect(said({ ...aqe, old: null }, {}, 'change', job)).toEqual([]);
    expect(said({ ...aqe, new: 'true' }, {}, 'change', job)).toEqual([]);
    expect(said({ ...aqe, old: '"false"', new: '"true"' }, {}, 'change', job)).toEqual([]);
  });

  test('is taken out without being asked about', () => {
    expect(said({ file: 'b.json', selector: PARTITIONS, old: '"200"', new: null }, {}, 'change', job)).toEqual([]);
  });

  test.each([
    ['a.yml', 'x.spark_conf["spark.sql.shuffle.partitions"]'],
    ['a.conf', 'spark.sql.shuffle.partitions'],
  ])('is asked about by its key in a file of any kind: %s', (file, selector) => {
    expect(said({ file, selector, old: null, new: 'abc' })).toEqual([`limit_exceeded | ${selector} | ${PARTS} | abc`]);
    expect(said({ file, selector, old: null, new: '800' })).toEqual([]);
  });

  test('of a number passes only as plain digits, however it is written', () => {
    const text = fc.oneof(fc.integer().map(String), fc.double().map(String), fc.stringMatching(/^[-+ ]?[0-9_.xoe]{1,6}[mg ]?$/));
    fc.assert(
      fc.property(text, fc.constantFrom(PARTITIONS, OFFSETS, `${CLUSTER}.num_workers`), (next, selector) => {
        if (fault(selector, JSON.stringify(next)).length === 0) expect(next).toMatch(/^[1-9]\d*$/);
      }),
    );
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
