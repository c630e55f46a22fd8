import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EDIT_REASONS, GATE_REASONS, INPUT_REASONS, ROLLOUT_REASONS } from '../../src/model/reason.ts';

const page = readFileSync('docs/reason-codes.md', 'utf8');
const documented = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((found) => found[1]);
const listed = [...GATE_REASONS, ...ROLLOUT_REASONS, ...EDIT_REASONS, ...INPUT_REASONS];

test('every reason code is documented once, and nothing else is', () => {
  expect([...documented].sort()).toEqual([...new Set(listed)].sort());
});

test('a code that is not marked reserved is what some test expects', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(ts|json)$/.test(path) && !/wide|contract/.test(path),
  );
  const texts = files.map((path) => readFileSync(`test/${path}`, 'utf8')).join('\n');
  // A code is a text by itself or the last word of one; in prose some of them are plain English.
  const expected = new Set(texts.match(/(?<=['"`]|['"`][\w -]* )[a-z]+(?:_[a-z]+)*(?=['"`])/g) ?? []);
  const reserved = [...page.matchAll(/^\| `([a-z_]+)` \| \*reserved/gm)].map((found) => found[1]);

  expect(documented.filter((code = '') => !reserved.includes(code) && !expected.has(code))).toEqual([]);
});

test('the four lists share no code', () => {
  expect(new Set(listed).size).toBe(listed.length);
});
