import type { Repository, StoredObject } from './repository.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly path: string;
  readonly sha: string;
}

export const TREE_MODE = '040000';

/** What was read of each stored object: most folders are the same from commit to commit. */
const parsed = new WeakMap<StoredObject, readonly TreeEntry[]>();

/** The entries of one tree; null when the id is not a tree. */
export function readTree(repository: Repository, id: string): readonly TreeEntry[] | null {
  const object = repository.read(id);
  if (object === null || object.type !== 'tree') return null;
  const entries = parsed.get(object) ?? parseTree(object.content);
  parsed.set(object, entries);
  return entries;
}

function parseTree(content: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const end = content.indexOf(0, space);
    entries.push({
      mode: content.subarray(at, space).toString().padStart(6, '0'),
      path: content.subarray(space + 1, end).toString(),
      sha: content.subarray(end + 1, end + 21).toString('hex'),
    });
    at = end + 21;
  }
  return entries;
}

/** Every entry below a tree with its full path, folders before what they hold. */
export function walkTree(repository: Repository, id: string, prefix = ''): readonly TreeEntry[] {
  return (readTree(repository, id) ?? []).flatMap((entry) => {
    const whole = { ...entry, path: prefix + entry.path };
    return entry.mode === TREE_MODE ? [whole, ...walkTree(repository, entry.sha, `${whole.path}/`)] : [whole];
  });
}

/** The entry at a path; null when there is none. The root is a tree entry with an empty path. */
export function entryAt(repository: Repository, tree: string, path: string): TreeEntry | null {
  let entry: TreeEntry = { mode: TREE_MODE, path: '', sha: tree };
  for (const name of path.split('/').filter((part) => part !== '')) {
    const found = entry.mode === TREE_MODE ? readTree(repository, entry.sha)?.find((one) => one.path === name) : undefined;
    if (found === undefined) return null;
    entry = found;
  }
  return { ...entry, path };
}

export function writeTree(repository: Repository, entries: readonly TreeEntry[]): string {
  // git orders a folder as if its name ended with a slash, by bytes.
  const key = (entry: TreeEntry) => Buffer.from(entry.mode === TREE_MODE ? `${entry.path}/` : entry.path);
  const sorted = entries.map((entry) => ({ entry, order: key(entry) })).sort((a, b) => Buffer.compare(a.order, b.order));
  const parts = sorted.map(({ entry }) =>
    Buffer.concat([Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.path}\0`), Buffer.from(entry.sha, 'hex')]),
  );
  return repository.write('tree', Buffer.concat(parts));
}

/** A tree with some paths replaced; a sha of null removes the path, and folders left empty go with it. */
export function editTree(
  repository: Repository,
  base: string | null,
  edits: readonly { readonly path: string; readonly mode: string; readonly sha: string | null }[],
): string {
  const kept = new Map((base === null ? [] : (readTree(repository, base) ?? [])).map((entry) => [entry.path, entry]));
  const below = new Map<string, { path: string; mode: string; sha: string | null }[]>();
  for (const { path, mode, sha } of edits) {
    const slash = path.indexOf('/');
    if (slash < 0 && sha === null) kept.delete(path);
    else if (slash < 0 && sha !== null) kept.set(path, { mode, path, sha });
    else
      below.set(path.slice(0, slash), [...(below.get(path.slice(0, slash)) ?? []), { path: path.slice(slash + 1), mode, sha }]);
  }
  for (const [folder, inner] of below) {
    const old = kept.get(folder);
    const sha = editTree(repository, old?.mode === TREE_MODE ? old.sha : null, inner);
    if (readTree(repository, sha)?.length === 0) kept.delete(folder);
    else kept.set(folder, { mode: TREE_MODE, path: folder, sha });
  }
  return writeTree(repository, [...kept.values()]);
}
