import type { GateQuestion, PullFacts } from '../../model/gate.ts';
import { type Known, unknown } from '../../model/known.ts';
import type { ConversationPage } from '../../schema/github-conversation.ts';
import { parseProtection, type SeenProtection } from '../../schema/github-protection.ts';
import { parseMergedPull, parseNumbers, parseOpenPull } from '../../schema/github-pull.ts';
import { PULL_CONVERSATION } from './conversation.ts';
import { PULL_PROTECTION } from './protection.ts';
import { type GithubReads, isRefusal, told } from './reads.ts';

const PULL = `
number state author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
baseRefName headRefName headRefOid mergedAt mergeCommit { oid }
baseRepository { databaseId } headRepository { databaseId }
${PULL_CONVERSATION}`;
const TIP = 'defaultBranchRef { name target { oid } }';

const openQuery = (more: string) => `
query($owner: String!, $repo: String!, $number: Int!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $repo) { ${TIP} pullRequest(number: $number) { ${PULL} ${more} } }
}`;
const OPEN = openQuery(PULL_PROTECTION);
const OPEN_ALONE = openQuery('');
const MERGED = `
query($owner: String!, $repo: String!, $merge: GitObjectID!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $repo) { ${TIP}
    object(oid: $merge) { ... on Commit {
      parents(first: 10) { totalCount nodes { oid } }
      associatedPullRequests(first: 5) { totalCount nodes { ${PULL} } }
    } }
  }
}`;

export interface Asked {
  /** The default branch now. */
  readonly tip: string;
  readonly pull: PullFacts;
  readonly first: ConversationPage;
  /** Null once merged. */
  readonly protection: Known<SeenProtection> | null;
  /** Parents of the merge commit, or of the queue's; null while there is none. */
  readonly parents: readonly string[] | null;
}

/**
 * Step 1 of algorithm A in one answer: the tip, the one pull request that is asked about, and the start of its conversation. Null where no
 * pull request was merged as the commit that is asked about.
 */
export async function askedPull(reads: GithubReads, question: GateQuestion, defaultBranch: string): Promise<Asked | null> {
  const cursors = { comments: null, timeline: null };
  if (question.moment !== 'apply') {
    const { answer, protection } = await openPull(reads, { number: question.pull, ...cursors });
    const { tip, seen } = parseOpenPull(answer);
    if (!seen) throw new Error(`no pull request #${question.pull}`);
    return { tip: needed(tip), ...seen, protection, parents: await parentsOf(reads, question) };
  }
  const merge = parseMergedPull(await reads.query(MERGED, { merge: question.merge, ...cursors }));
  if (!merge) throw new Error(`no commit ${question.merge}`);
  if (merge.total !== merge.pulls.length) throw new Error(`${merge.total} pull requests of ${question.merge}, not all listed`);
  const merged = merge.pulls.filter(
    ({ pull }) => pull.mergedAt !== null && pull.mergeSha === question.merge && pull.baseRef === defaultBranch,
  );
  const [only] = merged;
  if (!only) return null;
  if (merged.length !== 1) throw new Error(`${merged.length} pull requests were merged as ${question.merge}; one is needed`);
  if (merge.parents.length === 0) throw new Error(`${question.merge} has no parent`);
  return { tip: needed(merge.tip), ...only, protection: null, parents: merge.parents };
}

async function parentsOf(reads: GithubReads, question: Exclude<GateQuestion, { moment: 'apply' }>) {
  if (question.moment === 'open') return null;
  const read = await reads.get('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { commit_sha: question.commit });
  return read?.parents.map(({ sha }) => sha) ?? [];
}

/** Where GitHub refuses to show what it wants, it refuses the whole answer: then the pull request is asked for alone. */
async function openPull(reads: GithubReads, variables: Readonly<Record<string, unknown>>) {
  try {
    const answer = await reads.query(OPEN, variables);
    return { answer, protection: await told(async () => parseProtection(answer)) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const why = `${error.message}; it takes read access to checks and commit statuses`;
    return { answer: await reads.query(OPEN_ALONE, variables), protection: unknown(why) };
  }
}

function needed(tip: string | null): string {
  if (tip === null) throw new Error('the default branch has no tip');
  return tip;
}

/** The open pull requests that a commit heads; of more than a hundred with it in them only the first are looked at. */
export async function pullsHeadedBy(reads: GithubReads, sha: string): Promise<readonly number[]> {
  const listed = await reads.get('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', { commit_sha: sha, per_page: 100 });
  return (listed ?? []).filter((one) => one.state === 'open' && one.head.sha === sha).map(({ number }) => number);
}

export async function openPulls(reads: GithubReads, defaultBranch: string): Promise<readonly number[]> {
  return reads.pages('GET /repos/{owner}/{repo}/pulls', { state: 'open', base: defaultBranch }, parseNumbers);
}
