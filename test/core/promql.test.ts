import { parser } from '@prometheus-io/lezer-promql';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindQuery } from '../../src/core/promql.ts';

/** The query's syntax tree without the texts in it; null when it is no PromQL. */
function shapeOf(query: string): string | null {
  const names: string[] = [];
  let broken = false;
  parser.parse(query).iterate({
    enter: (node) => {
      broken ||= node.type.isError;
      names.push(node.name);
    },
  });
  return broken ? null : names.join(' ');
}

const BOUND: readonly (readonly [string, string, string])[] = [
  ['sum(lag{topic=$topic})', 'orders', 'sum(lag{topic="orders"})'],
  ['lag{topic = $topic , a!=$topic}[5m]', 'o', 'lag{topic = "o" , a!="o"}[5m]'],
  ['lag{topic="x-$topic-y"}', 'o', 'lag{topic="x-o-y"}'],
  ["lag{topic='$topic'}", `a'b"c`, `lag{topic='a\\'b"c'}`],
  ['lag{topic=~$topic}', 'a.b*', 'lag{topic="a\\\\.b\\\\*"}'.replace('=', '=~')],
  ['lag{topic=~"$topic-.*"}', 'a|b', 'lag{topic=~"a\\\\|b-.*"}'],
  ['lag{topic!~"^$topic$"}', 'a', 'lag{topic!~"^a$"}'],
  ['lag{topic=$topic}', 'a"} or up{x="', 'lag{topic="a\\"} or up{x=\\""}'],
  ['lag{topic=$topic}', 'a\\', 'lag{topic="a\\\\"}'],
  ['lag{topic=$topic}', 'a\nb\u0000', 'lag{topic="a\\nb\\u0000"}'],
  ['lag{topic=$topic}', '$topic', 'lag{topic="$topic"}'],
  [
    'label_replace(lag{topic=$topic}, "a", "$1", "b", "(.*)") # for $topic',
    'o',
    'label_replace(lag{topic="o"}, "a", "$1", "b", "(.*)") # for $topic',
  ],
  ['up', 'o', 'up'],
];

describe('a query template', () => {
  test.each(BOUND)('%s with %j becomes %s', (template, topic, query) => {
    expect(bindQuery(template, { topic })).toEqual({ ok: true, value: query });
  });

  test.each([
    ['an unknown name', 'lag{topic=$other}', 'other'],
    ['a name of the prototype', 'lag{topic=$constructor}', 'constructor'],
    ['a place for a number', 'lag > $topic', 'topic'],
    ['a range', 'rate(lag[$topic])', 'topic'],
    ['a metric name', '$topic{a="b"}', 'topic'],
    ['a label name', 'lag{$topic="x"}', 'topic'],
    ['a string that is no label value', 'label_replace(lag, "a", "$topic", "b", "")', 'topic'],
    ['a raw string', 'lag{topic=`$topic`}', 'topic'],
    ['a grouping label', 'sum by ($topic) (lag)', 'topic'],
    ['a value after a closed matcher', 'lag{a="b" $topic}', 'topic'],
    ['a backslash before', 'lag{topic="\\$topic"}', '"\\$topic"'],
    ['a character class', 'lag{topic=~"[$topic]"}', '"[$topic]"'],
    ['an open string', 'lag{topic="$topic', '"'],
    ['a bare dollar', 'lag{topic=$}', ''],
  ])('%s is refused', (_, template, subject) => {
    expect(bindQuery(template, { topic: 'x' })).toMatchObject({ ok: false, reason: { code: 'runbook_unreadable', subject } });
  });

  test.each([
    ['42', true],
    ['-9223372036854775808', true],
    ['9223372036854775807', true],
    ['9223372036854775808', false],
    ['042', false],
    ['4.2', false],
    ['', false],
    ['4"', false],
  ])('an int64 parameter of %j fits: %s', (value, fits) => {
    expect(bindQuery('a{b=$id}', { id: { type: 'int64', value } }).ok).toBe(fits);
  });

  test('whatever is bound, the query keeps its syntax', () => {
    const template = fc.constantFrom(
      'sum(lag{a=$p, b!="x$p"}) > 5',
      'lag{a=~$p}',
      "lag{a!~'$p.*'}[5m] offset 1h",
      'lag{a="$p$p"} or up',
    );
    fc.assert(
      fc.property(
        template,
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('"', "'", '\\', '{', '}', '$', 'n', '`', '\n', '#') }),
        ),
        (query, p) => {
          const bound = bindQuery(query, { p });
          if (!bound.ok) {
            expect(p).toMatch(/\p{Surrogate}/u);
            return;
          }
          expect(shapeOf(bound.value)).toBe(shapeOf(query.replaceAll(/([=~])\$p/g, '$1"x"').replaceAll('$p', 'x')));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a bound expression matches its value and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const bound = bindQuery('a{b=~$p}', { p: value });
        const expression = bound.ok ? String(JSON.parse(bound.value.slice('a{b=~'.length, -1))) : '';
        const whole = new RegExp(`^(?:${expression})$`, 's');
        expect(whole.test(value)).toBe(true);
        expect(whole.test(other)).toBe(other === value);
      }),
    );
  });

  test('a bound text is one string literal, and half a character is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bound = bindQuery('a{b=$p}', { p: text });
        const query = bound.ok ? bound.value : '';
        expect(JSON.parse(query.slice('a{b='.length, -1))).toBe(text);
        expect(shapeOf(query)).toBe(shapeOf('a{b="x"}'));
      }),
    );
    expect(bindQuery('a{b=$p}', { p: '\ud800' })).toMatchObject({ ok: false });
  });
});
