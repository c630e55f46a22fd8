import { expect, test } from 'vitest';
import { parseEntry } from '../../src/schema/history.ts';

const at = '2026-11-23T03:00:00.000Z';
const merged = { what: 'merged', at, pull: 12, merge: 'c'.repeat(40) };

test('a merge that was noted before approvers and status were kept is still a merge', () => {
  expect(parseEntry(merged)).toEqual({ ...merged, approvers: [], status: null });
});

test('a merge is read with who approved it and where its status stands', () => {
  const whole = { ...merged, approvers: ['olga'], status: 900 };
  expect(parseEntry(whole)).toEqual(whole);
});

test('an entry that this version does not know is no entry', () => {
  expect(parseEntry({ what: 'else', at })).toBeNull();
});
