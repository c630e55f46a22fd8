import { describe, expect, test } from 'vitest';
import { refusal, type Stage, stage } from '../../support/github.ts';

async function opened(
  on: Stage,
  branch = 'fix',
  files: Readonly<Record<string, string>> = { 'jobs/orders.json': '{\n  "max_workers": 12\n}\n' },
) {
  const head = await on.branch(branch, files);
  const { data } = await on.app.rest.pulls.create({
    ...on.at,
    head: branch,
    base: 'main',
    title: `Change ${branch}`,
    body: 'Why',
  });
  return { head, number: data.number, pull: data };
}

describe('a pull request', () => {
  test('shows mergeable null first and the truth afterwards', async () => {
    const on = await stage();
    const { number } = await opened(on);
    const first = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
    const second = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
    expect([first.data.mergeable, second.data.mergeable, second.data.mergeable_state]).toEqual([null, true, 'clean']);
  });

  test('follows its branch and says so with synchronize', async () => {
    const on = await stage();
    const events: string[] = [];
    on.twin.onEvent((event) => void events.push(`${event.name}.${String(event.payload.action ?? '')}`));
    const { head, number } = await opened(on);
    const file = await on.app.rest.repos.getContent({ ...on.at, path: 'jobs/orders.json', ref: 'fix' });
    if (Array.isArray(file.data) || file.data.type !== 'file') throw new Error('no file');
    const content = Buffer.from('{\n  "max_workers": 16\n}\n').toString('base64');
    await on.app.rest.repos.createOrUpdateFileContents({
      ...on.at,
      path: 'jobs/orders.json',
      message: 'More',
      content,
      sha: file.data.sha,
      branch: 'fix',
    });
    const { data } = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
    expect(data.head.sha).not.toBe(head);
    expect(data.commits).toBe(2);
    expect(events).toContain('pull_request.synchronize');
  });

  test('lists its files with patches and its commits', async () => {
    const on = await stage();
    const { number, head } = await opened(on);
    const files = await on.app.rest.pulls.listFiles({ ...on.at, pull_number: number });
    expect(files.data).toMatchObject([{ filename: 'jobs/orders.json', status: 'modified', additions: 1, deletions: 1 }]);
    expect(files.data[0]?.patch).toContain('+  "max_workers": 12');
    const commits = await on.app.rest.pulls.listCommits({ ...on.at, pull_number: number });
    expect(commits.data.map((commit) => commit.sha)).toEqual([head]);
    expect(commits.data[0]?.author).toMatchObject({ login: 'sluice[bot]', type: 'Bot' });
  });

  test.each([
    ['a second one for the same branch', 'fix', /already exists/],
    ['one without a commit', 'main', /No commits between/],
    ['one from a branch that does not exist', 'ghost', /Validation Failed/],
  ])('%s is refused with 422', async (_, head, words) => {
    const on = await stage();
    await opened(on);
    const no = await refusal(on.app.rest.pulls.create({ ...on.at, head, base: 'main', title: 'Again' }));
    expect(no.status).toBe(422);
    expect(no.message).toMatch(words);
  });

  test('changing its base leaves a trace in the timeline', async () => {
    const on = await stage();
    const { number } = await opened(on);
    await on.branch('other', { 'x.txt': 'x\n' });
    await on.app.rest.pulls.update({ ...on.at, pull_number: number, base: 'other', title: 'New title' });
    const { data } = await on.app.rest.issues.listEventsForTimeline({ ...on.at, issue_number: number });
    expect(data.map((event) => event.event)).toEqual(['renamed', 'base_ref_changed']);
  });

  test('closes when its branch is deleted', async () => {
    const on = await stage();
    const { number } = await opened(on);
    await on.app.rest.git.deleteRef({ ...on.at, ref: 'heads/fix' });
    const { data } = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
    expect([data.state, data.merged]).toEqual(['closed', false]);
  });
});

describe('a merge', () => {
  test('keeps both of two pull requests that change different files', async () => {
    const on = await stage();
    const one = await opened(on, 'one', { 'a.txt': 'a\n' });
    const two = await opened(on, 'two', { 'b.txt': 'b\n' });
    await on.app.rest.pulls.merge({ ...on.at, pull_number: one.number, sha: one.head });
    const merged = await on.app.rest.pulls.merge({ ...on.at, pull_number: two.number, sha: two.head });
    const tree = await on.app.rest.git.getTree({ ...on.at, tree_sha: merged.data.sha, recursive: '1' });
    expect(tree.data.tree.map((entry) => entry.path)).toEqual(expect.arrayContaining(['a.txt', 'b.txt', 'jobs/orders.json']));
    const commit = await on.app.rest.repos.getCommit({ ...on.at, ref: merged.data.sha });
    expect(commit.data.parents).toHaveLength(2);
    expect(commit.data.committer?.login).toBe('web-flow');
  });

  test('of a stale sha answers 409 and merges nothing', async () => {
    const on = await stage();
    const { number } = await opened(on);
    const before = await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' });
    const no = await refusal(on.app.rest.pulls.merge({ ...on.at, pull_number: number, sha: '0'.repeat(40) }));
    const after = await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' });
    expect(no.status).toBe(409);
    expect(after.data).toEqual(before.data);
  });

  test('that conflicts answers 405, and mergeable is false', async () => {
    const on = await stage();
    const one = await opened(on, 'one', { 'jobs/orders.json': 'one\n' });
    const two = await opened(on, 'two', { 'jobs/orders.json': 'two\n' });
    await on.app.rest.pulls.merge({ ...on.at, pull_number: one.number });
    await on.app.rest.pulls.get({ ...on.at, pull_number: two.number });
    const { data } = await on.app.rest.pulls.get({ ...on.at, pull_number: two.number });
    expect([data.mergeable, data.mergeable_state]).toEqual([false, 'dirty']);
    expect((await refusal(on.app.rest.pulls.merge({ ...on.at, pull_number: two.number }))).status).toBe(405);
  });

  test('of a merged pull request answers 405', async () => {
    const on = await stage();
    const { number } = await opened(on);
    await on.app.rest.pulls.merge({ ...on.at, pull_number: number });
    expect((await refusal(on.app.rest.pulls.merge({ ...on.at, pull_number: number }))).status).toBe(405);
  });

  test('of a draft answers 405 until GraphQL marks it ready', async () => {
    const on = await stage();
    await on.branch('fix', { 'a.txt': 'a\n' });
    const { data } = await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Draft', draft: true });
    expect((await refusal(on.app.rest.pulls.merge({ ...on.at, pull_number: data.number }))).status).toBe(405);
    const ready = 'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }';
    expect(await on.app.graphql(ready, { id: data.node_id })).toEqual({
      markPullRequestReadyForReview: { pullRequest: { isDraft: false } },
    });
    expect((await on.app.rest.pulls.merge({ ...on.at, pull_number: data.number })).data.merged).toBe(true);
  });

  test.each([
    ['squash', 1, 1],
    ['rebase', 2, 1],
    ['merge', 3, 2],
  ] as const)('by %s adds %i commits of which the last has %i parents', async (merge_method, commits, parents) => {
    const on = await stage();
    await opened(on, 'base', { 'base.txt': 'b\n' }).then(({ number }) =>
      on.app.rest.pulls.merge({ ...on.at, pull_number: number }),
    );
    const before = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
    const first = await opened(on, 'fix', { 'a.txt': 'a\n' });
    const content = Buffer.from('c\n').toString('base64');
    await on.app.rest.repos.createOrUpdateFileContents({ ...on.at, path: 'c.txt', message: 'Second', content, branch: 'fix' });
    const { data } = await on.app.rest.pulls.merge({ ...on.at, pull_number: first.number, merge_method });
    const compared = await on.app.rest.repos.compareCommitsWithBasehead({ ...on.at, basehead: `${before}...${data.sha}` });
    expect(compared.data.ahead_by).toBe(commits);
    expect((await on.app.rest.git.getCommit({ ...on.at, commit_sha: data.sha })).data.parents).toHaveLength(parents);
    expect(compared.data.files?.map((file) => file.filename)).toEqual(['a.txt', 'c.txt']);
  });

  test('closes the issues that the pull request fixes, sends push, and is found by its commit', async () => {
    const on = await stage();
    const names: string[] = [];
    on.twin.onEvent((event) => void names.push(event.name));
    const issue = await on.user('rita').rest.issues.create({ ...on.at, title: 'Broken' });
    await on.branch('fix', { 'a.txt': 'a\n' });
    const { data } = await on.app.rest.pulls.create({
      ...on.at,
      head: 'fix',
      base: 'main',
      title: 'Fix',
      body: `Fixes #${issue.data.number}`,
    });
    names.length = 0;
    const merged = await on.app.rest.pulls.merge({ ...on.at, pull_number: data.number });
    expect(names).toEqual(['push', 'pull_request', 'issues']);
    expect((await on.app.rest.issues.get({ ...on.at, issue_number: issue.data.number })).data).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
    });
    const found = await on.app.rest.repos.listPullRequestsAssociatedWithCommit({ ...on.at, commit_sha: merged.data.sha });
    expect(found.data.map((pull) => [pull.number, pull.merge_commit_sha])).toEqual([[data.number, merged.data.sha]]);
  });

  test('of a branch pushed straight to main marks the pull request merged too', async () => {
    const on = await stage();
    const { number, head } = await opened(on);
    await on.user('olga').rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: head });
    const { data } = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
    expect([data.merged, data.merge_commit_sha]).toEqual([true, head]);
    const log = await on.app.rest.repos.listActivities({ ...on.at, ref: 'refs/heads/main' });
    expect(log.data.map((one) => [one.activity_type, one.actor?.login])).toEqual([['push', 'olga']]);
  });

  test('waits for the checks and reviews that the branch requires', async () => {
    const on = await stage({
      branchRules: [{ branch: 'main', requiredChecks: [{ context: 'sluice/gate', appId: 7 }], requiredReviews: 1 }],
    });
    const { number, head } = await opened(on);
    const merge = () => on.app.rest.pulls.merge({ ...on.at, pull_number: number });
    expect((await refusal(merge())).message).toContain('sluice/gate');
    await on.app.rest.checks.create({
      ...on.at,
      name: 'sluice/gate',
      head_sha: head,
      status: 'completed',
      conclusion: 'success',
    });
    expect((await refusal(merge())).message).toContain('approving review');
    await on.user('olga').rest.pulls.createReview({ ...on.at, pull_number: number, event: 'APPROVE' });
    expect((await merge()).data.merged).toBe(true);
    const rules = await on.app.rest.repos.getBranchRules({ ...on.at, branch: 'main' });
    expect(rules.data.map((rule) => rule.type)).toEqual(['pull_request', 'required_status_checks']);
    expect(
      (await refusal(on.user('olga').rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: head, force: true }))).status,
    ).toBe(422);
  });

  test('is refused to who only reads, and to an App without contents', async () => {
    const on = await stage();
    const { number } = await opened(on);
    expect((await refusal(on.user('rita').rest.pulls.merge({ ...on.at, pull_number: number }))).status).toBe(403);
    expect((await refusal(on.user('nobody').rest.pulls.merge({ ...on.at, pull_number: number }))).status).toBe(404);
    const apply = on.asApp(8, 101);
    const no = await refusal(apply.rest.pulls.merge({ ...on.at, pull_number: number }));
    expect([no.status, no.message]).toEqual([403, expect.stringContaining('Resource not accessible by integration')]);
  });
});

describe('a review', () => {
  test('of its own pull request by the author is refused, and lines outside the diff too', async () => {
    const on = await stage();
    const { number } = await opened(on);
    const own = on.app.rest.pulls.createReview({ ...on.at, pull_number: number, event: 'APPROVE' });
    expect((await refusal(own)).status).toBe(422);
    const comments = (line: number) => [{ path: 'jobs/orders.json', line, side: 'RIGHT', body: 'Eight was too few' }];
    const review = (line: number) =>
      on.app.rest.pulls.createReview({ ...on.at, pull_number: number, event: 'COMMENT', body: 'Why', comments: comments(line) });
    expect((await refusal(review(90))).status).toBe(422);
    expect((await review(2)).data.state).toBe('COMMENTED');
    const remarks = await on.app.rest.pulls.listReviewComments({ ...on.at, pull_number: number });
    expect(remarks.data).toMatchObject([{ path: 'jobs/orders.json', line: 2 }]);
  });

  test('can be requested and is then no longer waited for', async () => {
    const on = await stage();
    const { number } = await opened(on);
    await on.app.rest.pulls.requestReviewers({ ...on.at, pull_number: number, reviewers: ['olga'], team_reviewers: ['data'] });
    const asked = await on.app.rest.pulls.listRequestedReviewers({ ...on.at, pull_number: number });
    expect([asked.data.users[0]?.login, asked.data.teams[0]?.slug]).toEqual(['olga', 'data']);
    await on.user('olga').rest.pulls.createReview({ ...on.at, pull_number: number, event: 'COMMENT', body: 'Seen' });
    expect((await on.app.rest.pulls.listRequestedReviewers({ ...on.at, pull_number: number })).data.users).toEqual([]);
  });
});

test('pull requests, their reviews and their remarks are found again', async () => {
  const on = await stage();
  const { number, head } = await opened(on);
  const at = { ...on.at, pull_number: number };
  const list = async (query: object) => (await on.app.rest.pulls.list({ ...on.at, ...query })).data.map((pull) => pull.number);
  expect(await list({ head: 'acme:fix' })).toEqual([number]);
  expect(await list({ head: 'acme:other' })).toEqual([]);
  expect(await list({ state: 'closed' })).toEqual([]);
  await on.app.rest.pulls.requestReviewers({ ...at, reviewers: ['olga'] });
  await on.app.rest.pulls.removeRequestedReviewers({ ...at, reviewers: ['olga'] });
  expect((await on.app.rest.pulls.listRequestedReviewers(at)).data.users).toEqual([]);
  const remark = { ...at, commit_id: head, path: 'jobs/orders.json', line: 2, body: 'Why' };
  expect((await on.app.rest.pulls.createReviewComment(remark)).data.position).toBe(3);
  await on.user('olga').rest.pulls.createReview({ ...at, event: 'APPROVE' });
  expect((await on.app.rest.pulls.listReviews(at)).data.map((review) => [review.state, review.commit_id])).toEqual([
    ['COMMENTED', head],
    ['APPROVED', head],
  ]);
  expect((await refusal(on.app.rest.pulls.checkIfMerged(at))).status).toBe(404);
  await on.app.rest.pulls.merge(at);
  expect((await on.app.rest.pulls.checkIfMerged(at)).status).toBe(204);
});

test('update-branch merges the base in, in the name of who asked', async () => {
  const on = await stage();
  const { number, head } = await opened(on);
  const other = await opened(on, 'other', { 'z.txt': 'z\n' });
  await on.app.rest.pulls.merge({ ...on.at, pull_number: other.number });
  expect(
    (await refusal(on.app.rest.pulls.updateBranch({ ...on.at, pull_number: number, expected_head_sha: other.head }))).status,
  ).toBe(422);
  await on.user('olga').rest.pulls.updateBranch({ ...on.at, pull_number: number, expected_head_sha: head });
  const { data } = await on.app.rest.pulls.get({ ...on.at, pull_number: number });
  const commit = await on.app.rest.git.getCommit({ ...on.at, commit_sha: data.head.sha });
  expect(commit.data.parents.map((parent) => parent.sha)[0]).toBe(head);
  const log = await on.app.rest.repos.listActivities({ ...on.at, ref: 'refs/heads/fix', per_page: 1 });
  expect(log.data[0]).toMatchObject({ after: data.head.sha, actor: { login: 'olga' } });
});
