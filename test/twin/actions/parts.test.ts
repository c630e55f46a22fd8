// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions look like that
import { expect, test } from 'vitest';
import { readCommandFile } from '../../../src/twin/actions/command-file.ts';
import { evaluate, fill, holds } from '../../../src/twin/actions/expression.ts';
import { mask } from '../../../src/twin/actions/mask.ts';
import { subjectOf } from '../../../src/twin/actions/oidc.ts';
import { fits } from '../../../src/twin/actions/trigger.ts';

const contexts = {
  github: { ref: 'refs/heads/main', event: { issue: { pull_request: null, labels: ['a', 'b'] } } },
  vars: { Host: 'dbx' },
  inputs: { on: false },
};

test.each([
  ["github.ref == 'refs/heads/main'", true],
  ["github.ref == 'REFS/heads/main'", true],
  ["startsWith(github.ref, 'refs/tags/')", false],
  ["contains(github.event.issue.labels, 'b') && !inputs.on", true],
  ["github.event.issue.pull_request || 'none'", 'none'],
  ['vars.HOST', 'dbx'],
  ["vars['host']", 'dbx'],
  ["format('{0}-{1}', 'a', 2)", 'a-2'],
  ['missing.deep.down', null],
  ["'it''s'", "it's"],
  ['(1 == 1) != false', true],
])('%s is %s', (source, value) => {
  expect(evaluate(source, contexts)).toEqual(value);
});

test('text keeps what is no expression', () => {
  expect(fill('a ${{ vars.HOST }} b ${{ missing.x }}.', contexts)).toBe('a dbx b .');
  expect(holds('${{ inputs.on }}', contexts)).toBe(false);
  expect(() => evaluate('1 +', contexts)).toThrow('cannot read');
});

test('a command file has short and long values', () => {
  expect(readCommandFile('a=1\nb<<E\nx\ny=2\nE\nc=\n')).toEqual({ a: '1', b: 'x\ny=2', c: '' });
  expect(() => readCommandFile('b<<E\nx\n')).toThrow('no end');
});

test('masks cover longer secrets first, each line of a key, and announced ones', () => {
  expect(mask('abc abcdef', ['abc', 'abcdef'])).toBe('*** ***');
  expect(mask('x one y', ['one\ntwo'])).toBe('x *** y');
  expect(mask('::add-mask::zzz\nzzz', [''])).toBe('::add-mask::***\n***');
});

test.each([
  ['main', 'main', true],
  ['release/*', 'release/1', true],
  ['release/*', 'release/1/2', false],
  ['jobs/**', 'jobs/a/b.json', true],
  ['**/*.json', 'a.json', true],
  ['m.in', 'main', false],
])('the pattern %s on %s is %s', (pattern, name, value) => {
  expect(fits(pattern, name)).toBe(value);
});

test('a subject names the environment, else the ref or the pull request', () => {
  const claims = { repository: 'o/r', ref: 'refs/heads/main', event_name: 'push' };
  expect(subjectOf(claims)).toBe('repo:o/r:ref:refs/heads/main');
  expect(subjectOf({ ...claims, event_name: 'pull_request' })).toBe('repo:o/r:pull_request');
  expect(subjectOf({ ...claims, environment: 'prod' })).toBe('repo:o/r:environment:prod');
});
