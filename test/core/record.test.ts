import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeDigest } from '../../src/core/digest.ts';
import { inverseOf, planDigest, recordPath, recordText } from '../../src/core/record.ts';
import { riskOf } from '../../src/core/risk.ts';
import { isRecordPath } from '../../src/model/record.ts';
import { parseRecord } from '../../src/schema/record.ts';
import { deltaOf, record } from '../support/gate.ts';

describe('a change record', () => {
  test('reads back byte for byte', () => {
    const text = recordText(record());
    const parsed = parseRecord(text);
    expect(parsed.ok && recordText(parsed.value)).toBe(text);
  });

  test.each([
    ['an unknown field', (text: string) => text.replace('"schema": 1', '"schema": 1,\n  "extra": true')],
    ['another version', (text: string) => text.replace('"schema": 1', '"schema": 2')],
    ['a job id that is no int64', (text: string) => text.replace('"job_id": "42"', '"job_id": "42; drop"')],
    ['no JSON', () => 'hello'],
  ])('with %s is none of ours', (_, forge) => {
    expect(parseRecord(forge(recordText(record()))).ok).toBe(false);
  });

  test.each([
    ['.sluice/changes/7-1.json', true],
    ['.sluice/changes/07-1.json', false],
    ['.sluice/changes/7-0.json', false],
    ['.sluice/changes/7-1.json/x', false],
    ['x/.sluice/changes/7-1.json', false],
    ['.sluice/changes/../7-1.json', false],
  ])('lies at its exact path: %s', (path, ours) => {
    expect(isRecordPath(path)).toBe(ours);
    if (ours) expect(recordPath(7, 1)).toBe(path);
  });

  test('names who shaped it where somebody did, reads back byte for byte then too, and names nobody by an empty list', () => {
    const text = recordText(record({ shaped_by: [11] }));
    const parsed = parseRecord(text);

    expect(text).toContain('"shaped_by": [');
    expect(parsed.ok && recordText(parsed.value)).toBe(text);
    expect(recordText(record())).not.toContain('shaped_by');
    expect(parseRecord(recordText(record({ shaped_by: [] }))).ok).toBe(false);
  });

  test('its plan digest changes with everything that decides what happens to the job, and with nothing else', () => {
    const digest = planDigest(record());
    for (const change of [
      { job_id: '43' },
      { host: 'x' },
      { workspace: 'dev' },
      { repository_id: 1 },
      { target: 'b' },
      { kind: 'rollback' as const },
    ])
      expect(planDigest({ ...record(), ...change })).not.toBe(digest);
    expect(planDigest(record({ incident: 8, baseline: {}, expires_at: 'later' }))).toBe(digest);
  });
});

describe('an inverse', () => {
  const change = fc.record({
    file: fc.constantFrom('a', 'b'),
    selector: fc.constantFrom('x', 'y'),
    old: fc.constantFrom(null, '1'),
    new: fc.constantFrom('2', null),
  });

  test('of an inverse is the change again', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        expect(inverseOf(inverseOf(changes))).toEqual(changes);
      }),
    );
  });
});

describe('a content digest', () => {
  const entries = fc.uniqueArray(
    fc.record({ path: fc.string({ minLength: 1 }), before: fc.option(fc.string()), after: fc.option(fc.string()) }),
    { selector: (entry) => entry.path, maxLength: 5 },
  );

  test('does not depend on order', () => {
    fc.assert(
      fc.property(entries, (files) => {
        expect(changeDigest(deltaOf([...files].reverse()))).toBe(changeDigest(deltaOf(files)));
      }),
    );
  });

  test('tells a change of mode, of path and of content apart', () => {
    const base = deltaOf([{ path: 'a', before: 'x', after: 'y' }]);
    const digests = [
      base,
      deltaOf([{ path: 'b', before: 'x', after: 'y' }]),
      deltaOf([{ path: 'a', before: 'x', after: 'z' }]),
      base.map((one) => ({ ...one, newMode: '100755' })),
    ].map(changeDigest);
    expect(new Set(digests).size).toBe(4);
  });
});

describe('the least risk of a change', () => {
  const cluster = 'job_clusters[job_cluster_key=main].new_cluster';
  test.each([
    [`${cluster}.spark_conf["spark.sql.shuffle.partitions"]`, '"400"', 'low'],
    [`${cluster}.spark_conf["spark.executor.cores"]`, '"4"', 'medium'],
    [`${cluster}.num_workers`, '8', 'medium'],
    [`${cluster}.autoscale.max_workers`, '8', 'medium'],
    ['parameters[name=maxOffsetsPerTrigger].default', '"9"', 'medium'],
    [`${cluster}.node_type_id`, '"r5.2xlarge"', 'high'],
    ['timeout_seconds', '60', 'high'],
    ['run_as', '{"user_name": "x"}', 'high'],
    [`${cluster}.spark_conf`, '{"spark.sql.shuffle.partitions": "400"}', 'low'],
    [`${cluster}.spark_conf`, '{"spark.sql.shuffle.partitions": "400", "spark.executor.cores": "1"}', 'high'],
  ])('%s = %s is %s', (selector, next, risk) => {
    expect(riskOf([{ file: 'jobs/a.json', selector, old: null, new: next }], null)).toBe(risk);
  });
});
