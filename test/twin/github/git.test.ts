import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { mergeTrees } from '../../../src/twin/github/git/combine.ts';
import { writeCommit } from '../../../src/twin/github/git/commit.ts';
import { diffFiles } from '../../../src/twin/github/git/diff.ts';
import { arrivedIn, commitsBetween, isAncestor, log, logByDate, mergeBase } from '../../../src/twin/github/git/history.ts';
import { simplePatch } from '../../../src/twin/github/git/patch.ts';
import { isRefName, listRefs, readRef, writeRef } from '../../../src/twin/github/git/refs.ts';
import { createRepository, forgetRepository, type Repository } from '../../../src/twin/github/git/repository.ts';
import { editTree } from '../../../src/twin/github/git/tree.ts';
import { stage } from '../../support/github.ts';

/** Everything here is held against git itself, on the same repository. */
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function repository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'twin-git-'));
  folders.push(folder);
  return createRepository(folder);
}

function git(at: Repository, ...args: readonly string[]): string {
  return execFileSync('git', ['--git-dir', at.dir, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

const words = (text: string) => text.split('\n').filter((line) => line !== '');

/** One commit of a made-up history: which earlier ones it continues, how many seconds later, and what it changes. */
const planned = fc.array(
  fc.record({
    parents: fc.array(fc.nat(1000), { minLength: 1, maxLength: 2 }),
    later: fc.constantFrom(0, 0, 1, 5),
    path: fc.constantFrom('a', 'b', 'dir/c', 'dir/d'),
    text: fc.constantFrom('1\n', '2\n', null),
  }),
  { minLength: 3, maxLength: 14 },
);
type Planned = typeof planned extends fc.Arbitrary<infer Value> ? Value : never;

function build(at: Repository, plan: Planned): readonly string[] {
  const made: { sha: string; tree: string; time: number }[] = [];
  for (const [index, step] of plan.entries()) {
    const parents =
      index === 0 ? [] : [...new Set(step.parents.map((parent) => parent % index))].flatMap((one) => made[one] ?? []);
    const time = Math.max(1_700_000_000, ...parents.map((parent) => parent.time)) + step.later;
    const edit = { path: step.path, mode: '100644', sha: step.text === null ? null : at.write('blob', Buffer.from(step.text)) };
    const tree = editTree(at, parents[0]?.tree ?? null, [edit]);
    const by = { name: 'x', email: 'x@example.test', date: new Date(time * 1000).toISOString() };
    const message = `commit ${index}`;
    made.push({
      sha: writeCommit(at, { tree, parents: parents.map((one) => one.sha), author: by, committer: by, message }),
      tree,
      time,
    });
  }
  return made.map((one) => one.sha);
}

describe('the history that the twin reads by itself is the one that git reads', () => {
  const shared = repository();

  test('in order, by path and by time', () => {
    fc.assert(
      fc.property(planned, (plan) => {
        const tip = build(shared, plan).at(-1) ?? '';
        for (const path of [null, 'a', 'dir', 'dir/c', 'ghost']) {
          const limit = path === null ? [] : ['--', path];
          expect(log(shared, tip, path)).toEqual(words(git(shared, 'rev-list', '--topo-order', tip, ...limit)));
          expect(logByDate(shared, tip, path)).toEqual(words(git(shared, 'rev-list', tip, ...limit)));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('between two commits, with their best common ancestor', () => {
    fc.assert(
      fc.property(planned, fc.nat(1000), (plan, pick) => {
        const made = build(shared, plan);
        const [one = '', other = ''] = [made[pick % made.length], made.at(-1)];
        const between = ['rev-list', '--reverse', '--topo-order', `${one}..${other}`];
        expect(commitsBetween(shared, one, other)).toEqual(words(git(shared, ...between)));
        expect(mergeBase(shared, one, other) ?? '').toBe(
          spawnSync('git', ['--git-dir', shared.dir, 'merge-base', one, other], { encoding: 'utf8' }).stdout.trim(),
        );
        const asked = ['--git-dir', shared.dir, 'merge-base', '--is-ancestor', one, other];
        expect(isAncestor(shared, one, other)).toBe(spawnSync('git', asked).status === 0);
      }),
      { numRuns: 25 },
    );
  });

  test('as are the trees of merges', () => {
    fc.assert(
      fc.property(planned, fc.nat(1000), (plan, pick) => {
        const made = build(shared, plan);
        const [one = '', other = ''] = [made[pick % made.length], made.at(-1)];
        if (mergeBase(shared, one, other) === null) return;
        const asked = ['--git-dir', shared.dir, 'merge-tree', '--write-tree', one, other];
        const told = spawnSync('git', asked, { encoding: 'utf8' });
        expect(mergeTrees(shared, one, other)).toBe(told.status === 0 ? told.stdout.split('\n')[0] : null);
      }),
      { numRuns: 25 },
    );
  });

  test('and a commit arrives where the first-parent line first contains it, however deep it came in', () => {
    const at = repository();
    const step = (parents: number[], path: string) => ({ parents, later: 1, path, text: `${path}\n` }) as const;
    const by = { name: 'x', email: 'x@example.test', date: '2026-01-01T00:00:00Z' };
    const commit = (message: string, ...parents: string[]) =>
      writeCommit(at, {
        tree: editTree(at, null, [{ path: message, mode: '100644', sha: at.write('blob', Buffer.from('x')) }]),
        parents,
        author: by,
        committer: by,
        message,
      });
    expect(step([0], 'a').parents).toEqual([0]);
    const root = commit('root');
    const deep = commit('deep', root);
    const head = commit('head', deep);
    const main = commit('main', root);
    const merge = commit('merge', main, head);
    const tip = commit('tip', merge);
    expect([deep, head, main, merge, root].map((one) => arrivedIn(at, one, tip))).toEqual([merge, merge, main, merge, root]);
  });
});

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

describe('refs that the twin writes', () => {
  test('are refs to git, and leave nothing behind when they are deleted', () => {
    const at = repository();
    const by = { name: 'x', email: 'x@example.test', date: '2026-01-01T00:00:00Z' };
    const sha = writeCommit(at, { tree: editTree(at, null, []), parents: [], author: by, committer: by, message: 'x' });
    writeRef(at, 'refs/heads/main', sha);
    writeRef(at, 'refs/heads/fix/one/two', sha);
    expect(words(git(at, 'for-each-ref', '--format=%(refname) %(objectname)'))).toEqual([
      `refs/heads/fix/one/two ${sha}`,
      `refs/heads/main ${sha}`,
    ]);
    writeRef(at, 'refs/heads/fix/one/two', null);
    expect(readRef(at, 'refs/heads/fix/one/two')).toBeNull();
    writeRef(at, 'refs/heads/fix', sha);
    expect(listRefs(at, 'refs/heads/').map((one) => one.ref)).toEqual(['refs/heads/fix', 'refs/heads/main']);
    expect(git(at, 'rev-parse', 'HEAD').trim()).toBe(sha);
  });

  test.each([
    'heads/main',
    'refs/../config',
    'refs/heads/a..b',
    'refs/heads/.a',
    'refs/heads/a.lock',
    'refs/heads/a.lock/b',
    'refs/heads/a b',
  ])('are never called %s', (name) => {
    expect(isRefName(name)).toBe(false);
    expect(() => writeRef(repository(), name, 'a'.repeat(40))).toThrow('no name of a ref');
  });
});

test('a second world has a repository as good as the first, which git can check, clone and push to', async () => {
  const made = [await stage(), await stage()];
  for (const on of made) {
    await on.branch('fix', { 'a.txt': 'a\n' });
    const pull = await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
    await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: pull.data.number });
    const { gitDir } = on.twin;
    expect(execFileSync('git', ['--git-dir', gitDir, 'fsck', '--strict', '--no-dangling'], { encoding: 'utf8' })).toBe('');
    const clone = mkdtempSync(join(tmpdir(), 'twin-clone-'));
    folders.push(clone);
    execFileSync('git', ['clone', '--quiet', gitDir, clone]);
    const inClone = (...args: string[]) =>
      execFileSync('git', ['-C', clone, '-c', 'user.name=x', '-c', 'user.email=x@example.test', ...args], { encoding: 'utf8' });
    expect(words(inClone('log', '--format=%s'))).toHaveLength(3);
    inClone('commit', '--quiet', '--allow-empty', '-m', 'from a clone');
    inClone('push', '--quiet', 'origin', 'HEAD:refs/heads/pushed');
    const pushed = await on.app.rest.repos.getCommit({ ...on.at, ref: 'pushed' });
    expect(pushed.data.commit.message).toBe('from a clone');
  }
  expect(git({ ...repository(), dir: made[1]?.twin.gitDir ?? '' }, 'config', '--list')).toBe(
    git({ ...repository(), dir: made[0]?.twin.gitDir ?? '' }, 'config', '--list'),
  );
});

test('what was forgotten is opened anew', () => {
  const at = repository();
  forgetRepository(at.dir);
  const id = at.write('blob', Buffer.from('x'));
  expect(at.read(id)?.content.toString()).toBe('x');
});
