import { diffFiles } from '../git/diff.ts';
import { commitsBetween, mergeBase } from '../git/history.ts';
import type { Fields } from '../json.ts';
import { mergeability } from '../mergeability.ts';
import type { Issue, Pull, Remark, Review } from '../nouns.ts';
import { accountOf, type World } from '../world.ts';
import { nodeId, ownerShape, userShape } from './account.ts';
import { assigneesOf, association, commentsOf, labelsOf, rollup } from './issue.ts';
import { mergeSettings, pageUrl, repositoryShape, repositoryUrl } from './repository.ts';
import { teamShape } from './team.ts';

function links(world: World, issue: Issue, pull: Pull): Readonly<Record<string, string>> {
  const root = repositoryUrl(world);
  const url = `${root}/pulls/${issue.number}`;
  const page = `${pageUrl(world)}/pull/${issue.number}`;
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${root}/issues/${issue.number}`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${root}/pulls/comments{/number}`,
    comments_url: `${root}/issues/${issue.number}/comments`,
    statuses_url: `${root}/statuses/${pull.headSha}`,
  };
}

function linkObjects(all: Readonly<Record<string, string>>): Fields {
  const href = (name: string) => ({ href: all[name] ?? '' });
  return {
    self: href('url'),
    html: href('html_url'),
    issue: href('issue_url'),
    comments: href('comments_url'),
    review_comments: href('review_comments_url'),
    review_comment: href('review_comment_url'),
    commits: href('commits_url'),
    statuses: href('statuses_url'),
  };
}

function endShape(world: World, ref: string, sha: string): Fields {
  const repo = { ...repositoryShape(world), ...mergeSettings() };
  return { label: `${world.owner}:${ref}`, ref, sha, user: ownerShape(world), repo };
}

/** The pull request as lists show it. */
export function simplePullShape(world: World, issue: Issue, pull: Pull): Fields {
  const all = links(world, issue, pull);
  const assignees = assigneesOf(world, issue);
  const reviewers = pull.reviewers.flatMap((login) => accountOf(world, login) ?? []);
  const teams = (world.seed.teams ?? []).filter((team) => pull.teams.includes(team.slug));
  return {
    ...all,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: issue.number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: userShape(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.sha ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: reviewers.map((account) => userShape(world, account)),
    requested_teams: teams.map((team) => teamShape(world, team)),
    labels: labelsOf(world, issue),
    milestone: null,
    draft: pull.draft,
    head: endShape(world, pull.headRef, pull.headSha),
    base: endShape(world, pull.baseRef, pull.baseSha),
    _links: linkObjects(all),
    author_association: association(world, issue.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** The pull request asked for by number. `ask` starts GitHub's computation of `mergeable`; webhooks do not wait for it. */
export function pullShape(world: World, issue: Issue, pull: Pull, ask: boolean): Fields {
  const base = mergeBase(world.git, pull.baseSha, pull.headSha);
  const files = diffFiles(world.git, base, pull.headSha);
  const state = mergeability(world, issue, pull, ask);
  return {
    ...simplePullShape(world, issue, pull),
    merged: pull.merge !== null,
    mergeable: state.mergeable,
    rebaseable: state.mergeable,
    mergeable_state: state.state,
    merged_by: pull.merge === null ? null : userShape(world, pull.merge.by),
    comments: commentsOf(world, issue.number).length,
    review_comments: pull.remarks.length,
    maintainer_can_modify: false,
    commits: commitsBetween(world.git, pull.baseSha, pull.headSha).length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** How check runs and suites name the pull requests that their commit heads. */
export function minimalPullShape(world: World, issue: Issue, pull: Pull): Fields {
  const repo = { id: world.repositoryId, url: repositoryUrl(world), name: world.repo };
  return {
    id: pull.id,
    number: issue.number,
    url: `${repositoryUrl(world)}/pulls/${issue.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo },
  };
}

export function reviewShape(world: World, issue: Issue, review: Review): Fields {
  const html = `${pageUrl(world)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const url = `${repositoryUrl(world)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userShape(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: association(world, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  };
}

export function remarkShape(world: World, issue: Issue, remark: Remark): Fields {
  const self = `${repositoryUrl(world)}/pulls/comments/${remark.id}`;
  const html = `${pageUrl(world)}/pull/${issue.number}#discussion_r${remark.id}`;
  const pull = `${repositoryUrl(world)}/pulls/${issue.number}`;
  return {
    url: self,
    pull_request_review_id: remark.review,
    id: remark.id,
    node_id: nodeId('PRRC', remark.id),
    diff_hunk: '',
    path: remark.path,
    commit_id: remark.commit,
    original_commit_id: remark.commit,
    user: userShape(world, remark.author),
    body: remark.body,
    created_at: remark.createdAt,
    updated_at: remark.createdAt,
    html_url: html,
    pull_request_url: pull,
    author_association: association(world, remark.author),
    _links: { self: { href: self }, html: { href: html }, pull_request: { href: pull } },
    reactions: rollup(self, []),
    position: remark.position ?? 1,
    original_position: remark.position ?? 1,
    subject_type: remark.line === null && remark.position === null ? 'file' : 'line',
    start_line: null,
    original_start_line: null,
    start_side: null,
    side: remark.side,
    ...(remark.line === null ? {} : { line: remark.line, original_line: remark.line }),
  };
}
