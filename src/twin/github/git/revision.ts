import { readCommit } from './commit.ts';
import { readRef, resolveCommit } from './refs.ts';
import type { Repository } from './repository.ts';
import { entryAt } from './tree.ts';

export interface Found {
  readonly sha: string;
  /** Where it lies in its tree; empty for what was not named by a path. */
  readonly path: string;
}

/** What `git rev-parse` finds for `revision` or `revision:path`; null when there is none. */
export function resolveExpression(repository: Repository, expression: string): Found | null {
  const colon = expression.indexOf(':');
  const sha = resolveRevision(repository, colon < 0 ? expression : expression.slice(0, colon));
  if (sha === null || colon < 0) return sha === null ? null : { sha, path: '' };
  const path = expression.slice(colon + 1).replace(/\/$/, '');
  const tree = readCommit(repository, sha)?.tree ?? sha;
  // git reads a path literally: only one slash at the end is forgiven.
  if (path !== '' && path.split('/').includes('')) return null;
  const entry = repository.read(tree)?.type === 'tree' ? entryAt(repository, tree, path) : null;
  return entry === null ? null : { sha: entry.sha, path };
}

/** Branch, tag, ref or id, perhaps with steps to ancestors: `main~2`, `HEAD^2`, `v1^{tree}`. */
function resolveRevision(repository: Repository, text: string): string | null {
  const [, name = '', steps = ''] = /^([^~^]*)((?:~\d*|\^\d*|\^\{(?:tree|commit)\})*)$/.exec(text) ?? [];
  const named = name === 'HEAD' ? readRef(repository, 'refs/heads/main') : objectNamed(repository, name);
  let at = named;
  for (const [, kind, count] of steps.matchAll(/([~^])(\{\w+\}|\d*)/g)) {
    const commit = at === null ? null : readCommit(repository, at);
    if (commit === null) return null;
    if (count === '{tree}') at = commit.tree;
    else if (kind === '^' && count !== '{commit}') at = count === '0' ? at : (commit.parents[Number(count || 1) - 1] ?? null);
    else if (kind === '~') at = ancestor(repository, commit.sha, Number(count || 1));
  }
  return at;
}

function objectNamed(repository: Repository, name: string): string | null {
  if (/^[0-9a-f]{40}$/.test(name)) return repository.read(name) === null ? null : name;
  return name === '' ? null : resolveCommit(repository, name);
}

function ancestor(repository: Repository, from: string, generations: number): string | null {
  let at: string | null = from;
  for (let left = generations; left > 0 && at !== null; left--) at = readCommit(repository, at)?.parents[0] ?? null;
  return at;
}
