import type { CommitFact, Person, PushFact } from '../../model/gate.ts';
import { type ListedCommit, parseActivity, parseComparison } from '../../schema/github-commits.ts';
import type { GithubReads } from './reads.ts';
import { deltaFromMergeBase } from './trees.ts';

/** A pull request of more commits than this is not judged: each of them may name a person. */
const MOST_COMMITS = 1000;
/** The account that GitHub itself commits with; it is nobody's hand. */
const WEB_FLOW = 19864447;
/** An address that GitHub gives its users names the account: `<id>+<login>@users.noreply.github.com`. */
const NOREPLY = /^(\d+)\+([^@]+)@users\.noreply\.github\.com$/;

export interface Comparison {
  readonly mergeBase: string;
  /** The commits that the head has and the base has not. */
  readonly commits: readonly CommitFact[];
}

/** What a head adds to a base, with everybody who had a hand in it. Throws when there is no common history or not every commit is listed. */
export async function comparisonOf(reads: GithubReads, base: string, head: string): Promise<Comparison> {
  const { mergeBase, listed } = await listedBetween(reads, base, head);
  return { mergeBase, commits: await Promise.all(listed.map((one) => commitFact(reads, one, base))) };
}

/** The commits that a head has and a base has not, as GitHub lists them: all of them, or it throws. */
export async function listedBetween(
  reads: GithubReads,
  base: string,
  head: string,
): Promise<{ readonly mergeBase: string; readonly listed: readonly ListedCommit[] }> {
  const listed: ListedCommit[] = [];
  for (let page = 1; ; page++) {
    const answer = await reads.get('GET /repos/{owner}/{repo}/compare/{basehead}', {
      basehead: `${base}...${head}`,
      per_page: 100,
      page,
    });
    if (!answer) throw new Error(`${base} and ${head} have no common history`);
    const compared = parseComparison(answer);
    if (compared.total > MOST_COMMITS) throw new Error(`${compared.total} commits: more than ${MOST_COMMITS} are not judged`);
    for (const commit of [compared.mergeBase, ...compared.commits]) reads.trees.learn(commit.sha, commit.tree);
    listed.push(...compared.commits);
    if (listed.length < compared.total && compared.commits.length > 0) continue;
    if (listed.length !== compared.total) throw new Error(`${listed.length} of ${compared.total} commits could be read`);
    return { mergeBase: compared.mergeBase.sha, listed };
  }
}

async function commitFact(reads: GithubReads, listed: ListedCommit, base: string): Promise<CommitFact> {
  const { sha, parents, author, committer, message } = listed;
  return {
    sha,
    parents,
    people: [author, ...(committer?.id === WEB_FLOW ? [] : [committer]), ...coAuthors(message)],
    mergesBase: await mergesBase(reads, sha, parents, base),
  };
}

/**
 * A merge whose second parent is on the base's history and that changes nothing of what its first parent already changed: only then does it make
 * nobody an author. A merge can carry any tree, so the trees are compared.
 */
export async function mergesBase(reads: GithubReads, commit: string, parents: readonly string[], base: string): Promise<boolean> {
  const [first, other] = parents;
  if (parents.length !== 2 || first === undefined || other === undefined || !(await isAncestor(reads, other, base))) return false;
  const [before, after] = await Promise.all([deltaFromMergeBase(reads, base, first), deltaFromMergeBase(reads, base, commit)]);
  return JSON.stringify(before) === JSON.stringify(after);
}

export async function isAncestor(reads: GithubReads, commit: string, of: string): Promise<boolean> {
  if (commit === of) return true;
  const compared = await reads.get('GET /repos/{owner}/{repo}/compare/{basehead}', {
    basehead: `${of}...${commit}`,
    per_page: 1,
  });
  return compared?.status === 'behind' || compared?.status === 'identical';
}

/** Pushes to the branch as GitHub logged them: the one account of who moved it. */
export async function pushesTo(reads: GithubReads, branch: string, commits: readonly CommitFact[]): Promise<readonly PushFact[]> {
  const log = await reads.pages('GET /repos/{owner}/{repo}/activity', { ref: `refs/heads/${branch}` }, parseActivity);
  const merges = new Set(commits.filter((commit) => commit.mergesBase).map((commit) => commit.sha));
  return log
    .filter((entry) => entry.what !== 'branch_deletion')
    .map(({ actor, before, after, at }) => ({
      actor,
      before,
      after,
      at,
      mergesBase: merges.has(after) && commits.find((one) => one.sha === after)?.parents[0] === before,
    }));
}

/** `Co-authored-by` trailers. An address that names no account is somebody unknown, and blocks; no person's login has brackets. */
function coAuthors(message: string): (Person | null)[] {
  return [...message.matchAll(/^co-authored-by:.*<([^>]*)>\s*$/gim)].map((found) => {
    const [, id, login] = NOREPLY.exec(found[1] ?? '') ?? [];
    return id && login ? { id: Number(id), login, type: login.endsWith('[bot]') ? 'Bot' : 'User' } : null;
  });
}
