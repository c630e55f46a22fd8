import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EDIT_REASONS, GATE_REASONS, INPUT_REASONS, ROLLOUT_REASONS } from '../../src/model/reason.ts';

const page = readFileSync('docs/reason-codes.md', 'utf8');
const documented = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((found) => found[1]);
const listed = [...GATE_REASONS, ...ROLLOUT_REASONS, ...EDIT_REASONS, ...INPUT_REASONS];

test('every reason code is documented once, and nothing else is', () => {
  expect([...documented].sort()).toEqual([...new Set(listed)].sort());
});

test('the four lists share no code', () => {
  expect(new Set(listed).size).toBe(listed.length);
});
