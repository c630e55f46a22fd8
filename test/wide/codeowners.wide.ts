import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Codeowners from 'codeowners';
import { expect, onTestFinished, test } from 'vitest';
import { ownersOf, parseCodeowners } from '../../src/core/codeowners.ts';

/** Who owns a path by one line, read by npm's `codeowners`. */
function theirs(line: string, path: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'codeowners-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'CODEOWNERS'), `${line}\n`);
  return new Codeowners(folder).getOwner(path);
}

function ours(line: string, path: string): readonly string[] {
  return ownersOf(parseCodeowners(`${line}\n`), path).owners;
}

const MINE = ['@olga'];

test.each([
  ['* @olga', 'a/b.txt', MINE],
  ['*.js @olga', 'a/b.js', MINE],
  ['/build/logs/ @olga', 'build/logs/x/y', MINE],
  ['/build/logs/ @olga', 'a/build/logs/x', []],
  ['apps/ @olga', 'x/apps/y', MINE],
  ['/docs/ @olga', 'docs/a/b.md', MINE],
  ['**/logs @olga', 'a/b/logs/x', MINE],
] as const)('%j for %s is read alike', (line, path, owners) => {
  expect([ours(line, path), theirs(line, path)]).toEqual([owners, owners]);
});

/** GitHub documents each of these, so ours is right; npm's reader takes a line for one of a .gitignore. */
test.each([
  ['a star at the end owns the files of the folder alone', 'docs/* @olga', 'docs/a/b.md', []],
  ['paths are case-sensitive', '/jobs/*.json @olga', 'JOBS/a.json', []],
  ['a comment ends the line', '*.js @olga # the front end', 'a.js', MINE],
] as const)('%s, to GitHub and to us: %j for %s', (_, line, path, owners) => {
  expect(ours(line, path)).toEqual(owners);
  expect(theirs(line, path)).not.toEqual(owners);
});
