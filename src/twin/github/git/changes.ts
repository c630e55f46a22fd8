import { readCommit } from './commit.ts';
import type { Repository } from './repository.ts';
import { readTree, TREE_MODE, type TreeEntry, walkTree } from './tree.ts';

/** One path that differs between two trees; null is a side that has nothing there. */
export interface Changed {
  readonly path: string;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
}

/** What differs between two commits or trees, in git's order; null for `from` is the empty tree. Folders that are the same are not opened. */
export function changedPaths(repository: Repository, from: string | null, to: string): readonly Changed[] {
  const found = compareTrees(repository, from === null ? null : treeOf(repository, from), treeOf(repository, to), '');
  const keyed = found.map((change) => ({ change, key: Buffer.from(change.path) }));
  return keyed.sort((one, other) => Buffer.compare(one.key, other.key)).map(({ change }) => change);
}

function treeOf(repository: Repository, id: string): string {
  return readCommit(repository, id)?.tree ?? id;
}

function compareTrees(repository: Repository, before: string | null, after: string | null, prefix: string): readonly Changed[] {
  if (before === after) return [];
  const entries = (id: string | null) =>
    new Map((id === null ? [] : (readTree(repository, id) ?? [])).map((one) => [one.path, one]));
  const [old, now] = [entries(before), entries(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? null, now.get(name) ?? null];
    if (was?.sha === is?.sha && was?.mode === is?.mode) return [];
    const path = prefix + name;
    if (was?.mode === TREE_MODE && is?.mode === TREE_MODE) return compareTrees(repository, was.sha, is.sha, `${path}/`);
    if (was?.mode !== TREE_MODE && is?.mode !== TREE_MODE) return [{ path, before: was, after: is }];
    const gone = leaves(repository, was, path).map((entry) => ({ path: entry.path, before: entry, after: null }));
    return [...gone, ...leaves(repository, is, path).map((entry) => ({ path: entry.path, before: null, after: entry }))];
  });
}

/** The entry itself, or everything below it that is no folder. */
function leaves(repository: Repository, entry: TreeEntry | null, path: string): readonly TreeEntry[] {
  if (entry === null) return [];
  if (entry.mode !== TREE_MODE) return [{ ...entry, path }];
  return walkTree(repository, entry.sha, `${path}/`).filter((one) => one.mode !== TREE_MODE);
}
