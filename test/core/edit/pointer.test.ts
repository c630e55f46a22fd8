import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editText, pointerOf, readLexeme } from '../../../src/core/edit/edit.ts';
import { parsePointer } from '../../../src/core/selector.ts';

const CONF = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf';
const job = (names: readonly string[]) =>
  JSON.stringify({
    job_clusters: names.map((name, index) => ({
      job_cluster_key: name,
      new_cluster: { num_workers: index, spark_conf: { 'a/b~c': `${index}` } },
    })),
  });
const BUNDLE =
  'resources:\n  jobs:\n    nightly:\n      tasks:\n        - task_key: load\n        - task_key: sum\n          max_retries: 2\n';

describe('a selector as an RFC 6901 pointer', () => {
  test.each([
    ['a key', 'json', '{"name": "a"}', 'name', '/name'],
    [
      'an element by its position',
      'json',
      job(['other', 'main']),
      `${CONF}["a/b~c"]`,
      '/job_clusters/1/new_cluster/spark_conf/a~1b~0c',
    ],
    [
      'settings below what jobs/get answers',
      'json',
      `{"job_id": 1, "settings": ${job(['main'])}}`,
      CONF,
      '/settings/job_clusters/0/new_cluster/spark_conf',
    ],
    [
      'a bundle',
      'yaml',
      BUNDLE,
      'resources.jobs.nightly.tasks[task_key=sum].max_retries',
      '/resources/jobs/nightly/tasks/1/max_retries',
    ],
    ['a key that is not there any more', 'json', job(['main']), `${CONF}.gone`, '/job_clusters/0/new_cluster/spark_conf/gone'],
    ['keys whose map is not there either', 'json', '{}', 'a.b.c', '/a/b/c'],
    ['a .conf file has keys, no pointers', 'conf', 'spark.a 1\n', 'spark.a', 'spark.a'],
  ] as const)('%s', (_, format, text, selector, pointer) => {
    expect(pointerOf(format, text, selector)).toEqual({ ok: true, value: pointer });
  });

  test.each([
    ['an element that is not there', job(['other']), CONF, 'pointer_missing'],
    ['an element that is there twice', job(['main', 'main']), CONF, 'key_duplicate'],
    ['a text that cannot be read', '{', 'a', 'parse_failed'],
    ['a selector that cannot be read', '{}', 'a[0]', 'parse_failed'],
  ] as const)('has no place in %s', (_, text, selector, code) => {
    expect(pointerOf('json', text, selector)).toMatchObject({ ok: false, reason: { code } });
  });

  test('leads to the value that the selector selects, wherever its element stands', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(names, fc.nat(4), (others, place) => {
        const all = others.filter((name) => name !== 'main');
        const text = job([...all.slice(0, place), 'main', ...all.slice(place)]);
        const selector = `${CONF}["a/b~c"]`;
        const pointer = pointerOf('json', text, selector);
        const steps = parsePointer(pointer.ok ? pointer.value : 'none');
        const edited = steps.ok ? editText('json', text, steps.value, { set: 'x' }) : steps;
        expect(edited.ok && readLexeme('json', edited.value.text, selector)).toEqual({ ok: true, value: '"x"' });
      }),
    );
  });
});
