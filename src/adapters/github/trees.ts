import type { TreeEntryChange } from '../../model/gate.ts';
import type { GithubReads } from './reads.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

const NOTHING: TreeEntry = { mode: '000000', id: '0'.repeat(40) };
/** Most folders walked one by one when GitHub truncates a tree. */
const MOST_FOLDERS = 2000;

/** Trees of this many commits are kept; what an object id names never changes. */
const MOST_KEPT = 200;

type Entries = ReadonlyMap<string, TreeEntry>;
type ReadTree = (id: string, recursive: boolean) => Promise<ListedTree | null>;

/** Trees by commit. Commits that have the same content have the same tree, which is then read once. */
export interface Trees {
  /** Every file by path: blobs, links and submodules alike. Throws when GitHub cannot give the whole tree. */
  of(commit: string): Promise<Entries>;
  /** Another answer showed in passing which tree a commit has. */
  learn(commit: string, tree: string): void;
}

export function treesOf(read: ReadTree): Trees {
  const ids = new Map<string, string>();
  const kept = new Map<string, Promise<Entries>>();
  const load = async (commit: string): Promise<Entries> => {
    const id = ids.get(commit) ?? commit;
    const tree = await read(id, true);
    if (!tree) throw new Error(`no tree of ${commit}`);
    ids.set(commit, tree.sha);
    return tree.truncated ? walk(read, tree.sha) : entriesOf(tree.tree, '');
  };
  return {
    learn: (commit, tree) => void ids.set(commit, tree),
    async of(commit) {
      const before = kept.get(ids.get(commit) ?? commit);
      if (before) return before;
      const loading = load(commit);
      kept.set(ids.get(commit) ?? commit, loading);
      loading.then(
        () => kept.set(ids.get(commit) ?? commit, loading),
        () => kept.delete(ids.get(commit) ?? commit),
      );
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? commit);
      return loading;
    },
  };
}

/** Every file of a commit by path. */
export function treeOf(reads: GithubReads, commit: string): Promise<Entries> {
  return reads.trees.of(commit);
}

/** Both sides of every path that differs, sorted; without rename detection, so nothing is guessed. */
export function deltaOf(before: ReadonlyMap<string, TreeEntry>, after: ReadonlyMap<string, TreeEntry>): TreeEntryChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, next] = [before.get(path) ?? NOTHING, after.get(path) ?? NOTHING];
    if (old.mode === next.mode && old.id === next.id) return [];
    return [{ path, oldMode: old.mode, oldId: old.id, newMode: next.mode, newId: next.id }];
  });
}

/** Folder by folder, for a repository too large for one recursive answer. */
async function walk(read: ReadTree, root: string): Promise<Entries> {
  const all = new Map<string, TreeEntry>();
  const folders = [{ sha: root, prefix: '' }];
  for (let walked = 0; folders.length > 0; walked++) {
    if (walked >= MOST_FOLDERS) throw new Error(`more than ${MOST_FOLDERS} folders in ${root}`);
    const folder = folders.pop();
    if (!folder) break;
    const tree = await read(folder.sha, false);
    if (!tree || tree.truncated) throw new Error(`the tree of ${folder.prefix || root} is incomplete`);
    for (const [path, entry] of entriesOf(tree.tree, folder.prefix)) all.set(path, entry);
    for (const entry of tree.tree)
      if (entry.type === 'tree' && entry.sha) folders.push({ sha: entry.sha, prefix: `${folder.prefix}${entry.path}/` });
  }
  return all;
}

interface ListedTree {
  readonly sha: string;
  readonly truncated: boolean;
  readonly tree: readonly ListedEntry[];
}

interface ListedEntry {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly sha?: string | null;
}

function entriesOf(tree: readonly ListedEntry[], prefix: string): ReadonlyMap<string, TreeEntry> {
  const found = new Map<string, TreeEntry>();
  for (const { path, mode, type, sha } of tree) {
    if (type === 'tree') continue;
    if (!path || !mode || !sha) throw new Error('a tree entry without path, mode or id');
    found.set(`${prefix}${path}`, { mode, id: sha });
  }
  return found;
}

/** What a head changes against its merge base with `base`. Throws when they have no common history. */
export async function deltaFromMergeBase(reads: GithubReads, base: string, head: string): Promise<TreeEntryChange[]> {
  const compared = await reads.get('GET /repos/{owner}/{repo}/compare/{basehead}', {
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  if (!compared) throw new Error(`${base} and ${head} have no common history`);
  return deltaBetween(reads, compared.merge_base_commit.sha, head);
}

export async function deltaBetween(reads: GithubReads, from: string, to: string): Promise<TreeEntryChange[]> {
  const [before, after] = await Promise.all([treeOf(reads, from), treeOf(reads, to)]);
  return deltaOf(before, after);
}
