import type { CommitFact, Person, PushFact } from '../../model/gate.ts';
import { parseActivity, parsePullCommits } from '../../schema/github-commits.ts';
import type { GithubReads } from './reads.ts';
import { deltaFromMergeBase } from './trees.ts';

/** GitHub lists at most this many commits of a pull request; a full list may be cut and is not believed. */
const MOST_COMMITS = 250;
/** The account that GitHub itself commits with; it is nobody's hand. */
const WEB_FLOW = 19864447;
/** An address that GitHub gives its users names the account: `<id>+<login>@users.noreply.github.com`. */
const NOREPLY = /^(\d+)\+([^@]+)@users\.noreply\.github\.com$/;

/** Every commit of a pull request with everybody who had a hand in it. Throws when the list may be incomplete. */
export async function commitsOf(reads: GithubReads, number: number, base: string): Promise<readonly CommitFact[]> {
  const listed = await reads.pages(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits',
    { pull_number: number },
    parsePullCommits,
  );
  if (listed.length >= MOST_COMMITS) throw new Error(`${listed.length} commits: GitHub lists no more than ${MOST_COMMITS}`);
  return Promise.all(
    listed.map(async ({ sha, parents, author, committer, message }) => ({
      sha,
      parents,
      people: [author, ...(committer?.id === WEB_FLOW ? [] : [committer]), ...coAuthors(message)],
      mergesBase: await mergesBase(reads, sha, parents, base),
    })),
  );
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

/** `Co-authored-by` trailers. An address that names no account is somebody unknown, and blocks. */
function coAuthors(message: string): (Person | null)[] {
  return [...message.matchAll(/^co-authored-by:.*<([^>]*)>\s*$/gim)].map((found) => {
    const [, id, login] = NOREPLY.exec(found[1] ?? '') ?? [];
    return id && login ? { id: Number(id), login, type: 'User' } : null;
  });
}
