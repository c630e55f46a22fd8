import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGate } from '../../../src/core/gate/gate.ts';
import type { GateFacts } from '../../../src/model/gate.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { Target } from '../../../src/model/target.ts';
import { AFTER, approval, BEFORE, configOf, deltaOf, facts, JOB_FILE, omar, type World } from '../../support/gate.ts';

const [policy] = facts().change.policies;
const orders = policy?.config.known ? policy.config.value.targets[0]! : null;
const targets = (change: Partial<Target>): Partial<World> => ({ config: { targets: [{ ...orders!, ...change }] } });
const person = (after: string, world: Partial<World> = {}): GateFacts => facts({ record: null, after, ...world });
const reasons = (given: GateFacts) => decideGate(given).reasons.map((one) => `${one.code} ${one.subject}`);

const RENAMED = BEFORE.replace('"name": "orders-nightly"', '"name": "orders-daily"');
const UNCLEAR = BEFORE.replace('{\n', '{\n  "name": "x",\n');

describe('a person’s change', () => {
  test('is judged by what it touches, and never as low', () => {
    expect([decideGate(person(AFTER)).required, decideGate(person(RENAMED)).required]).toEqual([1, 2]);
  });

  test('of high risk waits for a second owner', () => {
    expect(reasons(person(RENAMED))).toEqual(['approval_missing high risk']);
    const both = [approval(), approval({ id: 51, author: omar })];
    expect(decideGate(person(RENAMED, { comments: both })).verdict).toBe('allow');
  });

  test('that only moves its text about is of medium risk', () => {
    const verdict = decideGate(person(BEFORE.replaceAll('\n', '\n\n')));
    expect([verdict.verdict, verdict.required, verdict.notes]).toEqual(['allow', 1, []]);
  });

  test.each([
    ['a key that is there twice', UNCLEAR, 'key_duplicate'],
    ['a text that is no JSON', '{', 'parse_failed'],
  ])('with %s may be anything: it needs two owners, and is told early that it will not be applied', (_, after, code) => {
    const verdict = decideGate(person(after));
    expect([verdict.verdict, verdict.required]).toEqual(['wait', 2]);
    expect(verdict.notes.map((one) => one.code)).toEqual([code]);
    const both = [approval(), approval({ id: 51, author: omar })];
    expect(decideGate(person(after, { comments: both })).verdict).toBe('allow');
  });

  test.each([
    ['added', { before: known(null), after: known(AFTER) }, 'job_missing'],
    ['deleted', { before: known(AFTER), after: known(null) }, 'no_surface'],
  ])('of a file that is %s is told so', (_, sides, code) => {
    const given = person(AFTER);
    const blobs = [{ path: JOB_FILE, ...sides }];
    expect(decideGate({ ...given, followUp: { ...given.followUp, blobs } }).notes.map((one) => one.code)).toEqual([code]);
  });

  test('of a target that the merge itself applies is nobody’s to derive', () => {
    const verdict = decideGate(person(UNCLEAR, targets({ kind: 'spark-conf', appliedBy: 'merge' })));
    expect([verdict.notes, verdict.required]).toEqual([[], 1]);
  });

  test('whose texts cannot be read waits: its risk cannot be told', () => {
    const given = person(AFTER);
    const blobs = given.followUp.blobs.map((blob) => ({ ...blob, after: unknown('the wire broke') }));
    expect(reasons({ ...given, followUp: { ...given.followUp, blobs } })).toEqual([`facts_unavailable ${JOB_FILE}`]);
  });

  test('of two target files that were both read is judged by both', () => {
    const other = 'jobs/other.json';
    const given = person(AFTER, {
      ...targets({ files: [JOB_FILE, other] }),
      extra: deltaOf([{ path: other, before: '{}', after: '{ }' }]),
    });
    const blobs = [...given.followUp.blobs, { path: other, before: known('{}'), after: known('{ }') }];
    expect(reasons({ ...given, followUp: { ...given.followUp, blobs } })).toEqual([]);
  });

  test('of more target files than are read waits', () => {
    const other = 'jobs/other.json';
    const given = person(AFTER, {
      ...targets({ files: [JOB_FILE, other] }),
      extra: deltaOf([{ path: other, before: '{}', after: '{"a":1}' }]),
    });
    expect(reasons(given)).toEqual([`facts_unavailable ${other}`]);
    expect(decideGate(given).reasons.map((one) => one.observed)).toEqual(['not read: too many target files in one change']);
  });
});

test('one more edit, or one more target that it is of, never lowers how many owners a change needs, nor makes it low', () => {
  const other = 'jobs/other.json';
  const targets = [orders!, { ...orders!, name: 'other', files: [other] }];
  const approvals = { ...configOf().approvals, owners: { low: 1, medium: 2, high: 3 } };
  const edits = [
    ['"200"', '"800"'],
    ['"num_workers": 4', '"num_workers": 5'],
    ['"name": "orders-nightly"', '"name": "orders-daily"'],
    ['"spark_conf": {', '"spark_conf": {"spark.executor.extraJavaOptions": "-javaagent:x", '],
  ].flatMap(([old = '', next = '']) => [JOB_FILE, other].map((path) => ({ path, old, next })));
  const required = (chosen: typeof edits, given: readonly Target[]) => {
    const files = [JOB_FILE, other].map((path) => ({
      path,
      before: BEFORE,
      after: chosen.filter((one) => one.path === path).reduce((text, { old, next }) => text.replace(old, next), BEFORE),
    }));
    const blobs = files.map(({ path, before, after }) => ({ path, before: known(before), after: known(after) }));
    const config = { targets: given, approvals };
    const plain = facts({ record: null, config, change: { delta: known(deltaOf(files)) } });
    return decideGate({ ...plain, followUp: { ...plain.followUp, blobs } }).required;
  };
  fc.assert(
    fc.property(fc.shuffledSubarray(edits, { minLength: 1 }), fc.nat(1), (chosen, place) => {
      const all = required(chosen, targets);
      expect(all).toBeGreaterThanOrEqual(required(chosen.slice(1), targets));
      expect(all).toBeGreaterThanOrEqual(required(chosen, targets.slice(place, place + 1)));
      expect(required(chosen.slice(1), targets)).toBeGreaterThanOrEqual(approvals.owners.medium);
    }),
  );
});
