import type { Repository } from './repository.ts';

/** The best common ancestor; null when histories are unrelated. */
export function mergeBase(repository: Repository, one: string, other: string): string | null {
  const found = repository.test(['merge-base', one, other]);
  return found.yes ? found.output.trim() : null;
}

export function isAncestor(repository: Repository, ancestor: string, of: string): boolean {
  return ancestor === of || repository.test(['merge-base', '--is-ancestor', ancestor, of]).yes;
}

/** The commits that `head` has and `base` has not, oldest first. */
export function commitsBetween(repository: Repository, base: string, head: string): readonly string[] {
  return lines(repository.ask(['rev-list', '--reverse', '--topo-order', `${base}..${head}`]));
}

/** Newest first; with a path only the commits that changed it. */
export function log(repository: Repository, head: string, path: string | null): readonly string[] {
  return lines(repository.ask(['rev-list', '--topo-order', head, ...(path === null ? [] : ['--', path])]));
}

/** The commit on `tip`'s first-parent line that first contained `commit`. */
export function arrivedIn(repository: Repository, commit: string, tip: string): string {
  const line = lines(repository.ask(['rev-list', '--first-parent', '--ancestry-path', `${commit}..${tip}`]));
  const onLine = lines(repository.ask(['rev-list', '--first-parent', tip])).includes(commit);
  return onLine ? commit : (line.at(-1) ?? commit);
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
