import type { GateQuestion, PullFacts } from '../../model/gate.ts';
import type { ConversationPage } from '../../schema/github-conversation.ts';
import { parseMergedPull, parseOpenPull } from '../../schema/github-pull.ts';
import { PULL_CONVERSATION } from './conversation.ts';
import type { GithubReads } from './reads.ts';

const PULL = `
number state author { __typename login ... on User { databaseId } ... on Bot { databaseId } }
baseRefName headRefName headRefOid mergedAt mergeCommit { oid }
baseRepository { databaseId } headRepository { databaseId }
${PULL_CONVERSATION}`;
const TIP = 'defaultBranchRef { name target { oid } }';

const OPEN = `
query($owner: String!, $repo: String!, $number: Int!, $comments: String, $timeline: String) {
  repository(owner: $owner, name: $repo) { ${TIP} pullRequest(number: $number) { ${PULL} } }
}`;
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
  /** The merge commit's parents; null while the pull request is open. */
  readonly parents: readonly string[] | null;
}

/** Step 1 of algorithm A in one answer: the tip, the one pull request that is asked about, and the start of its conversation. */
export async function askedPull(reads: GithubReads, question: GateQuestion, defaultBranch: string): Promise<Asked> {
  const cursors = { comments: null, timeline: null };
  if (question.moment === 'open') {
    const { tip, seen } = parseOpenPull(await reads.query(OPEN, { number: question.pull, ...cursors }));
    if (!seen) throw new Error(`no pull request #${question.pull}`);
    return { tip: needed(tip), ...seen, parents: null };
  }
  const merge = parseMergedPull(await reads.query(MERGED, { merge: question.merge, ...cursors }));
  if (!merge) throw new Error(`no commit ${question.merge}`);
  if (merge.total !== merge.pulls.length) throw new Error(`${merge.total} pull requests of ${question.merge}, not all listed`);
  const merged = merge.pulls.filter(
    ({ pull }) => pull.mergedAt !== null && pull.mergeSha === question.merge && pull.baseRef === defaultBranch,
  );
  const [only] = merged;
  if (!only || merged.length !== 1)
    throw new Error(`${merged.length} pull requests were merged as ${question.merge}; one is needed`);
  if (merge.parents.length === 0) throw new Error(`${question.merge} has no parent`);
  return { tip: needed(merge.tip), ...only, parents: merge.parents };
}

function needed(tip: string | null): string {
  if (tip === null) throw new Error('the default branch has no tip');
  return tip;
}
