import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BundleFile } from '../../src/core/bundle/bundle.ts';
import { changesOf, personRecord, personRisk, stillHolds } from '../../src/core/person-change.ts';
import { inverseOf, planDigest } from '../../src/core/record.ts';
import type { BlobFact } from '../../src/model/gate.ts';
import { known, unknown } from '../../src/model/known.ts';
import { IN_JOB, JOB, jobFile, override, ROOT, rootFile, use, WORKERS } from '../support/bundle.ts';
import { targetOf } from '../support/rehearsal.ts';

const target = targetOf('oom', { files: ['jobs/a.json', 'jobs/b.json'] });
const blob = (path: string, before: string | null, after: string | null): BlobFact => ({
  path,
  before: known(before),
  after: known(after),
});
const read = (blobs: readonly BlobFact[]) => ({ blobs, beside: known({ files: [], names: [] }) });
const codeOf = (one: BlobFact) => {
  const changes = changesOf(target, read([one]));
  return changes.ok ? changes.value.map((change) => change.selector) : changes.reason.code;
};

describe('what a person’s change means for a target', () => {
  test('is what its files say, and nothing of other files', () => {
    const blobs = [blob('jobs/b.json', '{"x": 1}', '{"x": 2}'), blob('jobs/c.json', '{"y": 1}', '{"y": 2}')];
    expect(changesOf(target, read(blobs))).toEqual({
      ok: true,
      value: [{ file: 'jobs/b.json', selector: 'x', old: '1', new: '2' }],
    });
  });

  test.each([
    ['a file that came', blob('jobs/a.json', null, '{}'), 'job_missing'],
    ['a file that went', blob('jobs/a.json', '{}', null), 'no_surface'],
    ['a text that cannot be read', { ...blob('jobs/a.json', '{}', '{}'), before: unknown('binary') }, 'facts_unavailable'],
    [
      'a text that cannot be read any more',
      { ...blob('jobs/a.json', '{}', '{}'), after: unknown('binary') },
      'facts_unavailable',
    ],
    ['a text that cannot be understood', blob('jobs/a.json', '{}', '{'), 'parse_failed'],
  ])('cannot be told of %s', (_, one, code) => {
    expect(codeOf(one)).toBe(code);
  });

  test('is nothing where the bytes are the same, whatever they are', () => {
    expect(codeOf(blob('jobs/a.json', '{', '{'))).toEqual([]);
  });

  test('of a kind of file that nobody reads is not told', () => {
    const terraform = targetOf('oom', { files: ['main.tf'], kind: 'file' });
    expect(changesOf(terraform, read([blob('main.tf', 'a', 'b')]))).toMatchObject({ ok: false, reason: { code: 'no_surface' } });
  });

  test('of a bundle is what it says about the target’s own job', () => {
    const bundle = targetOf('bundle', {
      files: ['r.yml'],
      kind: 'bundle',
      job: { by: 'bundle', resource: 'ledger', bundleTarget: 'prod' },
    });
    const yaml = (own: number, other: number) =>
      `variables:\n  v: ${other}\nresources:\n  jobs:\n    ledger:\n      max_concurrent_runs: ${own}\n    other:\n      max_concurrent_runs: ${other}\n`;
    const changes = changesOf(bundle, read([blob('r.yml', yaml(1, 1), yaml(2, 2))]));
    expect(changes.ok && changes.value.map((one) => one.selector)).toEqual(['resources.jobs.ledger.max_concurrent_runs']);
  });
});

describe('what a person’s change of a bundle means for a target', () => {
  const job = { by: 'bundle' as const, resource: 'ledger', bundleTarget: 'prod' };
  const bundle = targetOf('bundle', { kind: 'bundle', files: [ROOT, JOB], job });
  const named = `"${use('n')}"`;
  const told = (before: BundleFile, after: BundleFile, ...others: readonly BundleFile[]) => {
    const beside = known({ files: others, names: [] });
    const changes = changesOf(bundle, { blobs: [blob(before.path, before.text, after.text)], beside });
    return changes.ok ? changes.value.map((change) => change.selector) : changes.reason.observed;
  };
  const defaults = (count: number, prod = '{}') => rootFile(`{n: {default: ${count}}}`, prod);
  const ofProd = (count: number) => rootFile('{n: {default: 1}}', `{variables: {n: ${count}}}`);
  const ofDev = (count: number) => rootFile('{n: {default: 1}}', '{}', `{variables: {n: ${count}}}`);

  test.each<readonly [string, BundleFile, BundleFile, BundleFile, readonly string[]]>([
    ['a default that the job uses', defaults(4), defaults(8), jobFile(named), ['variables.n.default']],
    ['a default that it does not use', defaults(4), defaults(8), jobFile('4'), []],
    [
      'a default that the target replaces',
      defaults(4, '{variables: {n: 1}}'),
      defaults(8, '{variables: {n: 1}}'),
      jobFile(named),
      [],
    ],
    ['the target’s own value', ofProd(4), ofProd(8), jobFile(named), ['targets.prod.variables.n']],
    ['another target’s own value', ofDev(4), ofDev(8), jobFile(named), []],
    ['a first value of the target’s own', rootFile('{n: {default: 1}}'), ofProd(8), jobFile(named), ['targets.prod.variables']],
    [
      'the override',
      rootFile('{}', override('4')),
      rootFile('{}', override('8')),
      jobFile('1'),
      [`targets.prod.${IN_JOB}.${WORKERS}`],
    ],
    ['the base', jobFile('4'), jobFile('8'), rootFile('{}'), [`${IN_JOB}.${WORKERS}`]],
    ['the base below an override', jobFile('4'), jobFile('8'), rootFile('{}', override('1')), []],
  ])('%s', (_, before, after, other, wanted) => {
    expect(told(before, after, other)).toEqual(wanted);
  });

  test('cannot be told while a file of the bundle is not read', () => {
    expect(told(defaults(4), defaults(8))).toBe(`${JOB} was not read`);
  });
});

describe('a file that has moved on', () => {
  const own = [{ file: 'jobs/a.json', selector: 'tasks[task_key=t].max_retries', old: '1', new: '2' }];
  const text = (retries: number, other: number) => `{"tasks": [{"task_key": "t", "max_retries": ${retries}}], "x": ${other}}`;

  test.each([
    ['in nothing', text(2, 1), true],
    ['in its layout', text(2, 1).replaceAll(' ', '  '), true],
    ['in another value', text(2, 9), true],
    ['in the same value', text(3, 1), false],
    ['in what holds the value', '{"tasks": [], "x": 1}', false],
    ['so that it cannot be read', '{', false],
  ])('%s still holds a change: %s', (_, now, is) => {
    expect(stillHolds(own, 'jobs/a.json', text(2, 1), now)).toBe(is);
  });

  test('in a value whose name only begins the same way still holds it', () => {
    const change = [{ file: 'jobs/a.json', selector: 'x', old: '1', new: '2' }];
    expect(stillHolds(change, 'jobs/a.json', '{"x": 2, "xy": 1}', '{"x": 2, "xy": 2}')).toBe(true);
  });

  test('is judged by the values of its own file', () => {
    expect(stillHolds(own, 'jobs/b.json', text(2, 1), text(3, 1))).toBe(true);
  });
});

describe('the record of a person’s change', () => {
  const value = fc.constantFrom(null, '1', '"a"', '{"k": 1}');
  const change = fc.record({
    file: fc.constantFrom('jobs/a.json', 'jobs/b.json'),
    selector: fc.constantFrom('a', 'b.c'),
    old: value,
    new: value,
  });
  const context = { pull: 12, target, repositoryId: 1, host: 'h', jobId: '42', mergedAt: '2026-11-23T04:00:00Z', bundle: null };

  test('is its pull request’s, can be told from any other, and is judged by nothing afterwards', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const record = personRecord(changes, context);
        expect([record.incident, record.sequence, record.job_id, record.verification, record.rerun, record.action]).toEqual([
          12,
          0,
          '42',
          null,
          null,
          null,
        ]);
        expect(record.inverse).toEqual(inverseOf(changes));
        expect(record.plan_digest).toBe(planDigest(record));
        expect(record.risk).not.toBe('low');
        expect(personRisk([...changes, { file: 'jobs/a.json', selector: 'name', old: '"a"', new: '"b"' }], null)).toBe('high');
      }),
    );
  });
});
