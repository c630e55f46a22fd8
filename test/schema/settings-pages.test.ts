import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactValue, jsonTree, readExactJson } from '../../src/schema/exact-json.ts';
import { joinSettingsPages, settingsText } from '../../src/schema/settings-pages.ts';

describe('joining the pages of a job', () => {
  test('keeps every lexeme and adds the later elements after the earlier ones', () => {
    const first = '{ "name": "n",\n  "tasks": [ {"task_key": "a", "timeout_seconds": 1.0} ], "id": 9007199254740993 }';
    const second = '{"name": "n","tasks":[{"task_key":"b","x":1e5}],"job_clusters":[{"job_cluster_key":"c"}]}';

    expect(joinSettingsPages([first, second])).toEqual({
      ok: true,
      text: '{ "name": "n",\n  "tasks": [ {"task_key": "a", "timeout_seconds": 1.0}, {"task_key":"b","x":1e5} ], "id": 9007199254740993, "job_clusters": [{"job_cluster_key":"c"}] }',
    });
  });

  test.each([
    [
      'two lists that are both new',
      '{"name":"n"}',
      '{"tasks":[{"task_key":"a"}],"parameters":[{"name":"p"}]}',
      '{"name":"n", "tasks": [{"task_key":"a"}], "parameters": [{"name":"p"}]}',
    ],
    ['an empty list', '{"tasks":[]}', '{"tasks":[{"task_key":"a"}]}', '{"tasks":[{"task_key":"a"}]}'],
    ['empty settings', '{}', '{"tasks":[{"task_key":"a"}]}', '{"tasks": [{"task_key":"a"}]}'],
    ['nothing new', '{"tasks":[{"task_key":"a"}]}', '{"tasks":[]}', '{"tasks":[{"task_key":"a"}]}'],
  ])('%s', (_, first, second, joined) => {
    expect(joinSettingsPages([first, second])).toEqual({ ok: true, text: joined });
  });

  test.each([
    ['a scalar that differs', ['{"name":"a"}', '{"name":"b"}'], 'changed while reading: name differs between pages'],
    [
      'a setting named like a method that differs',
      ['{"constructor":1}', '{"constructor":2}'],
      'changed while reading: constructor differs between pages',
    ],
    [
      'a task that is there twice',
      ['{"tasks":[{"task_key":"a"}]}', '{"tasks":[{"task_key":"a"}]}'],
      'changed while reading: tasks names a twice',
    ],
    ['no page', [], 'no page was read'],
    [
      'a page that is not JSON',
      ['{"tasks":[]}', '{'],
      'not JSON: line 1, column 2: a } is missing: the text ends inside an object',
    ],
  ])('is refused for %s', (_, pages, why) => {
    expect(joinSettingsPages(pages)).toMatchObject({ ok: false, why });
  });

  test('holds every element of every page once, in order', () => {
    const elements = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 12 });
    fc.assert(
      fc.property(elements, fc.nat(12), fc.nat(12), (keys, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const pages = [keys.slice(0, low), keys.slice(low, high), keys.slice(high)].map((part) =>
          JSON.stringify({ name: 'n', tasks: part.map((key) => ({ task_key: key })) }),
        );
        const joined = joinSettingsPages(pages);
        expect(joined.ok && JSON.parse(joined.text).tasks.map((task: { task_key: string }) => task.task_key)).toEqual(keys);
      }),
    );
  });
});

describe('exact JSON', () => {
  test('an integer beyond a double stays text, everything else is as JSON.parse says', () => {
    expect(readExactJson('{"id":1234567890123456789,"n":1.5,"s":"x","b":[true,null,-7]}')).toEqual({
      ok: true,
      value: { id: '1234567890123456789', n: 1.5, s: 'x', b: [true, null, -7] },
    });
  });

  test.each(['', '{', '{"a":1,}', '{"a":1} x', '// c\n{}', 'NaN', '['.repeat(300)])('%s is refused', (text) => {
    expect(readExactJson(text).ok).toBe(false);
  });

  test('agrees with JSON.parse on whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        const tree = jsonTree(text);
        const unsafe = /(?<![\d.eE"+-])-?\d{16,}(?![\d.eE])/.test(text);
        if (tree.ok && !unsafe) expect(exactValue(text, tree.root)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('the settings of an answer are its own text', () => {
    expect(settingsText('{"job_id": 7, "settings": {"a":  1.0} }')).toBe('{"a":  1.0}');
    expect(settingsText('{"job_id": 7}')).toBeNull();
    expect(settingsText('{"settings": [1]}')).toBeNull();
  });
});
