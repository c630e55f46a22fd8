import type { ObjectType } from '../git/repository.ts';
import { readTree, TREE_MODE, type TreeEntry } from '../git/tree.ts';
import { nodeId } from '../shapes/account.ts';
import type { Graph } from './graph.ts';

/** GitHub cuts `Blob.text` after 512,000 bytes and says so by `isTruncated`. */
const TEXT_BYTES = 512_000;
/** git looks this far for a NUL byte to call a file binary. */
const LOOKED_AT = 8000;

/** A blob or a tree; null for everything else, such as a submodule's commit, which lies in another repository. */
export function contentNode(graph: Graph, sha: string, path: string): unknown {
  const object = graph.world.git.read(sha);
  if (object?.type === 'blob') return blobNode(graph, sha, object.content);
  return object?.type === 'tree' ? treeNode(graph, sha, path) : null;
}

/** What the interface GitObject asks of every kind. */
export function gitObject(graph: Graph, sha: string) {
  const page = `/${graph.world.owner}/${graph.world.repo}/commit/${sha}`;
  return {
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    commitResourcePath: page,
    commitUrl: `${graph.world.url}${page}`,
    repository: graph.repository,
  };
}

function blobNode(graph: Graph, sha: string, content: Buffer) {
  const isBinary = content.subarray(0, LOOKED_AT).includes(0);
  return {
    __typename: 'Blob',
    id: nodeId('B', sha),
    ...gitObject(graph, sha),
    byteSize: content.length,
    isBinary,
    isTruncated: content.length > TEXT_BYTES,
    text: isBinary ? null : () => content.subarray(0, TEXT_BYTES).toString(),
  };
}

/** `path` is the folder's own place: entries show their full paths. */
export function treeNode(graph: Graph, sha: string, path: string) {
  const entries = () => (readTree(graph.world.git, sha) ?? []).map((entry) => entryNode(graph, path, entry));
  return { __typename: 'Tree', id: nodeId('TR', sha), ...gitObject(graph, sha), entries };
}

export function entryNode(graph: Graph, folder: string, entry: TreeEntry) {
  const { git } = graph.world;
  const path = folder === '' ? entry.path : `${folder}/${entry.path}`;
  const name = path.split('/').at(-1) ?? '';
  const type: ObjectType = entry.mode === TREE_MODE ? 'tree' : entry.mode === '160000' ? 'commit' : 'blob';
  return {
    name,
    nameRaw: base64(name),
    path,
    pathRaw: base64(path),
    mode: Number.parseInt(entry.mode, 8),
    oid: entry.sha,
    type,
    extension: /.(\.[^.]*)$/.exec(name)?.[1] ?? '',
    size: () => (type === 'blob' ? (git.read(entry.sha)?.content.length ?? 0) : 0),
    object: () => contentNode(graph, entry.sha, path),
    repository: graph.repository,
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
