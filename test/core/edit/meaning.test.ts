import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AT_ROOT, below, holds, sameMeaning } from '../../../src/core/edit/meaning.ts';
import { outline, outlineWith } from '../../../src/core/edit/outline.ts';
import { readTree } from '../../../src/core/edit/text.ts';
import { tokenOf } from '../../../src/core/edit/token.ts';
import { valueIn } from '../outcome.ts';

const tree = (text: string, format: 'json' | 'yaml' = 'json') => valueIn(readTree(format, text));
const same = (one: string, other: string, place = AT_ROOT) => sameMeaning(tree(one), tree(other), place);
const held = (live: string, wanted: string, open = false) => holds(tree(live), tree(wanted), { ...AT_ROOT, open });

describe('the same meaning', () => {
  test.each([
    ['{"a": 1, "b": [2]}', '{ "b":[2],"a":1 }'],
    ['{"tasks": [{"task_key": "a"}, {"task_key": "b"}]}', '{"tasks": [{"task_key": "b"}, {"task_key": "a"}]}'],
    ['{"spark_conf": {"a": 1}}', '{"spark_conf": {"a": "1"}}'],
    ['{"a": 1, "a": 2}', '{"a": 1, "a": 2}'],
    ['"\\u0061"', '"a"'],
  ])('is in %s and %s', (one, other) => {
    expect(same(one, other)).toBe(true);
  });

  test.each([
    ['{"a": 1}', '{"a": "1"}'],
    ['{"a": 1}', '{"a": 1.0}'],
    ['{"a": 9007199254740993}', '{"a": 9007199254740992}'],
    ['[1, 2]', '[2, 1]'],
    ['{"x": [{"task_key": "a"}, {"task_key": "b"}]}', '{"x": [{"task_key": "b"}, {"task_key": "a"}]}'],
    ['{"tasks": [{"task_key": "a"}, {"task_key": "a"}]}', '{"tasks": [{"task_key": "a"}]}'],
    ['{"a": 1, "a": 2}', '{"a": 2, "a": 1}'],
    ['{"a": null}', '{}'],
    ['{"spark_conf": {"a": null}}', '{"spark_conf": {"a": "null"}}'],
    ['[]', '{}'],
  ])('is not in %s and %s', (one, other) => {
    expect(same(one, other)).toBe(false);
  });

  test('of a YAML word is that of the value, of an alias its name', () => {
    expect(sameMeaning(tree('True', 'yaml'), tree('true', 'yaml'), AT_ROOT)).toBe(true);
    const alias = (name: string) => tree(`x: &a 1\ny: &b 1\nz: *${name}\n`, 'yaml').members[2]!.value;
    expect([sameMeaning(alias('a'), alias('a'), AT_ROOT), sameMeaning(alias('a'), alias('b'), AT_ROOT)]).toEqual([true, false]);
  });
});

describe('what holds at least that much', () => {
  test.each([
    ['a map with more', '{"a": 1, "b": 2}', '{"a": 1}', true],
    ['a map with less', '{"a": 1}', '{"a": 1, "b": 2}', false],
    ['a map without what is null', '{"a": 1}', '{"a": 1, "b": null}', true],
    ['a list with more', '[1, 2]', '[1]', false],
    [
      'a keyed list in another order',
      '{"tasks": [{"task_key": "b", "x": 1}, {"task_key": "a"}]}',
      '{"tasks": [{"task_key": "a"}, {"task_key": "b"}]}',
      true,
    ],
    ['a keyed list with more', '{"tasks": [{"task_key": "b"}, {"task_key": "a"}]}', '{"tasks": [{"task_key": "a"}]}', false],
    ['tags with more', '{"tags": {"a": "1", "b": "2"}}', '{"tags": {"a": "1"}}', false],
    ['another kind', '{"a": {}}', '{"a": []}', false],
    ['a key that is there twice', '{"a": 1, "a": 1}', '{"a": 1}', false],
  ])('%s', (_, live, wanted, is) => {
    expect(held(live, wanted)).toBe(is);
  });

  test('may hold more tags where others deploy', () => {
    expect(held('{"tags": {"a": "1", "b": "2"}}', '{"tags": {"a": "1"}}', true)).toBe(true);
  });
});

const value = fc.jsonValue({ maxDepth: 3 });

describe('properties', () => {
  test('a value means what itself means, holds itself, and is told from any other value', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
        expect([same(left, left), held(left, left)]).toEqual([true, true]);
        if (same(left, right)) expect(held(left, right) && held(right, left)).toBe(true);
        else expect(left).not.toBe(right);
      }),
    );
  });

  test('a token means what it was made of, in either format', () => {
    fc.assert(
      fc.property(
        value,
        fc.constantFrom<'json' | 'yaml'>('json', 'yaml'),
        fc.constantFrom(undefined, 2),
        (one, format, spaces) => {
          const source = JSON.stringify(one, null, spaces);
          // What looks like a template is refused, not guessed.
          fc.pre(readTree(format, source).ok);
          const node = tree(source, format);
          const token = tokenOf(format, node, source, '');
          // A repeated or merged key of YAML is refused, not guessed.
          if (!token.ok) return;
          expect(token.value).not.toContain('\n');
          expect(sameMeaning(tree(token.value, format), node, AT_ROOT), token.value).toBe(true);
        },
      ),
    );
  });

  test('a document’s outline changes exactly at the place that is replaced', () => {
    const map = fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1 });
    fc.assert(
      fc.property(map, value, (one, next) => {
        const [key = ''] = Object.keys(one);
        const wanted = tree(JSON.stringify({ ...one, [key]: next }));
        expect(outlineWith(tree(JSON.stringify(one)), [{ key }], tree(JSON.stringify(next)))).toBe(outline(wanted));
      }),
    );
  });
});

test('everything below spark_conf is a text, and nothing beside it', () => {
  expect(below(below(AT_ROOT, 'spark_conf'), 'a')).toEqual({ name: 'a', asText: true });
  expect(below(AT_ROOT, 'a')).toEqual({ name: 'a', asText: false });
});
