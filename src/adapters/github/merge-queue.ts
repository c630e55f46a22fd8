import type { Octokit } from '@octokit/core';
import type { QueuedPull } from '../../model/merge-queue.ts';
import type { MergeQueue } from '../../ports.ts';
import { parsePullId, parseQueuePage, type QueuePage } from '../../schema/github-merge-queue.ts';
import { isAncestor, listedBetween } from './commits.ts';
import { type GithubReads, isRefusal, told } from './reads.ts';

const ENTRIES = `
query($owner: String!, $repo: String!, $branch: String!, $ref: String!, $after: String) {
  repository(owner: $owner, name: $repo) {
    ref(qualifiedName: $ref) { target { oid } }
    mergeQueue(branch: $branch) { entries(first: 100, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } nodes { headCommit { oid } pullRequest { number } }
    } }
  }
}`;
const PULL_ID = `
query($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) { pullRequest(number: $number) { id } }
}`;
const ENTER = `
mutation($id: ID!, $sha: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $sha }) { mergeQueueEntry { id } }
}`;
const LEAVE = 'mutation($id: ID!) { dequeuePullRequest(input: { id: $id }) { mergeQueueEntry { id } } }';

/** A queue longer than this is told as unknown. */
const MOST_PAGES = 10;

/** A branch's merge queue. What it holds comes from GitHub's own list of it: no name of a branch and no message is read for that. */
export function mergeQueue(octokit: Octokit, reads: GithubReads): MergeQueue {
  const change = async (mutation: string, number: number, more: Readonly<Record<string, string>>) => {
    const id = parsePullId(await reads.query(PULL_ID, { number }));
    try {
      await octokit.graphql(mutation, { id, ...more });
      return true;
    } catch (error) {
      if (isUnprocessable(error)) return false;
      throw error;
    }
  };
  return {
    group: (branch, head) => told(() => groupOf(reads, branch, head)),
    enter: (number, sha) => change(ENTER, number, { sha }),
    // A refusal says that it is in the queue no more, which is what was wanted.
    leave: async (number) => void (await change(LEAVE, number, {})),
  };
}

/** Not now, or not in this state; a right that is missing is another type, and no answer. */
function isUnprocessable(error: unknown): boolean {
  if (!isRefusal(error) || !('errors' in error) || !Array.isArray(error.errors)) return false;
  return error.errors.every((one: unknown) => typeof one === 'object' && one && 'type' in one && one.type === 'UNPROCESSABLE');
}

async function groupOf(reads: GithubReads, branch: string, head: string): Promise<readonly QueuedPull[] | null> {
  const { tip, entries } = await wholeQueue(reads, branch);
  const pulls = new Map(entries.flatMap(({ commit, pull }) => (commit === null ? [] : [[commit, pull] as const])));
  if (!pulls.has(head)) {
    if (await isAncestor(reads, head, tip)) return null;
    throw new Error(`the merge queue of ${branch} has no entry for ${head}`);
  }
  const { listed } = await listedBetween(reads, tip, head);
  return entriesTo(head, pulls, new Map(listed.map(({ sha, parents }) => [sha, parents[0]])));
}

/** First parents from the group's head down to the branch; commits between two entries are the upper one's, as a rebase makes them. */
function entriesTo(
  head: string,
  pulls: ReadonlyMap<string, number>,
  firstParents: ReadonlyMap<string, string | undefined>,
): readonly QueuedPull[] {
  const found: QueuedPull[] = [];
  let above: Omit<QueuedPull, 'parent'> | null = null;
  for (let at = head; ; at = firstParents.get(at) ?? '') {
    const pull = pulls.get(at);
    const onBranch = !firstParents.has(at);
    if (above && (pull !== undefined || onBranch)) found.unshift({ ...above, parent: at });
    if (onBranch) return found;
    if (pull !== undefined) above = { pull, commit: at };
  }
}

async function wholeQueue(reads: GithubReads, branch: string): Promise<Pick<QueuePage, 'tip' | 'entries'>> {
  const entries: QueuePage['entries'][number][] = [];
  for (let after: string | null = null, count = 0; ; count++) {
    if (count >= MOST_PAGES) throw new Error(`more than ${MOST_PAGES} pages of the merge queue`);
    const page = parseQueuePage(await reads.query(ENTRIES, { branch, ref: `refs/heads/${branch}`, after }));
    entries.push(...page.entries);
    after = page.next;
    if (after !== null) continue;
    if (entries.length !== page.total)
      throw new Error(`${entries.length} of ${page.total} entries of the merge queue could be read`);
    return { tip: page.tip, entries };
  }
}
