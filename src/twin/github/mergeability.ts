import { mergeTrees } from './git/combine.ts';
import { isAncestor } from './git/history.ts';
import { readRef } from './git/refs.ts';
import type { Issue, Pull, Review } from './nouns.ts';
import { latestRuns, rulesFor, runsOn, unmetChecks } from './requirements.ts';
import type { World } from './world.ts';

export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly state: 'unknown' | 'dirty' | 'draft' | 'blocked' | 'behind' | 'unstable' | 'clean';
}

/** GitHub computes `mergeable` in the background: the first question about a pair of commits gets null. */
export function mergeability(world: World, issue: Issue, pull: Pull, ask: boolean): Mergeability {
  const base = readRef(world.git, `refs/heads/${pull.baseRef}`);
  if (issue.state === 'closed' || base === null) return { mergeable: null, state: 'unknown' };
  const pair = `${base} ${pull.headSha}`;
  const known = pull.probed === pair;
  if (ask) pull.probed = pair;
  if (!known) return { mergeable: null, state: 'unknown' };
  if (mergeTrees(world.git, base, pull.headSha) === null) return { mergeable: false, state: 'dirty' };
  return { mergeable: true, state: settledState(world, pull, base) };
}

function settledState(world: World, pull: Pull, base: string): Mergeability['state'] {
  if (pull.draft) return 'draft';
  const rules = rulesFor(world, pull.baseRef);
  if (unmet(world, pull).length > 0) return 'blocked';
  if (rules?.strictChecks === true && !isAncestor(world.git, base, pull.headSha)) return 'behind';
  const failed = latestRuns(runsOn(world, pull.headSha)).some((run) => run.conclusion === 'failure');
  return failed ? 'unstable' : 'clean';
}

/** The rules of the base branch that this pull request does not meet, in GitHub's words. */
export function unmet(world: World, pull: Pull): readonly string[] {
  const rules = rulesFor(world, pull.baseRef);
  if (rules === null) return [];
  const words = [...unmetChecks(world, pull)];
  const decision = reviewDecision(world, pull);
  if (decision === 'CHANGES_REQUESTED') words.push('Changes have been requested on this pull request.');
  if (decision === 'REVIEW_REQUIRED') {
    const count = rules.requiredReviews ?? 1;
    words.push(`At least ${count} approving review${count === 1 ? ' is' : 's are'} required by reviewers with write access.`);
  }
  return words;
}

/** The last word of each reviewer that can write. */
export function standing(world: World, pull: Pull): readonly Review[] {
  const last = new Map<string, Review>();
  for (const review of pull.reviews)
    if (review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED' || review.state === 'DISMISSED')
      last.set(review.author.login, review);
  const writers = new Set(['write', 'maintain', 'admin']);
  return [...last.values()].filter((review) =>
    writers.has(world.seed.users.find((user) => user.login === review.author.login)?.permission ?? 'none'),
  );
}

/** null where no review is required, like GraphQL's `reviewDecision`. */
export function reviewDecision(world: World, pull: Pull): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null {
  const wanted = rulesFor(world, pull.baseRef)?.requiredReviews ?? 0;
  if (wanted === 0) return null;
  const reviews = standing(world, pull);
  if (reviews.some((review) => review.state === 'CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  const approvals = reviews.filter((review) => review.state === 'APPROVED').length;
  return approvals >= wanted ? 'APPROVED' : 'REVIEW_REQUIRED';
}
