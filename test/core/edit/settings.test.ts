import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applySettingsChanges, heldIn } from '../../../src/core/edit/settings.ts';
import type { Change } from '../../../src/model/change.ts';

const SUM = '{"task_key": "sum", "timeout_seconds": 0, "email_notifications": {}, "max_retries": 1}';
const LIVE = `{
  "name": "a",
  "id": 1234567890123456789,
  "tasks": [
    {"task_key": "load", "max_retries": 1.0},
    ${SUM}
  ],
  "email_notifications": {},
  "schedule": {"pause_status": "PAUSED", "quartz": "0 0 1 * * ?"},
  "libraries": [{"pypi": {"package": "x"}}, {"jar": "y"}],
  "job_clusters": [{"job_cluster_key": "main", "new_cluster": {"spark_conf": {"a": "1"}}}]
}`;
const SCHEDULE = '{"quartz": "0 0 1 * * ?", "pause_status": "PAUSED"}';
const CONF = 'job_clusters[job_cluster_key=main].new_cluster.spark_conf';

const change = (selector: string, old: string | null, next: string | null): Change => ({
  file: 'a.json',
  selector,
  old,
  new: next,
});

describe('what live settings hold', () => {
  const rows: readonly (readonly [string, Change, 'old' | 'new' | 'neither' | 'both'])[] = [
    ['the old value', change('name', '"a"', '"b"'), 'old'],
    ['the new value', change('name', '"b"', '"a"'), 'new'],
    ['another value', change('name', '"b"', '"c"'), 'neither'],
    ['the same text written another way', change('name', '"\\u0061"', '"b"'), 'old'],
    ['a number by its digits', change('id', '1234567890123456788', '1234567890123456789'), 'new'],
    ['1.0 is not 1', change('tasks[task_key=load].max_retries', '1', '2'), 'neither'],
    ['a text in spark_conf that the file writes as a number', change(`${CONF}.a`, '1', '2'), 'old'],
    ['a map in another order', change('schedule', SCHEDULE, '{"pause_status": "PAUSED"}'), 'old'],
    ['a map that lost a key', change('schedule', '{"pause_status": "PAUSED"}', SCHEDULE), 'new'],
    [
      'a list in another order is another list',
      change('libraries', '[{"jar": "y"}, {"pypi": {"package": "x"}}]', '[]'),
      'neither',
    ],
    [
      'an added element with what the server adds',
      change('tasks[task_key=sum]', null, '{"task_key": "sum", "max_retries": 1}'),
      'new',
    ],
    [
      'an added element with another value',
      change('tasks[task_key=sum]', null, '{"task_key": "sum", "max_retries": 2}'),
      'neither',
    ],
    ['an element that is not there yet', change('tasks[task_key=new]', null, '{"task_key": "new"}'), 'old'],
    ['an element that is gone', change('tasks[task_key=new]', '{"task_key": "new"}', null), 'new'],
    ['an element to take out, with what the server added', change('tasks[task_key=sum]', '{"task_key": "sum"}', null), 'old'],
    [
      'an element to take out that somebody edited',
      change('tasks[task_key=sum]', '{"task_key": "sum", "max_retries": 5}', null),
      'neither',
    ],
    ['a conf with a key of somebody’s is not ours to take out', change(CONF, '{}', null), 'neither'],
    ['a map that nobody has given', change('email_notifications', null, '{"on_failure": ["x"]}'), 'old'],
    ['a null, which is how a file says that nothing is there', change('queue', 'null', '{"enabled": true}'), 'old'],
    ['nothing wanted, nothing there', change('queue', 'null', null), 'both'],
  ];

  test.each(rows)('%s', (_, one, wanted) => {
    const held = heldIn(LIVE, one);
    const found = held.ok && (held.value.old ? (held.value.new ? 'both' : 'old') : held.value.new ? 'new' : 'neither');
    expect(found).toBe(wanted);
  });

  test.each([
    ['two elements of one key', LIVE.replace('"load"', '"sum"'), 'tasks[task_key=sum].x', 'key_duplicate'],
    ['an element that is gone, below it', LIVE, 'tasks[task_key=gone].max_retries', 'pointer_missing'],
    ['a list that is gone', '{}', 'tasks[task_key=sum]', 'pointer_missing'],
    ['no selector', LIVE, 'tasks[0]', 'parse_failed'],
    ['no JSON', '{', 'name', 'parse_failed'],
  ])('cannot be told of %s', (_, live, selector, code) => {
    expect(heldIn(live, change(selector, null, '1'))).toMatchObject({ ok: false, reason: { code } });
  });

  test('open settings may hold more than was wanted, wherever keys are made up', () => {
    const live = LIVE.replace('{"a": "1"}', '{"a": "1", "own": "2"}');
    const added = change(CONF, null, '{"a": 1}');
    expect([heldIn(live, added), heldIn(live, added, true)]).toMatchObject([{ value: { new: false } }, { value: { new: true } }]);
  });
});

describe('live settings', () => {
  const rows: readonly (readonly [string, Change, readonly [string, string]])[] = [
    ['get a value', change('name', '"a"', '"b"'), ['"name": "a"', '"name": "b"']],
    [
      'get an element at the end of its list',
      change('tasks[task_key=new]', null, '{"task_key": "new"}'),
      [SUM, `${SUM},\n    {"task_key": "new"}`],
    ],
    ['lose exactly the last element', change('tasks[task_key=sum]', '{"task_key": "sum"}', null), [`,\n    ${SUM}`, '']],
    [
      'lose exactly the first element',
      change('tasks[task_key=load]', '{"task_key": "load", "max_retries": 1.0}', null),
      ['\n    {"task_key": "load", "max_retries": 1.0},', ''],
    ],
    [
      'get a map where the server answers an empty one',
      change('email_notifications', null, '{"on_failure": ["x"]}'),
      ['  "email_notifications": {},\n  "schedule"', '  "email_notifications": {"on_failure": ["x"]},\n  "schedule"'],
    ],
    ['get a key at the end of a map', change(`${CONF}["b.c"]`, null, '"2"'), ['{"a": "1"}', '{"a": "1", "b.c": "2"}']],
    [
      'get a list for a list',
      change('libraries', '[{"pypi":{"package":"x"}},{"jar":"y"}]', '[]'),
      ['[{"pypi": {"package": "x"}}, {"jar": "y"}]', '[]'],
    ],
    ['stay when they hold it already', change('name', '"z"', '"a"'), ['"name"', '"name"']],
  ];

  test.each(rows)('%s, and every other byte stays', (_, one, [from, to]) => {
    expect(applySettingsChanges(LIVE, [one])).toEqual({ ok: true, value: LIVE.replace(from, to) });
  });

  test.each([
    ['hold something else', change('name', '"b"', '"c"'), 'type_mismatch'],
    ['have nothing where something was', change('gone', '"b"', '"c"'), 'pointer_missing'],
    ['have no map for the key', change('gone.deep', null, '"c"'), 'no_surface'],
    ['would get a comment', change('name', '"a"', '"b" /* c */'), 'parse_failed'],
    ['would get a second value', change('name', '"a"', '"b", "x": 1'), 'parse_failed'],
  ])('are left alone when they %s', (_, one, code) => {
    expect(applySettingsChanges(LIVE, [one])).toMatchObject({ ok: false, reason: { code } });
  });

  test('an element that was added goes again without a trace', () => {
    const key = fc.string({ minLength: 1 });
    const layouts = [
      '{"tasks":[]}',
      '{"tasks": [ ]}',
      '{\n  "tasks": [\n    {"task_key":"-"}\n  ]\n}',
      '{"tasks":[{"task_key":"-"},{"task_key":"+"}]}',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...layouts), key, (live, name) => {
        fc.pre(!['-', '+'].includes(name));
        const element = JSON.stringify({ task_key: name, n: 1 });
        const added = change(`tasks[task_key=${JSON.stringify(name)}]`, null, element);
        const there = applySettingsChanges(live, [added]);
        const back = there.ok && applySettingsChanges(there.value, [{ ...added, old: element, new: null }]);
        expect(back).toEqual({ ok: true, value: live });
      }),
    );
  });
});
