import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, document, folder, sluice } from './sluice.ts';

const JOB =
  '\ufeff{\r\n\t"n" : 1.0, // kept\r\n\t"new_cluster": {"spark_conf": {"a.b": "200"}, "num_workers": 4},\r\n\t"x": 1, "x": 2}\r\n';

beforeAll(build);

async function edited(text: string | Buffer, setting: string, name = 'job.json', json = false) {
  const file = `${folder({ [name]: text })}/${name}`;
  return sluice(['edit', file, '--set', setting, ...(json ? ['--json'] : [])]);
}

describe('sluice edit', () => {
  test.each([
    ['a number keeps its type', '/new_cluster/num_workers=8', '"num_workers": 4', '"num_workers": 8'],
    ['a value under spark_conf is always a string', '/new_cluster/spark_conf/a.b=400', '"200"', '"400"'],
    ['a key under spark_conf may be added', '/new_cluster/spark_conf/c=1', '"200"}', '"200", "c": "1"}'],
    ['the first = ends the pointer', '/new_cluster/spark_conf/a.b=k=v', '"200"', '"k=v"'],
  ])('%s, and every other byte stays', async (_, setting, before, after) => {
    const ended = await edited(JOB, setting);

    expect(ended.code).toBe(0);
    expect(ended.stdout).toBe(JOB.replace(before, after));
  });

  test('a key that stands twice elsewhere is kept and warned about', async () => {
    expect((await edited(JOB, '/new_cluster/num_workers=8')).stderr).toMatch(/\/x stands there 2 times/);
  });

  test('a .conf file is edited by its key, in its column', async () => {
    const { stdout } = await edited('a.b   1\nc.d   2\n', 'a.b=3', 'spark.conf');

    expect(stdout).toBe('a.b   3\nc.d   2\n');
  });

  test('the file itself is not written', async () => {
    const file = `${folder({ 'job.json': '{"a": 1}' })}/job.json`;
    await sluice(['edit', file, '--set', '/a=2']);

    expect(readFileSync(file, 'utf8')).toBe('{"a": 1}');
  });

  test('--json prints the edit and the text as one document', async () => {
    const ended = await edited('{"a": 1}\n', '/a=2', 'job.json', true);

    expect(document(ended)).toMatchObject({
      pointer: '/a',
      old: '1',
      new: '2',
      line: 1,
      added: [],
      warnings: [],
      text: '{"a": 2}\n',
    });
  });

  test.each([
    ['a pointer to nothing', '{"a": 1}', '/b=2', 1, 'pointer_missing'],
    ['a key that stands twice on the path', '{"a": {"b": 1}, "a": {"b": 2}}', '/a/b=3', 1, 'key_duplicate'],
    ['a value of another type', '{"a": 1}', '/a=many', 1, 'type_mismatch'],
    ['a map in place of a value', '{"a": {}}', '/a=1', 1, 'type_mismatch'],
    ['a file that is not JSON', '{\n"a": ]', '/a=1', 1, 'parse_failed'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), '/a=1', 1, 'parse_failed'],
    ['a malformed pointer', '{"a": 1}', 'a=1', 2, 'usage'],
    ['a malformed escape', '{"a": 1}', '/a~2=1', 2, 'usage'],
    ['no value', '{"a": 1}', '/a', 2, 'usage'],
    ['no pointer', '{"a": 1}', '=1', 2, 'usage'],
  ])('%s is refused with empty output', async (_, text, setting, code, reason) => {
    const ended = await edited(text, setting);
    const scripted = await edited(text, setting, 'job.json', true);

    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr).toMatch(/^sluice: .+\. .+\.\n$/);
    expect(document(scripted).error).toMatchObject({ code: reason, fix: expect.stringMatching(/./) });
  });

  test('what is wrong with a file stands behind its line, in plain words', async () => {
    const ended = await edited('{\n"a":\n}', '/a=1');

    expect(ended.stderr).toMatch(/job\.json:3: column 1: a value is missing after the colon\. Mend the syntax/);
  });

  test.each([
    ['a template', 'job.json.tmpl', '{"a": 1}', 1, 'no_surface'],
    [
      'a value that a bundle target overrides',
      'b.yml',
      'resources: {jobs: {j: {n: 1}}}\ntargets: {prod: {resources: {jobs: {j: {n: 2}}}}}\n',
      1,
      'value_shadowed',
    ],
  ])('%s is refused', async (_, name, text, code, reason) => {
    const ended = await edited(text, name === 'b.yml' ? '/resources/jobs/j/n=3' : '/a=2', name, true);

    expect(ended.code).toBe(code);
    expect(document(ended).error.code).toBe(reason);
  });

  test.each([
    [
      'where this file sets it',
      'variables: {n: {default: 1}}\ntargets:\n  prod: {variables: {n: 2}}\n  dev: {variables: {n: {default: 3}}}\n',
      'Set the variable n at /variables/n/default (line 1) or /targets/prod/variables/n (line 3) or /targets/dev/variables/n/default (line 4); every user of it changes.',
    ],
    [
      'that another file sets it',
      '',
      'Set the variable n in the file of the bundle that declares it, under variables; every user of it changes.',
    ],
  ])('a value that is a variable is refused, and the advice says %s', async (_, variables, fix) => {
    const ended = await edited(`${variables}a: \${var.n}\nb: n-\${var.n}\n`, '/a=3', 'b.yml', true);
    const within = await edited(`${variables}a: \${var.n}\nb: n-\${var.n}\n`, '/b=3', 'b.yml', true);

    expect([ended.code, ended.stderr]).toEqual([1, '']);
    expect(document(ended).error).toMatchObject({ code: 'interpolated', fix });
    expect(document(within).error).toMatchObject({ code: 'interpolated', fix: 'Edit the variable that it names.' });
  });

  test('a missing file and a second --set are wrong usage', async () => {
    const missing = await sluice(['edit', 'nowhere.json', '--set', '/a=1', '--json']);
    const twice = await sluice(['edit', 'package.json', '--set', '/a=1', '--set', '/b=1', '--json']);

    expect([missing.code, document(missing).error.code]).toEqual([2, 'file_missing']);
    expect([twice.code, document(twice).error.code]).toEqual([2, 'usage']);
  });
});
