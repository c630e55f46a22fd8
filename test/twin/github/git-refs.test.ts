import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { writeCommit } from '../../../src/twin/github/git/commit.ts';
import { isRefName, listRefs, readRef, writeRef } from '../../../src/twin/github/git/refs.ts';
import { forgetRepository, openRepository } from '../../../src/twin/github/git/repository.ts';
import { editTree } from '../../../src/twin/github/git/tree.ts';
import { stage } from '../../support/github.ts';
import { folder, git, removeFolders, repository, words } from './made-up.ts';

afterAll(removeFolders);

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
    const clone = folder('clone');
    execFileSync('git', ['clone', '--quiet', gitDir, clone]);
    const inClone = (...args: string[]) =>
      execFileSync('git', ['-C', clone, '-c', 'user.name=x', '-c', 'user.email=x@example.test', ...args], { encoding: 'utf8' });
    expect(words(inClone('log', '--format=%s'))).toHaveLength(3);
    inClone('commit', '--quiet', '--allow-empty', '-m', 'from a clone');
    inClone('push', '--quiet', 'origin', 'HEAD:refs/heads/pushed');
    const pushed = await on.app.rest.repos.getCommit({ ...on.at, ref: 'pushed' });
    expect(pushed.data.commit.message).toBe('from a clone');
  }
  const [first, second] = made.map((on) => git(openRepository(on.twin.gitDir), 'config', '--list'));
  expect(second).toBe(first);
});

test('readers of one repository share it until it is forgotten', () => {
  const at = repository();
  expect(openRepository(at.dir)).toBe(at);
  forgetRepository(at.dir);
  expect(openRepository(at.dir)).not.toBe(at);
});
