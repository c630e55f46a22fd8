import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSelector, parsePointer, parseSelector } from '../../src/core/selector.ts';
import type { SelectorStep } from '../../src/model/change.ts';

const READ: readonly (readonly [string, readonly SelectorStep[]])[] = [
  ['max_concurrent_runs', [{ key: 'max_concurrent_runs' }]],
  [
    'job_clusters[job_cluster_key=main].new_cluster.spark_conf["spark.sql.shuffle.partitions"]',
    [
      { key: 'job_clusters' },
      { where: 'job_cluster_key', equals: 'main' },
      { key: 'new_cluster' },
      { key: 'spark_conf' },
      { key: 'spark.sql.shuffle.partitions' },
    ],
  ],
  [
    'tasks[task_key="load orders"].max_retries',
    [{ key: 'tasks' }, { where: 'task_key', equals: 'load orders' }, { key: 'max_retries' }],
  ],
  ['tasks[task_key=load-2]', [{ key: 'tasks' }, { where: 'task_key', equals: 'load-2' }]],
  ['["a.b"].c["\\u0041\\n"]', [{ key: 'a.b' }, { key: 'c' }, { key: 'A\n' }]],
  ['["odd field"="x"]', [{ where: 'odd field', equals: 'x' }]],
];

const REFUSED = [
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a b',
  'a[0]',
  'tasks[-1].x',
  'tasks[ 2 ]',
  'a[',
  'a[]',
  'a[b]',
  'a[b=]',
  'a[b=c',
  'a["b"',
  "a['b']",
  'a["b\n"]',
  'a[b=c d]',
  'a[b=c]d',
  '["a"]b',
  'a["\\x"]',
  'a[b="c]',
  'a[=c]',
  'é',
  'a\u200b',
  '1a',
  'a-b',
];

describe('a selector', () => {
  test.each(READ)('%s is read step by step', (text, steps) => {
    expect(parseSelector(text)).toEqual({ ok: true, value: steps });
  });

  test.each(REFUSED)('%j is refused', (text) => {
    expect(parseSelector(text)).toMatchObject({ ok: false, reason: { code: 'parse_failed', subject: text } });
  });

  test('an index is refused with the natural key to write instead', () => {
    expect(parseSelector('tasks[0].max_retries')).toMatchObject({
      ok: false,
      reason: { expected: expect.stringContaining('natural key'), observed: '[0].max_retries' },
    });
  });

  test('reading what was written gives the same steps', () => {
    const step = fc.oneof(
      fc.record({ key: fc.string({ unit: 'binary' }) }),
      fc.record({ where: fc.string(), equals: fc.string({ unit: 'grapheme' }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        expect(parseSelector(formatSelector(steps))).toEqual({ ok: true, value: steps });
      }),
    );
  });
});

describe('a JSON pointer', () => {
  test.each([
    ['', []],
    ['/', [{ key: '' }]],
    ['/a~1b/m~0n/0', [{ key: 'a/b' }, { key: 'm~n' }, { index: 0 }]],
    ['/~01', [{ key: '~1' }]],
    ['/01/10/-', [{ key: '01' }, { index: 10 }, { key: '-' }]],
    ['/99999999999999999999', [{ key: '99999999999999999999' }]],
  ])('%j is read as RFC 6901 says', (text, steps) => {
    expect(parsePointer(text)).toEqual({ ok: true, value: steps });
  });

  test.each(['a', 'a/b', '/~2', '/a~', '#/a'])('%j is refused', (text) => {
    expect(parsePointer(text)).toMatchObject({ ok: false, reason: { code: 'parse_failed' } });
  });
});
