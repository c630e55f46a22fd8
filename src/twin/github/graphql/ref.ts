import { readRef } from '../git/refs.ts';
import { nodeId } from '../shapes/account.ts';
import { commitNode } from './commit.ts';
import type { Slice } from './connection.ts';
import type { Graph } from './graph.ts';
import { contentNode } from './object.ts';
import { rulesNode } from './rules.ts';

/** A node of whatever kind the object is; null when the repository has no such object. */
export function objectNode(graph: Graph, sha: string, path: string): unknown {
  return commitNode(graph, sha) ?? contentNode(graph, sha, path);
}

/** The full name is looked for first, then the short ones. */
export function refNode(graph: Graph, name: string) {
  const { git } = graph.world;
  const full = [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`].find((ref) => readRef(git, ref) !== null);
  if (full === undefined) return null;
  const prefix = /^refs\/[^/]+\//.exec(full)?.[0] ?? '';
  return {
    __typename: 'Ref',
    id: nodeId('REF', full),
    name: full.slice(prefix.length),
    prefix,
    target: () => objectNode(graph, readRef(git, full) ?? '', ''),
    repository: graph.repository,
    rules: (slice: Slice) => rulesNode(graph.world, full.slice(prefix.length), slice),
  };
}
