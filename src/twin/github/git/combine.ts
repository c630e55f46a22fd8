import { type Commit, readCommit, type Signature, writeCommit } from './commit.ts';
import { commitsBetween, isAncestor, mergeBase } from './history.ts';
import type { Repository } from './repository.ts';

/** The tree of a three-way merge; null when it conflicts. Where one side contains the other there is nothing to merge. */
export function mergeTrees(repository: Repository, ours: string, theirs: string): string | null {
  if (isAncestor(repository, ours, theirs)) return readCommit(repository, theirs)?.tree ?? null;
  if (isAncestor(repository, theirs, ours)) return readCommit(repository, ours)?.tree ?? null;
  const found = repository.test(['merge-tree', '--write-tree', ours, theirs]);
  return found.yes ? (found.output.split('\n')[0] ?? null) : null;
}

export interface Combination {
  readonly base: string;
  readonly head: string;
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** A merge commit of base and head; null on a conflict. */
export function mergeCommit(repository: Repository, of: Combination): string | null {
  const tree = mergeTrees(repository, of.base, of.head);
  if (tree === null) return null;
  const { author, committer, message } = of;
  return writeCommit(repository, { tree, parents: [of.base, of.head], author, committer, message });
}

/** The whole difference as one commit on base; null on a conflict. */
export function squashCommit(repository: Repository, of: Combination): string | null {
  const tree = mergeTrees(repository, of.base, of.head);
  if (tree === null) return null;
  const { author, committer, message } = of;
  return writeCommit(repository, { tree, parents: [of.base], author, committer, message });
}

/** Every commit of head that is no merge, replayed on base; null on a conflict. */
export function rebaseCommits(repository: Repository, of: Combination): string | null {
  const fork = mergeBase(repository, of.base, of.head);
  let tip = of.base;
  for (const sha of fork === null ? [] : commitsBetween(repository, fork, of.head)) {
    const commit = readCommit(repository, sha);
    if (commit === null || commit.parents.length !== 1) continue;
    const next = replay(repository, commit, tip, of.committer);
    if (next === null) return null;
    tip = next;
  }
  return tip;
}

/** git 2.39 knows no `merge-tree --merge-base`, so a commit that never gets a name puts `onto`'s tree beside the picked one. */
function replay(repository: Repository, commit: Commit, onto: string, committer: Signature): string | null {
  const target = readCommit(repository, onto);
  if (target === null) return null;
  const beside = writeCommit(repository, { ...commit, tree: target.tree, message: 'beside' });
  const tree = mergeTrees(repository, beside, commit.sha);
  if (tree === null) return null;
  return writeCommit(repository, { ...commit, tree, parents: [onto], committer });
}
