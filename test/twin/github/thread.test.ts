import { expect, test } from 'vitest';
import { refusal, type Stage, stage } from '../../support/github.ts';

const THREAD = `query($number: Int!, $after: String) { repository(owner: "acme", name: "pipelines") { pullRequest(number: $number) {
  reviewDecision mergeable
  comments(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
    databaseId id body lastEditedAt includesCreatedEdit createdViaEmail createdAt updatedAt
    author { __typename login ... on User { databaseId } ... on Bot { databaseId } } editor { login } } }
  timelineItems(first: 50, itemTypes: [COMMENT_DELETED_EVENT, BASE_REF_CHANGED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, RENAMED_TITLE_EVENT]) {
    totalCount nodes { __typename ... on CommentDeletedEvent { createdAt actor { login } deletedCommentAuthor { login } }
      ... on HeadRefForcePushedEvent { beforeCommit { oid } afterCommit { oid } } ... on RenamedTitleEvent { previousTitle currentTitle } } }
  commits(first: 10) { nodes { commit { oid authors(first: 5) { nodes { email user { login databaseId } } } committer { user { login } } } } }
} } }`;

interface ThreadAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly comments: {
        readonly totalCount: number;
        readonly pageInfo: { readonly endCursor: string };
        readonly nodes: readonly Record<string, unknown>[];
      };
      readonly timelineItems: { readonly totalCount: number; readonly nodes: readonly Record<string, unknown>[] };
      readonly commits: { readonly nodes: readonly Record<string, unknown>[] };
    };
  };
}

async function pull(on: Stage): Promise<number> {
  await on.branch('fix', { 'a.txt': 'a\n' });
  return (await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' })).data.number;
}

test('an issue is opened, labelled, changed and closed, and every step is told', async () => {
  const on = await stage();
  const told: string[] = [];
  on.twin.onEvent((event) => void told.push(`${event.name}.${String(event.payload.action)}`));
  const { data } = await on.app.rest.issues.create({ ...on.at, title: 'Lag', body: 'words', labels: ['sluice', 'incident'] });
  expect(data).toMatchObject({ number: 1, state: 'open', user: { login: 'sluice[bot]' }, performed_via_github_app: { id: 7 } });
  expect(data.labels).toHaveLength(2);
  const at = { ...on.at, issue_number: 1 };
  await on.app.rest.issues.update({ ...at, title: 'Lag grows' });
  await on.app.rest.issues.removeLabel({ ...at, name: 'incident' });
  await on.app.rest.issues.update({ ...at, state: 'closed', state_reason: 'not_planned' });
  expect((await on.app.rest.issues.get(at)).data).toMatchObject({
    state: 'closed',
    state_reason: 'not_planned',
    closed_by: { type: 'Bot' },
  });
  await on.app.rest.issues.update({ ...at, state: 'open' });
  expect((await on.app.rest.issues.get(at)).data).toMatchObject({ state: 'open', state_reason: 'reopened' });
  const steps = ['opened', 'labeled', 'labeled', 'edited', 'unlabeled', 'closed', 'reopened'];
  expect(told).toEqual(steps.map((step) => `issues.${step}`));
  const timeline = await on.app.rest.issues.listEventsForTimeline(at);
  expect(timeline.data.map((event) => event.event)).toEqual(['labeled', 'labeled', 'renamed', 'unlabeled', 'closed', 'reopened']);
});

test('issues are found by state, label and time, newest first', async () => {
  const on = await stage();
  for (const [index, labels] of [['a'], ['b'], ['a', 'b']].entries()) {
    on.tick(60);
    await on.app.rest.issues.create({ ...on.at, title: `Issue ${index + 1}`, labels });
  }
  const numbers = async (query: object) =>
    (await on.app.rest.issues.listForRepo({ ...on.at, ...query })).data.map((issue) => issue.number);
  expect(await numbers({})).toEqual([3, 2, 1]);
  expect(await numbers({ labels: 'a' })).toEqual([3, 1]);
  expect(await numbers({ state: 'closed' })).toEqual([]);
  expect(await numbers({ direction: 'asc' })).toEqual([1, 2, 3]);
  expect((await on.app.paginate(on.app.rest.issues.listForRepo, { ...on.at, per_page: 1 })).map((issue) => issue.number)).toEqual(
    [3, 2, 1],
  );
});

test('who only reads may open issues and comment, but not label', async () => {
  const on = await stage();
  const rita = on.user('rita');
  const { data } = await rita.rest.issues.create({ ...on.at, title: 'Mine', labels: ['important'] });
  expect(data.labels).toEqual([]);
  const at = { ...on.at, issue_number: data.number };
  expect((await rita.rest.issues.createComment({ ...at, body: 'hello' })).data.author_association).toBe('NONE');
  expect((await refusal(rita.rest.issues.addLabels({ ...at, labels: ['x'] }))).status).toBe(403);
  expect((await refusal(on.user('nobody').rest.issues.createComment({ ...at, body: 'x' }))).status).toBe(404);
});

test('a comment on a pull request says so, and carries who wrote it by which App', async () => {
  const on = await stage();
  const seen: unknown[] = [];
  const number = await pull(on);
  on.twin.onEvent((event) => void seen.push(event.payload.issue));
  const { data } = await on.app.rest.issues.createComment({ ...on.at, issue_number: number, body: 'plan' });
  expect(data).toMatchObject({ performed_via_github_app: { slug: 'sluice' }, user: { login: 'sluice[bot]' } });
  const person = await on.user('olga').rest.issues.createComment({ ...on.at, issue_number: number, body: '/approve' });
  expect(person.data).toMatchObject({ performed_via_github_app: null, author_association: 'MEMBER' });
  expect(seen[1]).toMatchObject({ number, pull_request: { merged_at: null } });
});

test('any writer edits or deletes any comment; the author stays, and GraphQL tells on them', async () => {
  const on = await stage();
  const number = await pull(on);
  const at = { ...on.at, issue_number: number };
  const first = await on.user('olga').rest.issues.createComment({ ...at, body: '/approve abc' });
  const second = await on.user('olga').rest.issues.createComment({ ...at, body: 'other' });
  const third = await on.app.rest.issues.createComment({ ...at, body: 'plan' });
  on.tick(60);
  expect(
    (await refusal(on.user('rita').rest.issues.updateComment({ ...on.at, comment_id: first.data.id, body: 'x' }))).status,
  ).toBe(403);
  const edited = await on.user('alice').rest.issues.updateComment({ ...on.at, comment_id: first.data.id, body: '/approve def' });
  expect(edited.data).toMatchObject({ user: { login: 'olga' }, body: '/approve def' });
  await on.user('alice').rest.issues.deleteComment({ ...on.at, comment_id: second.data.id });
  await on.app.rest.pulls.update({ ...on.at, pull_number: number, title: 'Renamed' });

  const page = await on.app.graphql<ThreadAnswer>(THREAD, { number });
  const told = page.repository.pullRequest;
  expect(told.comments.totalCount).toBe(2);
  expect(told.comments.nodes[0]).toMatchObject({
    databaseId: first.data.id,
    includesCreatedEdit: true,
    createdViaEmail: false,
    author: { __typename: 'User', login: 'olga', databaseId: 11 },
    editor: { login: 'alice' },
  });
  expect(told.comments.nodes[0]?.lastEditedAt).not.toBeNull();
  expect(told.timelineItems.nodes).toMatchObject([
    { __typename: 'CommentDeletedEvent', actor: { login: 'alice' }, deletedCommentAuthor: { login: 'olga' } },
    { __typename: 'RenamedTitleEvent', previousTitle: 'Fix', currentTitle: 'Renamed' },
  ]);
  const next = await on.app.graphql<ThreadAnswer>(THREAD, { number, after: told.comments.pageInfo.endCursor });
  expect(next.repository.pullRequest.comments.nodes[0]).toMatchObject({
    databaseId: third.data.id,
    lastEditedAt: null,
    includesCreatedEdit: false,
    author: { __typename: 'Bot', login: 'sluice' },
  });
});

test('the commits of a pull request name their authors and co-authors', async () => {
  const on = await stage();
  const main = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const tree = await on.app.rest.git.createTree({
    ...on.at,
    base_tree: main,
    tree: [{ path: 'a', mode: '100644', type: 'blob', content: 'a' }],
  });
  const message = 'x\n\nCo-authored-by: alice <alice@example.test>';
  const author = { name: 'Olga', email: 'olga@example.test' };
  const commit = await on.app.rest.git.createCommit({ ...on.at, message, tree: tree.data.sha, parents: [main], author });
  await on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/co', sha: commit.data.sha });
  const { data } = await on.app.rest.pulls.create({ ...on.at, head: 'co', base: 'main', title: 'Co' });
  const told = await on.app.graphql<ThreadAnswer>(THREAD, { number: data.number });
  expect(told.repository.pullRequest.commits.nodes).toMatchObject([
    {
      commit: {
        oid: commit.data.sha,
        authors: { nodes: [{ user: { login: 'olga', databaseId: 11 } }, { user: { login: 'alice' } }] },
      },
    },
  ]);
});

test('a force push is in the timeline with both ends', async () => {
  const on = await stage();
  const number = await pull(on);
  const before = (await on.app.rest.pulls.get({ ...on.at, pull_number: number })).data.head.sha;
  const after = await on.branch('other', { 'b.txt': 'b\n' });
  await on.user('olga').rest.git.updateRef({ ...on.at, ref: 'heads/fix', sha: after, force: true });
  const told = await on.app.graphql<ThreadAnswer>(THREAD, { number });
  expect(told.repository.pullRequest.timelineItems.nodes).toEqual([
    { __typename: 'HeadRefForcePushedEvent', beforeCommit: { oid: before }, afterCommit: { oid: after } },
  ]);
});

test('a reaction is one however often it is given', async () => {
  const on = await stage();
  const issue = await on.app.rest.issues.create({ ...on.at, title: 'x' });
  const comment = await on.app.rest.issues.createComment({ ...on.at, issue_number: issue.data.number, body: '/status' });
  const at = { ...on.at, comment_id: comment.data.id };
  const react = () => on.app.rest.reactions.createForIssueComment({ ...at, content: 'eyes' });
  const statuses = [(await react()).status, (await react()).status];
  expect(statuses).toEqual([201, 200]);
  expect((await on.app.rest.reactions.listForIssueComment(at)).data).toHaveLength(1);
  expect((await on.app.rest.issues.getComment(at)).data.reactions?.eyes).toBe(1);
  expect((await on.app.rest.issues.listCommentsForRepo(on.at)).data.map((one) => one.id)).toEqual([comment.data.id]);
  await on.app.rest.reactions.createForIssue({ ...on.at, issue_number: issue.data.number, content: '+1' });
  expect((await on.app.rest.reactions.listForIssue({ ...on.at, issue_number: issue.data.number })).data).toHaveLength(1);
});

test('labels are made by use or by hand', async () => {
  const on = await stage();
  await on.app.rest.issues.createLabel({ ...on.at, name: 'incident', color: 'ff0000', description: 'alert' });
  expect((await refusal(on.app.rest.issues.createLabel({ ...on.at, name: 'Incident' }))).status).toBe(422);
  await on.app.rest.issues.create({ ...on.at, title: 'x' });
  const at = { ...on.at, issue_number: 1 };
  expect((await on.app.rest.issues.setLabels({ ...at, labels: ['incident', 'new'] })).data.map((label) => label.name)).toEqual([
    'incident',
    'new',
  ]);
  expect((await on.app.rest.issues.addLabels({ ...at, labels: ['third'] })).data).toHaveLength(3);
  expect((await refusal(on.app.rest.issues.removeLabel({ ...at, name: 'ghost' }))).status).toBe(404);
  await on.app.rest.issues.removeAllLabels(at);
  expect((await on.app.rest.issues.listLabelsOnIssue(at)).data).toEqual([]);
  expect((await on.app.rest.issues.listLabelsForRepo(on.at)).data).toHaveLength(3);
  expect((await on.app.rest.issues.getLabel({ ...on.at, name: 'incident' })).data.color).toBe('ff0000');
});

test('GraphQL answers mistakes like GitHub: in words, with a type', async () => {
  const on = await stage();
  const ask = (query: string, token = 'tok-alice') => refusalOf(on.withToken(token).graphql(query));
  expect(await ask('{ repository(owner: "acme", name: "pipelines") { pullRequest(number: 99) { id } } }')).toContain('NOT_FOUND');
  expect(await ask('{ repository(owner: "acme", name: "pipelines") { id } }', 'tok-nobody')).toContain('NOT_FOUND');
  const number = await pull(on);
  const unbounded = `{ repository(owner: "acme", name: "pipelines") { pullRequest(number: ${number}) { comments { totalCount } } } }`;
  expect(await ask(unbounded)).toContain('first');
  const id = (await on.app.rest.pulls.get({ ...on.at, pull_number: number })).data.node_id;
  expect(await ask(`mutation { enablePullRequestAutoMerge(input: {pullRequestId: "${id}"}) { clientMutationId } }`)).toContain(
    'Auto merge',
  );
  expect(await ask(`mutation { enqueuePullRequest(input: {pullRequestId: "${id}"}) { clientMutationId } }`)).toContain(
    'Merge queue',
  );
  const job = on.twin.mintActionsToken({ permissions: { contents: 'read' }, runId: 1 });
  expect(await ask(`{ repository(owner: "acme", name: "pipelines") { pullRequest(number: ${number}) { id } } }`, job)).toContain(
    'FORBIDDEN',
  );
});

async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (problem) {
    return JSON.stringify(problem instanceof Error && 'errors' in problem ? problem.errors : String(problem));
  }
  throw new Error('the query was not refused');
}
