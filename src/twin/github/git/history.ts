import { readCommit } from './commit.ts';
import type { Repository } from './repository.ts';
import { reachable, reaches, topological, walk } from './walk.ts';

/** The best common ancestor; null when histories are unrelated. */
export function mergeBase(repository: Repository, one: string, other: string): string | null {
  const ofOne = reachable(repository, [one]);
  const common = [...reachable(repository, [other])].filter((sha) => ofOne.has(sha));
  const beneath = reachable(
    repository,
    common.flatMap((sha) => readCommit(repository, sha)?.parents ?? []),
  );
  const best = common.filter((sha) => !beneath.has(sha));
  // Histories that crossed have several: git has its own way to choose.
  return best.length > 1 ? repository.ask(['merge-base', one, other]).trim() : (best[0] ?? null);
}

export function isAncestor(repository: Repository, ancestor: string, of: string): boolean {
  return reaches(repository, of, ancestor);
}

/** The commits that `head` has and `base` has not, oldest first. */
export function commitsBetween(repository: Repository, base: string, head: string): readonly string[] {
  const old = reachable(repository, [base]);
  const fresh = walk(repository, head, null).filter((step) => !old.has(step.sha));
  return topological(fresh)
    .map((step) => step.sha)
    .reverse();
}

/** Newest first, lines of history not mixed; with a path only the commits that changed it. */
export function log(repository: Repository, head: string, path: string | null): readonly string[] {
  return topological(walk(repository, head, path)).flatMap((step) => (step.shown ? [step.sha] : []));
}

/** As `git log` lists them: by time. */
export function logByDate(repository: Repository, head: string, path: string | null): readonly string[] {
  return walk(repository, head, path).flatMap((step) => (step.shown ? [step.sha] : []));
}

/** The commit on `tip`'s first-parent line that first contained `commit`. */
export function arrivedIn(repository: Repository, commit: string, tip: string): string {
  let first = tip;
  for (let at: string | undefined = tip; at !== undefined && isAncestor(repository, commit, at); )
    [first, at] = [at, readCommit(repository, at)?.parents[0]];
  return first;
}
