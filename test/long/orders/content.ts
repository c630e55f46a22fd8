import { fileAt } from '../../../src/twin/checkout.ts';
import { changedPaths } from '../../../src/twin/github/git/changes.ts';
import { readCommit } from '../../../src/twin/github/git/commit.ts';
import { mergeBase } from '../../../src/twin/github/git/history.ts';
import { readRef } from '../../../src/twin/github/git/refs.ts';
import type { Repository } from '../../../src/twin/github/git/repository.ts';
import { JOB_FILE } from './job.ts';

/** Two commits, and what changes from one to the other. */
export type Range = readonly [string, string];

/** Whether two ranges change the same paths from the same to the same. */
export function sameContent(git: Repository, from: Range, other: Range): boolean {
  const told = ([base, head]: Range) =>
    JSON.stringify(
      changedPaths(git, base, head).map(({ path, before, after }) => [path, before?.sha, before?.mode, after?.sha, after?.mode]),
    );
  return told(from) === told(other);
}

export function pathsIn(git: Repository, [base, head]: Range): readonly string[] {
  return changedPaths(git, base, head).map(({ path }) => path);
}

export function baseOf(git: Repository, head: string, base: string): string {
  return mergeBase(git, base, head) ?? base;
}

export function mainOf(git: Repository): string {
  return readRef(git, 'refs/heads/main') ?? '';
}

export function headOf(git: Repository, pull: number): string {
  return readRef(git, `refs/pull/${pull}/head`) ?? '';
}

/** The commits of main by their first parents, newest first. */
export function mainLine(git: Repository): readonly string[] {
  return firstParents(git, mainOf(git));
}

/** A commit and its first parents, newest first. */
export function firstParents(git: Repository, from: string): readonly string[] {
  const line: string[] = [];
  for (let at: string | undefined = from; at; at = readCommit(git, at)?.parents[0]) line.push(at);
  return line;
}

export function partitionsAt(git: Repository, commit: string): string | null {
  return partitionsIn(fileAt(git, commit, JOB_FILE) ?? '');
}

export function partitionsIn(text: string): string | null {
  return /spark\.sql\.shuffle\.partitions\\?": ?\\?"(\d+)/.exec(text)?.[1] ?? null;
}
