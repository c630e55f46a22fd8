import fc from 'fast-check';
import { parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { jsonFault, placedJsonFault } from '../../src/core/json-fault.ts';

function told(text: string): string {
  const errors: Parameters<typeof jsonFault>[1][] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  return first ? placedJsonFault(jsonFault(text, first)) : 'JSON';
}

describe('a text that is not JSON', () => {
  test.each([
    ['{ "name": ', 'line 1, column 11: a value is missing after the colon'],
    ['{\r\n"a":\r\n}', 'line 3, column 1: a value is missing after the colon'],
    ['{"a":1 "b":2}', 'line 1, column 8: a comma is missing before this'],
    ['{\n"a": 1,\n"b"}', 'line 3, column 4: a colon is missing after the key'],
    ['{"a":1,}', 'line 1, column 8: a comma stands before }, after the last member'],
    ['[1,]', 'line 1, column 4: a value is missing after the comma'],
    ['{"a":1,\n]', 'line 2, column 1: a key between double quotes must stand here'],
    ['{a:1}', 'line 1, column 2: a is no JSON value: texts stand between double quotes'],
    ["{'a':1}", 'line 1, column 2: texts and keys stand between double quotes, not single ones'],
    ['{"a":tru}', 'line 1, column 6: tru is no JSON value: texts stand between double quotes'],
    ['{"a":"x', 'line 1, column 6: a text is not closed with " in its line'],
    ['{"a":"\\q"}', 'line 1, column 6: a text holds a \\ escape that JSON does not have'],
    ['{"a":"\\u12"}', 'line 1, column 6: a \\u escape needs four hexadecimal digits'],
    ['{"a":"\t"}', 'line 1, column 6: a text holds a control character, such as a tab, that must be written as an escape'],
    ['{"a":1e}', 'line 1, column 6: a number breaks off'],
    ['{"a":1}}', 'line 1, column 8: something follows the end of the document'],
    ['// c\n1', 'line 1, column 1: comments are not allowed in JSON'],
    ['/* c', 'line 1, column 1: comments are not allowed in JSON'],
    ['{', 'line 1, column 2: a } is missing: the text ends inside an object'],
    ['[1\n', 'line 2, column 1: a ] is missing: the text ends inside a list'],
    ['', 'line 1, column 1: the document is empty'],
    ['{"a": 1}', 'JSON'],
  ])('%j is told as %j', (text, words) => {
    expect(told(text)).toBe(words);
  });

  test('is placed inside the text, on one short line, never by the parser’s names', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '\n', "'", 'x'))
      .map(([text, at, put]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + put + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(broken, (text) => {
        const words = told(text);
        if (words === 'JSON') return;
        const [, line = '0', column = '0'] = /^line (\d+), column (\d+): [^\n]+$/.exec(words) ?? [];
        const lines = text.split(/\r\n|\n|\r/);
        expect(Number(line)).toBeGreaterThan(0);
        expect(Number(line)).toBeLessThanOrEqual(lines.length);
        expect(Number(column)).toBeGreaterThan(0);
        expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1] ?? '').length + 1);
        expect(words).not.toMatch(/Expected|Invalid|Unexpected/);
      }),
    );
  });
});
