import { type Commit, readCommit } from './commit.ts';
import type { Repository } from './repository.ts';
import { entryAt } from './tree.ts';

/** A commit as a walk sees it: with the parents that the walk follows, and whether it is shown. */
export interface Step {
  readonly sha: string;
  readonly date: number;
  readonly parents: readonly string[];
  readonly shown: boolean;
}

/** Every commit that can be reached from these, themselves included. */
export function reachable(repository: Repository, from: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...from];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    waiting.push(...(readCommit(repository, sha)?.parents ?? []));
  }
  return seen;
}

/** True when `to` can be reached from `from`; ends as soon as it is found. */
export function reaches(repository: Repository, from: string, to: string): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let sha = waiting.pop(); sha !== undefined; sha = waiting.pop()) {
    if (sha === to) return true;
    if (seen.has(sha)) continue;
    seen.add(sha);
    waiting.push(...(readCommit(repository, sha)?.parents ?? []));
  }
  return false;
}

/**
 * The commits from `head` on in the order of `git log`: newest first, a parent after what came equally late. With a path git simplifies:
 * a commit that left it alone is not shown, and of a merge only the first parent that has the same there is followed.
 */
export function walk(repository: Repository, head: string, path: string | null): readonly Step[] {
  const steps: Step[] = [];
  const seen = new Set([head]);
  const first = readCommit(repository, head);
  const waiting = first === null ? [] : [first];
  for (let commit = waiting.shift(); commit !== undefined; commit = waiting.shift()) {
    const step = stepOf(repository, commit, path);
    steps.push(step);
    for (const sha of step.parents) {
      const parent = seen.has(sha) ? null : readCommit(repository, sha);
      seen.add(sha);
      if (parent !== null) insertByDate(waiting, parent);
    }
  }
  return steps;
}

function stepOf(repository: Repository, commit: Commit, path: string | null): Step {
  const { sha, parents } = commit;
  const date = Date.parse(commit.committer.date);
  if (path === null) return { sha, date, parents, shown: true };
  const own = placed(repository, commit, path);
  const same = parents.find((parent) => placed(repository, readCommit(repository, parent), path) === own);
  if (same !== undefined) return { sha, date, parents: [same], shown: false };
  return { sha, date, parents, shown: parents.length > 0 || own !== null };
}

/** What lies at a path, mode and all; null for nothing. */
function placed(repository: Repository, commit: Commit | null, path: string): string | null {
  const entry = commit === null ? null : entryAt(repository, commit.tree, path);
  return entry === null ? null : `${entry.mode} ${entry.sha}`;
}

function insertByDate(waiting: Commit[], commit: Commit): void {
  const time = Date.parse(commit.committer.date);
  const at = waiting.findIndex((other) => Date.parse(other.committer.date) < time);
  waiting.splice(at < 0 ? waiting.length : at, 0, commit);
}

/** As `git rev-list --topo-order`: no commit before all of its children, and lines of history not mixed. */
export function topological(steps: readonly Step[]): readonly Step[] {
  const bySha = new Map(steps.map((step) => [step.sha, step]));
  const children = new Map<string, number>();
  for (const step of steps) for (const parent of step.parents) children.set(parent, (children.get(parent) ?? 0) + 1);
  const ordered: Step[] = [];
  const ready = steps.filter((step) => !children.has(step.sha)).reverse();
  for (let step = ready.pop(); step !== undefined; step = ready.pop()) {
    ordered.push(step);
    for (const parent of step.parents) {
      const left = (children.get(parent) ?? 0) - 1;
      children.set(parent, left);
      const next = left === 0 ? bySha.get(parent) : undefined;
      if (next !== undefined) ready.push(next);
    }
  }
  return ordered;
}
