import type { Octokit } from '@octokit/core';
import type { IssueReader, IssueWriter } from '../../ports.ts';
import { parseIssues, parseNotes, parseReviews } from '../../schema/github-issues.ts';
import { type GithubReads, type Repository, statusOf } from './reads.ts';

/** The label that every issue of ours carries; it narrows the search and is believed in nothing. */
export const OUR_LABEL = 'sluice';

/** Issues as our own App opened them: `bot` is its login, such as `sluice[bot]`. */
export function issueReader(reads: GithubReads, bot: string): IssueReader {
  return {
    async findByMarker(marker) {
      const issues = await reads.pages(
        'GET /repos/{owner}/{repo}/issues',
        { labels: OUR_LABEL, creator: bot, state: 'all', sort: 'created', direction: 'desc' },
        parseIssues,
      );
      return issues.filter((issue) => !issue.isPull && issue.body.includes(marker));
    },
    async thread(number) {
      const issue = await reads.get('GET /repos/{owner}/{repo}/issues/{issue_number}', { issue_number: number });
      const [thread] = issue ? parseIssues([issue]) : [];
      if (!thread) throw new Error(`no issue #${number}`);
      return thread;
    },
    async notes(number) {
      const notes = await reads.pages(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { issue_number: number },
        parseNotes,
      );
      return notes.map(({ login, ...note }) => ({ ...note, ours: login === bot }));
    },
    async reviews(number) {
      const reviews = await reads.pages(
        'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
        { pull_number: number },
        parseReviews,
      );
      return reviews.map(({ login, ...note }) => ({ ...note, ours: login === bot }));
    },
  };
}

export function issueWriter(octokit: Octokit, repository: Repository): IssueWriter {
  return {
    async open(title, body, labels) {
      const { data } = await octokit.request('POST /repos/{owner}/{repo}/issues', {
        ...repository,
        title,
        body,
        labels: [...labels],
      });
      const [thread] = parseIssues([data]);
      if (!thread) throw new Error('GitHub answered a new issue without a number');
      return thread;
    },
    async update(number, change) {
      await octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
        ...repository,
        issue_number: number,
        ...(change.body !== undefined && { body: change.body }),
        ...(change.labels && { labels: [...change.labels] }),
        ...(change.state === 'open' && { state: 'open', state_reason: 'reopened' }),
        ...(change.state === 'closed' && { state: 'closed', state_reason: 'completed' }),
        ...(change.state === 'not_planned' && { state: 'closed', state_reason: 'not_planned' }),
      });
    },
    async comment(number, body) {
      const { data } = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...repository,
        issue_number: number,
        body,
      });
      return Number(data.id);
    },
    async editComment(id, body) {
      const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
      try {
        await octokit.request(route, { ...repository, comment_id: id, body });
      } catch (error) {
        // Somebody deleted it: that is theirs to decide, and no reason to leave the rest undone.
        if (statusOf(error) !== 404) throw error;
      }
    },
    async react(commentId, reaction) {
      await octokit.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
        ...repository,
        comment_id: commentId,
        content: reaction,
      });
    },
  };
}
