import type { ChangeFacts, CommitFact, GateQuestion, PullFacts } from '../../model/gate.ts';
import { unknown } from '../../model/known.ts';
import type { GateFactReader } from '../../ports.ts';
import { parseSpeakers } from '../../schema/github-commits.ts';
import { commitsOf, pushesTo } from './commits.ts';
import { conversationOf, mayApprove } from './conversation.ts';
import { followUpFacts } from './follow-up.ts';
import { policyAt } from './policy.ts';
import { type GithubReads, told } from './reads.ts';
import { deltaBetween, deltaFromMergeBase, deltaOf, treeOf } from './trees.ts';

/** Algorithm A's facts from GitHub's own answers. Reads only: it is given nothing that could write. */
export function gateFactReader(reads: GithubReads, repository: ChangeFacts['repository']): GateFactReader {
  return {
    change: (question) => changeFacts(reads, repository, question),
    followUp: (change, asked) => followUpFacts(reads, change, asked),
    commanders: (issue) =>
      told(() => reads.pages('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { issue_number: issue }, parseSpeakers)),
  };
}

async function changeFacts(
  reads: GithubReads,
  repository: ChangeFacts['repository'],
  question: GateQuestion,
): Promise<ChangeFacts> {
  const shared = { repository };
  const [tip, pull] = await Promise.all([
    told(() => branchTip(reads, repository.defaultBranch)),
    told(() => pullOf(reads, question, repository.defaultBranch)),
  ]);
  const merge = question.moment === 'apply' ? await told(() => mergeOf(reads, question.merge)) : null;
  const base =
    question.moment === 'apply' ? (merge?.known ? merge.value.parents[0] : undefined) : tip.known ? tip.value : undefined;
  const policyCommits = [...new Set([base, tip.known ? tip.value : undefined])].flatMap((commit) => (commit ? [commit] : []));
  const policies =
    !tip.known || base === undefined ? [] : await Promise.all(policyCommits.map((commit) => policyAt(reads, commit)));
  if (!pull.known || base === undefined) {
    const missing = unknown(pull.known ? 'the base commit could not be read' : pull.why);
    return {
      ...shared,
      pull,
      delta: missing,
      merge,
      commits: missing,
      comments: missing,
      timeline: missing,
      pushes: missing,
      policies,
    };
  }
  const [commits, conversation] = await Promise.all([
    told(() => commitsOf(reads, pull.value.number, base)),
    told(() => conversationOf(reads, pull.value.number)),
  ]);
  const fork = commits.known ? forkPoint(commits.value) : null;
  const delta = await told(() =>
    fork ? deltaBetween(reads, fork, pull.value.headSha) : deltaFromMergeBase(reads, base, pull.value.headSha),
  );
  const asked = conversation.known && conversation.value.comments.some(mayApprove);
  const pushes = !asked
    ? unknown('nobody has said /approve yet')
    : commits.known
      ? await told(() => pushesTo(reads, pull.value.headRef, commits.value))
      : commits;
  const comments = conversation.known ? { known: true as const, value: conversation.value.comments } : conversation;
  const timeline = conversation.known ? { known: true as const, value: conversation.value.timeline } : conversation;
  return { ...shared, pull, delta, merge, commits, comments, timeline, pushes, policies };
}

export async function branchTip(reads: GithubReads, branch: string): Promise<string> {
  const ref = await reads.get('GET /repos/{owner}/{repo}/git/ref/{ref}', { ref: `heads/${branch}` });
  if (!ref) throw new Error(`no branch ${branch}`);
  return ref.object.sha;
}

/** For a merge commit: the one pull request that GitHub says it merged into the default branch (step 1). */
async function pullOf(reads: GithubReads, question: GateQuestion, defaultBranch: string): Promise<PullFacts> {
  const number = question.moment === 'open' ? question.pull : await pullOfMerge(reads, question.merge, defaultBranch);
  const pull = await reads.get('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: number });
  if (!pull?.user) throw new Error(`no pull request #${number}, or no author`);
  return {
    number,
    author: { id: Number(pull.user.id), login: pull.user.login, type: pull.user.type },
    state: pull.state,
    baseRef: pull.base.ref,
    headRef: pull.head.ref,
    baseRepositoryId: Number(pull.base.repo.id),
    headRepositoryId: pull.head.repo ? Number(pull.head.repo.id) : null,
    headSha: pull.head.sha,
    mergedAt: pull.merged_at,
    mergeSha: pull.merge_commit_sha,
  };
}

async function pullOfMerge(reads: GithubReads, merge: string, defaultBranch: string): Promise<number> {
  const listed = (await reads.get('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { commit_sha: merge })) ?? [];
  const merged = listed.filter((pull) => pull.merged_at && pull.merge_commit_sha === merge && pull.base.ref === defaultBranch);
  const [only] = merged;
  if (!only || merged.length !== 1) throw new Error(`${merged.length} pull requests were merged as ${merge}; one is needed`);
  return only.number;
}

async function mergeOf(reads: GithubReads, merge: string) {
  const commit = await reads.get('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: merge });
  const parents = commit?.parents.map((parent) => parent.sha) ?? [];
  const [first] = parents;
  if (!first) throw new Error(`${merge} has no parent`);
  return { parents, delta: deltaOf(await treeOf(reads, first), await treeOf(reads, merge)) };
}

/**
 * The merge base without asking for it: GitHub lists the commits that the base does not have, so a single parent outside that list is
 * where the branch left the base. Several parents outside (a merge of the base among them) tell nothing.
 */
function forkPoint(commits: readonly CommitFact[]): string | null {
  const own = new Set(commits.map((commit) => commit.sha));
  const outside = new Set(commits.flatMap((commit) => commit.parents.filter((parent) => !own.has(parent))));
  const [only] = outside;
  return outside.size === 1 && only !== undefined ? only : null;
}
