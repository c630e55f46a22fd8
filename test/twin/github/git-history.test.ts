import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { mergeTrees } from '../../../src/twin/github/git/combine.ts';
import { writeCommit } from '../../../src/twin/github/git/commit.ts';
import { arrivedIn, commitsBetween, isAncestor, log, logByDate, mergeBase } from '../../../src/twin/github/git/history.ts';
import { editTree } from '../../../src/twin/github/git/tree.ts';
import { build, git, planned, removeFolders, repository, words } from './made-up.ts';

afterAll(removeFolders);

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
    const by = { name: 'x', email: 'x@example.test', date: '2026-01-01T00:00:00Z' };
    const commit = (message: string, ...parents: string[]) =>
      writeCommit(at, {
        tree: editTree(at, null, [{ path: message, mode: '100644', sha: at.write('blob', Buffer.from('x')) }]),
        parents,
        author: by,
        committer: by,
        message,
      });
    const root = commit('root');
    const deep = commit('deep', root);
    const head = commit('head', deep);
    const main = commit('main', root);
    const merge = commit('merge', main, head);
    const tip = commit('tip', merge);
    expect([deep, head, main, merge, root].map((one) => arrivedIn(at, one, tip))).toEqual([merge, merge, main, merge, root]);
  });
});
