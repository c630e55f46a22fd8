import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChange, applyChanges, type EditFormat, proposeChange, type Scalar } from '../../../src/core/edit/edit.ts';
import { inverseOf } from '../../../src/core/record.ts';
import type { SelectorStep } from '../../../src/model/change.ts';

const value: fc.Arbitrary<Scalar> = fc.oneof(
  fc.string(),
  fc.constantFrom('400', 'true', 'null', '8g', 'a: b', "it's", '"', ' x', '', '- a', '#', '{}', '1:30', 'yes', '0755', 'a\\b'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
);
const key = fc.oneof(
  fc.constantFrom('spark.new', 'new_key', 'yes', 'a b', '#x', '5', '', 'k:', 'ключ', '__proto__', '{'),
  fc.string(),
);

/** Documents with `m`, the map that gets a key; every layout that we know people write. */
const JSON_MAPS: readonly string[] = [
  '{}',
  '{ }',
  '{\n}',
  '{\n  \n}',
  '{ \n }',
  '{ // c\n}',
  '{\n  // c  \n  }',
  '{ /* c */ }',
  '{/* c */}',
  '{\n  /* a\n b */ }',
  '{\n\n}',
  '{\n\n\n  }',
  '{"a":1}',
  '{"a": 1}',
  '{ "a": 1 }',
  '{ "a" : 1 , "b" : 2 }',
  '{"a":1,"b":{}}',
  '{\n  "a": 1\n}',
  '{\n    "a": 1,\n    "b": [1, 2]\n  }',
  '{\n  "a": 1 // note\n}',
  '{\n  "a": 1, // note  \n}',
  '{\n  "a": 1 /* x */ // y\n}',
  '{\n  "a": 1,\n}',
  '{ "a": 1, }',
  '{\n  "a": 1\n  // , tail\n}',
  '{\n  "a": 1 /* x\n */\n  }',
  '{"a": 1 // n\n}',
  '{\n\t"a": 1,\n\t"b": 2\n}',
  '{\n  "a": 1\n  ,"b": 2\n}',
  '{\n  "a": 1   \n}',
  '{\n  "a": 1\n\n}',
  '{ "a": 1, // c\n  "b": 2 }',
  '{"a": 1 , /* c */ }',
  '{\n  "a": 1 // ,\n  , // t\n}',
  '{\n  "a": {\n    "b": 2\n  }\n}',
  '{"a":"x,}"}',
  '{\n  "a": 1,\n\n  "b": 2\n}',
];
const JSON_DOCUMENTS = JSON_MAPS.flatMap((map) => [
  `{"m":${map}}`,
  `{ "m": ${map} }\n`,
  `{\n  "x": 1,\n  "m": ${map},\n  "y": [1]\n}\n`,
  `// head\n{\n\t"m": ${map}\n}`,
  `{\n    "x": {\n        "z": 1\n    },\n    "m": ${map}, // t\n}\n// tail`,
]);

const YAML_DOCUMENTS: readonly string[] = [
  'm: {}\n',
  'm: { }',
  'm: {a: 1}\n',
  'm: { a: 1 } # c\n',
  'm: {a: 1,}\n',
  'm: {\n  a: 1, # c\n  b: 2\n  }\n',
  'm: {\n  # c\n  }\nz: 1\n',
  'm:\n',
  'm:',
  'm: # c\n',
  'm:\nz: 1\n',
  'x:\n    y: 1\nm:\nz: 1\n',
  'm:\n  # only a comment\nz: 1\n',
  'x:\n  m2: 1\nm:   \n',
  'm:\n  a: 1\n',
  'm:\n  a: 1',
  'm:\n  a: 1 # c\n\nz: 1\n',
  'm:\n    a: "x"\n    b: \'y\'\n',
  'm:\n  a:\n    b: 1\nz: 2\n',
  'm:\n  "a": 1\n  # tail\n',
  'm:\n  a: [1,\n    2]\nz: 1\n',
  'm:\n  - 1\n',
  'm:\n  a:\n  - b: 1\n  - c: 2\nz: 1\n',
  'm:\n  a:\nz: 1\n',
  '---\nm:\n  a: 1\n...\n',
  'm:\n  a: |\n    t\n',
  'm:\n  b: 1\n  a: >-\n    t\n\n\nz: 1\n',
  'x: &a\n  q: 1\nm:\n  a: 1\n',
  'x: &a\n  q: 1\nm:\n  <<: *a\n  a: 1\n',
  'm:\n  a: &z 1\nn: 2\n',
  'm:\n  a: "x\n    y"\nz: 1\n',
  'm:\n  a: !!str 5\n',
  '? m\n: a: 1\n',
];
const CONF_DOCUMENTS: readonly string[] = [
  '',
  '\n',
  '# c',
  '# c\n',
  'a 1',
  'a 1\n',
  'a=1\n',
  '  a = 1  \n# c\n',
  'a: 1\nb: 2\n\n',
  'a      1\nlonger 2\n',
  'a\t1\n',
  'a 1\na 2\n',
  'a\n',
  'a \n',
  'a=\n',
  '! c\na 1\n\n# tail',
  'p -Dx=\\y\n',
];

function variants(text: string): readonly string[] {
  return [text, text.replaceAll('\n', '\r\n'), `\ufeff${text}`];
}

function roundTrip(format: EditFormat, text: string, steps: readonly SelectorStep[], set: Scalar): 'refused' | 'held' {
  const change = proposeChange(format, 'jobs/a.file', text, steps, set);
  if (!change.ok) return 'refused';
  const applied = applyChange(format, text, change.value);
  expect(applied, JSON.stringify([text, change.value])).toMatchObject({ ok: true });
  if (!applied.ok) return 'refused';
  const back = applyChanges(format, applied.value.text, inverseOf([change.value]));
  expect(back.ok && back.value.text, JSON.stringify([text, change.value, applied.value.text, back])).toBe(text);
  return 'held';
}

const CASES: readonly (readonly [EditFormat, readonly string[], readonly SelectorStep[]])[] = [
  ['json', JSON_DOCUMENTS, [{ key: 'm' }]],
  ['yaml', YAML_DOCUMENTS, [{ key: 'm' }]],
  ['conf', CONF_DOCUMENTS, []],
];

describe.each(CASES)('in %s', (format, documents, parent) => {
  test('a replaced or inserted value is taken back by its inverse byte for byte', () => {
    const document = fc.constantFrom(...documents.flatMap(variants));
    const name = fc.oneof({ weight: 1, arbitrary: fc.constantFrom('a', 'b') }, { weight: 2, arbitrary: key });
    fc.assert(
      fc.property(document, name, value, (text, leaf, set) => {
        roundTrip(format, text, [...parent, { key: leaf }], set);
      }),
      { numRuns: 800 },
    );
  });

  test('every known layout takes a new key and gives it back', () => {
    const refused = documents
      .flatMap(variants)
      .filter((text) => roundTrip(format, text, [...parent, { key: 'spark.new' }], '400') === 'refused');

    expect(refused.filter((text) => !text.startsWith('\ufeff') && !text.includes('\r'))).toEqual(REFUSED[format]);
  });

  test('several keys added one after the other are taken back in the opposite order', () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents.flatMap(variants)), fc.uniqueArray(key, { maxLength: 4 }), (text, keys) => {
        let now = text;
        const changes = keys.flatMap((leaf) => {
          const change = proposeChange(format, 'f', now, [...parent, { key: leaf }], 'v');
          const next = change.ok ? applyChange(format, now, change.value) : change;
          if (!change.ok || !next.ok) return [];
          now = next.value.text;
          return [change.value];
        });

        const back = applyChanges(format, now, inverseOf(changes));
        expect(back.ok ? back.value.text : back).toBe(text);
      }),
      { numRuns: 400 },
    );
  });
});

/** Where no layout tells how to add a key safely, or the place is not this file's alone. */
const REFUSED: Readonly<Record<EditFormat, readonly string[]>> = {
  json: [],
  yaml: [
    'm:\n  - 1\n',
    'm:\n  a: |\n    t\n',
    'm:\n  b: 1\n  a: >-\n    t\n\n\nz: 1\n',
    'x: &a\n  q: 1\nm:\n  <<: *a\n  a: 1\n',
    'm:\n  a: "x\n    y"\nz: 1\n',
    '? m\n: a: 1\n',
  ],
  conf: [],
};
