import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { diffFiles } from '../../../src/twin/github/git/diff.ts';
import { simplePatch } from '../../../src/twin/github/git/patch.ts';
import { editTree } from '../../../src/twin/github/git/tree.ts';
import { build, git, planned, removeFolders, repository, words } from './made-up.ts';

afterAll(removeFolders);

describe('a patch that the twin writes by itself is the one that git writes', () => {
  const at = repository();
  const line = fc.constantFrom(
    '{\n',
    '}\n',
    '  "a": 1,\n',
    '  "b": 2,\n',
    'name:\n',
    '\n',
    'Größe\r\n',
    '  x\n',
    'long enough to be named\n',
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', 'end', '}'))
    .map(([lines, end]) => lines.join('') + end);
  /** An edited copy, so that most of it stays, with some lines that were nowhere before. */
  const edited = fc
    .tuple(text, fc.array(fc.tuple(fc.nat(29), fc.constantFrom('  "new": 7,\n', 'fresh\n', '', '}\n')), { maxLength: 4 }))
    .map(([before, edits]) => {
      const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      for (const [place, next] of edits) lines.splice(place % (lines.length + 1), 1, next);
      return [before, lines.join('')] as const;
    });

  function ofGit(before: string, after: string): string | null {
    const [old, now] = [at.write('blob', Buffer.from(before)), at.write('blob', Buffer.from(after))];
    const told = git(at, 'diff', '--no-color', old, now);
    const start = told.indexOf('\n@@ ');
    return start < 0 ? null : told.slice(start + 1).replace(/\n$/, '');
  }

  test('whenever it writes one', () => {
    let written = 0;
    fc.assert(
      fc.property(edited, ([before, after]) => {
        const ours = simplePatch(Buffer.from(before), Buffer.from(after));
        if (ours === undefined) return;
        written++;
        expect(ours).toBe(ofGit(before, after));
      }),
      { numRuns: 150 },
    );
    expect(written).toBeGreaterThan(30);
  });

  test.each([
    ['', 'a\nb\n'],
    ['a\n', ''],
    ['a', 'a\n'],
    ['a\nb\n', 'a\nb'],
    [
      Array.from({ length: 40 }, (_, index) => `${index}\n`).join(''),
      Array.from({ length: 40 }, (_, index) => (index % 9 === 4 ? `x${index}\n` : `${index}\n`)).join(''),
    ],
    ['function one() {\n\n\n\n\n  a\n}\n', 'function one() {\n\n\n\n\n  b\n}\n'],
    ['x\0y', 'z\0y'],
  ])('for %j to %j', (before, after) => {
    expect(simplePatch(Buffer.from(before), Buffer.from(after)) ?? null).toBe(ofGit(before, after));
  });

  test('and where git has a choice, git is asked', () => {
    expect(simplePatch(Buffer.from('a\nb\n'), Buffer.from('a\nb\na\nb\n'))).toBeUndefined();
    const tree = (files: Readonly<Record<string, string>>) =>
      editTree(
        at,
        null,
        Object.entries(files).map(([path, content]) => ({ path, mode: '100644', sha: at.write('blob', Buffer.from(content)) })),
      );
    const moved = diffFiles(
      at,
      tree({ 'old.txt': 'same\n'.repeat(20), z: 'a\nb\n' }),
      tree({ 'new.txt': 'same\n'.repeat(20), z: 'a\nb\na\nb\n' }),
    );
    expect(moved.map(({ path, previous, status }) => [path, previous, status])).toEqual([
      ['new.txt', 'old.txt', 'renamed'],
      ['z', null, 'modified'],
    ]);
    expect(moved[1]?.patch).toBe('@@ -1,2 +1,4 @@\n a\n b\n+a\n+b');
  });

  test('files come in the order of git, with their status', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const made = build(at, plan);
        const [from = '', to = ''] = [made[0], made.at(-1)];
        const told = words(git(at, 'diff', '--name-status', '-M', from, to)).map((row) => row.split('\t').at(-1));
        expect(diffFiles(at, from, to).map((file) => file.path)).toEqual(told);
      }),
      { numRuns: 15 },
    );
  });
});
