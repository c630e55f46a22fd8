import { describe, expect, test } from 'vitest';
import { usesOf, variableIn } from '../../../src/core/bundle/use.ts';
import { formatSelector } from '../../../src/core/selector.ts';
import { use } from '../../support/bundle.ts';

function usesIn(text: string, path = 'a.yml', name = 'x'): readonly (readonly (string | boolean)[])[] | string {
  const found = usesOf(name, [{ path, text }]);
  if (!found.ok) return found.reason.code;
  return found.value.map(({ pointer, steps, alone }) => [pointer, steps ? formatSelector(steps) : 'unnamed', alone]);
}

describe('the users of a variable', () => {
  test.each<readonly [string, string, ReturnType<typeof usesIn>]>([
    ['a whole value', `a: ${use('x')}\n`, [['/a', 'a', true]]],
    [
      'a value in quotes',
      `a: "${use('x')}"\nb: '${use('x')}'\n`,
      [
        ['/a', 'a', true],
        ['/b', 'b', true],
      ],
    ],
    ['a value written with escapes', 'a: "\\u0024{var.x}"\n', [['/a', 'a', true]]],
    ['a longer text', `a: n-${use('x')}\n`, [['/a', 'a', false]]],
    [
      'a field or an element of it',
      `a: ${use('x.y')}\nb: ${use('x[0]')}\n`,
      [
        ['/a', 'a', false],
        ['/b', 'b', false],
      ],
    ],
    [
      'ways that the tool leaves alone',
      `a: '\${var["x"]}'\nb: \${var .x}\nc: \${ var.x }\n`,
      ['/a', '/b', '/c'].map((at) => [at, at.slice(1), false]),
    ],
    ['the long way to write it', `a: \${variables.x.value}\n`, [['/a', 'a', false]]],
    [
      'an element by its natural key',
      `tasks: [{task_key: t, a: "${use('x')}"}]\n`,
      [['/tasks/0/a', 'tasks[task_key=t].a', true]],
    ],
    [
      'an element of two with one key',
      `tasks: [{task_key: t, a: "${use('x')}"}, {task_key: t}]\n`,
      [['/tasks/0/a', 'unnamed', true]],
    ],
    ['an element of another list', `libraries: [{jar: "${use('x')}"}]\n`, [['/libraries/0/jar', 'unnamed', true]]],
    ['a key', `? "${use('x')}"\n: 1\n`, [[`/\${var.x}`, 'unnamed', false]]],
    ['lines of a block', `a: |\n  one\n  ${use('x')}\n`, [['/a', 'a', false]]],
    ['an anchor that carries it on', `a: &v ${use('x')}\nb: *v\n`, [['/a', 'a', false]]],
    ['a map that a merge key carries on', `a: &v {b: "${use('x')}"}\nc: {<<: *v}\n`, [['/a/b', 'a.b', false]]],
    ['a comment', `a: 1 # ${use('x')}\n`, []],
    ['what stands behind it', `a: \${var.y} x\nb: \${var.y}.x\n`, []],
    ['another variable', `a: ${use('xy')}\nb: ${use('x-y')}\nc: ${use('y')}\nd: var.x\n`, []],
  ])('are found in %s', (_, text, wanted) => {
    expect(usesIn(text)).toEqual(wanted);
  });

  test('are found in JSON, and in files that only the bundle’s own tool could fill in', () => {
    expect(usesIn(`{"a": "${use('x')}"}`, 'a.json')).toEqual([['/a', 'a', true]]);
    expect(usesIn(`x = "${use('x')}"`, 'a.py')).toEqual([['', 'unnamed', false]]);
    expect(usesIn(`x ${use('x')}`, 'a.conf')).toEqual([['', 'unnamed', false]]);
    expect(usesIn(`x = "${use('y')}"`, 'a.py')).toEqual([]);
  });

  test('are not told of a file that cannot be read', () => {
    expect(usesIn('a: {{ x }}\n')).toBe('parse_failed');
  });

  test('of a variable with an odd name are those of that name alone', () => {
    expect(usesIn(`a: \${var.xyz}\nb: \${var.x.z}\n`, 'a.yml', 'x.z')).toEqual([['/b', 'b', false]]);
  });
});

test.each([
  [use('max_workers'), 'max_workers'],
  [use('max-workers2'), 'max-workers2'],
  [use('a.b'), null],
  [use('a[0]'), null],
  [` ${use('a')}`, null],
  [`${use('a')}${use('a')}`, null],
  [`\${bundle.name}`, null],
  ['var.a', null],
])('%s is the variable %s', (text, name) => {
  expect(variableIn(text)).toBe(name);
});
