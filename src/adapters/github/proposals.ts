import type { Octokit } from '@octokit/core';
import type { CommittedFile, MergeAnswer, Proposal, Remark } from '../../model/thread.ts';
import type { ProposalWriter } from '../../ports.ts';
import { type GithubReads, type Repository, statusOf } from './reads.ts';

/** The pull requests that we open; nothing here can touch the default branch but `merge`, and that only at an expected head. */
export function proposalWriter(octokit: Octokit, reads: GithubReads, defaultBranch: string, botId: number): ProposalWriter {
  const { repository } = reads;
  return {
    commit: (branch, base, files, message) => commitOn(octokit, repository, branch, base, files, message),
    async open(branch, title, body, draft) {
      try {
        const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls', {
          ...repository,
          title,
          head: branch,
          base: defaultBranch,
          body,
          draft,
        });
        return proposalOf(data);
      } catch (error) {
        if (statusOf(error) === 422 && error instanceof Error && error.message.includes('pull request already exists'))
          return null;
        throw error;
      }
    },
    async find(branch) {
      const listed = await reads.get('GET /repos/{owner}/{repo}/pulls', {
        head: `${repository.owner}:${branch}`,
        state: 'all',
        base: defaultBranch,
      });
      const ours = (listed ?? []).find(
        (pull) => Number(pull.user?.id) === botId && pull.head.repo?.full_name === pull.base.repo.full_name,
      );
      return ours ? proposalOf(ours) : null;
    },
    async explain(number, sha, text, remarks) {
      const review = (comments: readonly Remark[]) =>
        octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
          ...repository,
          pull_number: number,
          commit_id: sha,
          event: 'COMMENT',
          body: text,
          comments: comments.map((remark) => ({ ...remark, side: 'RIGHT' })),
        });
      try {
        await review(remarks);
      } catch (error) {
        // A remark on a line that GitHub does not show must not cost the plan.
        if (statusOf(error) !== 422 || remarks.length === 0) throw error;
        await review([]);
      }
    },
    merge: (number, sha, title, message) => mergeAt(octokit, repository, number, sha, title, message),
  };
}

interface PullAnswer {
  readonly number: number;
  readonly state: string;
  readonly draft?: boolean | undefined;
  readonly merged_at?: string | null;
  readonly head: { readonly sha: string; readonly ref: string };
}

function proposalOf(pull: PullAnswer): Proposal {
  return {
    number: pull.number,
    headSha: pull.head.sha,
    branch: pull.head.ref,
    state: pull.state === 'open' ? 'open' : 'closed',
    merged: (pull.merged_at ?? null) !== null,
    draft: pull.draft ?? false,
  };
}

async function commitOn(
  octokit: Octokit,
  repository: Repository,
  branch: string,
  base: string,
  files: readonly CommittedFile[],
  message: string,
): Promise<string | null> {
  const tree = files.map(({ path, text }) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    ...(text === null ? { sha: null } : { content: text }),
  }));
  const { data: made } = await octokit.request('POST /repos/{owner}/{repo}/git/trees', { ...repository, base_tree: base, tree });
  const { data: commit } = await octokit.request('POST /repos/{owner}/{repo}/git/commits', {
    ...repository,
    message,
    tree: made.sha,
    parents: [base],
  });
  try {
    await octokit.request('POST /repos/{owner}/{repo}/git/refs', { ...repository, ref: `refs/heads/${branch}`, sha: commit.sha });
  } catch (error) {
    // GitHub's answer to a name that is taken.
    if (statusOf(error) === 422) return null;
    throw error;
  }
  return commit.sha;
}

/** 405: cannot be merged now; 409: the head moved. Both are answers, not failures; the gate decides again. */
async function mergeAt(
  octokit: Octokit,
  repository: Repository,
  number: number,
  sha: string,
  title: string,
  message: string,
): Promise<MergeAnswer> {
  try {
    const { data } = await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...repository,
      pull_number: number,
      sha,
      commit_title: title,
      commit_message: message,
      merge_method: 'merge',
    });
    return { merged: data.merged, sha: data.sha, why: data.message };
  } catch (error) {
    const status = statusOf(error);
    if (status !== 405 && status !== 409) throw error;
    return { merged: false, sha: null, why: error instanceof Error ? error.message : `GitHub answered ${status}` };
  }
}
