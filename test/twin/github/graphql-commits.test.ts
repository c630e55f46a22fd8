import { expect, test } from 'vitest';
import { stage } from '../../support/github.ts';
import { ask, main, oid, REPO, repository } from './ask.ts';

interface HistoryAnswer {
  readonly repository: {
    readonly object: {
      readonly history: {
        readonly totalCount: number;
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
        readonly nodes: readonly { readonly oid: string }[];
      };
    };
  };
}

test('a commit shows any of its files and folders, and null for what it lacks', async () => {
  const on = await stage();
  const told = await repository(
    on,
    `defaultBranchRef { target { ... on Commit { tree { oid entries { name } }
       file(path: "jobs/orders.json") { type mode path object { ... on Blob { text } } }
       folder: file(path: "jobs") { type mode name size } none: file(path: "jobs/ghost.json") { oid } root: file(path: "") { oid } } } }`,
  );
  expect(told.defaultBranchRef).toMatchObject({
    target: {
      tree: { entries: [{ name: '.github' }, { name: 'README.md' }, { name: 'jobs' }] },
      file: { type: 'blob', mode: 33188, path: 'jobs/orders.json', object: { text: '{\n  "max_workers": 8\n}\n' } },
      folder: { type: 'tree', mode: 16384, name: 'jobs', size: 0 },
      none: null,
      root: null,
    },
  });
});

test('the history of a commit is newest first, also by path, time and author, and comes in pages', async () => {
  const on = await stage();
  const commits = [await main(on)];
  for (const [path, login] of [
    ['a', 'olga'],
    ['jobs/b', 'alice'],
    ['a', 'alice'],
    ['jobs/c', 'olga'],
  ] as const) {
    on.tick(60);
    const put = await on.user(login).rest.repos.createOrUpdateFileContents({
      ...on.at,
      path,
      message: path,
      content: btoa(String(commits.length)),
      ...(commits.length === 3 ? { sha: oid('1') } : {}),
    });
    commits.unshift(put.data.commit.sha ?? '');
  }
  const [tip = '', second = '', third = '', fourth = '', first = ''] = commits;
  const history = async (given: string) => {
    const told = await on.app.graphql<HistoryAnswer>(
      `{ ${REPO} { object(oid: "${tip}") { ... on Commit { history(${given}) { totalCount pageInfo { hasNextPage endCursor } nodes { oid } } } } } }`,
    );
    const { history } = told.repository.object;
    return { ...history, shas: history.nodes.map((node) => node.oid) };
  };
  expect(await history('first: 10')).toMatchObject({ totalCount: 5, shas: commits, pageInfo: { hasNextPage: false } });
  const page = await history('first: 2');
  expect(page).toMatchObject({ totalCount: 5, shas: [tip, second], pageInfo: { hasNextPage: true } });
  expect((await history(`first: 2, after: "${page.pageInfo.endCursor}"`)).shas).toEqual([third, fourth]);
  expect((await history('last: 1')).shas).toEqual([first]);
  expect((await history('first: 10, path: "jobs"')).shas).toEqual([tip, third, first]);
  expect((await history('first: 10, path: "ghost"')).shas).toEqual([]);
  const at = (await on.app.rest.git.getCommit({ ...on.at, commit_sha: third })).data.committer.date;
  expect((await history(`first: 10, since: "${at}"`)).shas).toEqual([tip, second, third]);
  expect((await history(`first: 10, until: "${at}"`)).shas).toEqual([third, fourth, first]);
  expect((await history('first: 10, author: { emails: ["12+alice@users.noreply.github.com"] }')).shas).toEqual([second, third]);
  const { data } = await on.app.rest.users.getByUsername({ username: 'olga' });
  expect((await history(`first: 10, author: { id: "${data.node_id}" }`)).shas).toEqual([tip, fourth]);
});

test('a commit knows its pull requests as the REST API does, and they their repositories', async () => {
  const on = await stage();
  const head = await on.branch('fix', { 'a.txt': 'a\n' });
  const pull = await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
  const asked = (sha: string) =>
    repository(
      on,
      `object(oid: "${sha}") { ... on Commit { associatedPullRequests(first: 5) { totalCount nodes { number mergeCommit { oid }
         baseRepository { databaseId nameWithOwner } headRepository { databaseId } } edges { node { number } } } } }`,
    );
  const here = { databaseId: on.twin.repositoryId };
  expect((await asked(head)).object).toMatchObject({
    associatedPullRequests: {
      totalCount: 1,
      nodes: [{ number: pull.data.number, mergeCommit: null, baseRepository: here, headRepository: here }],
    },
  });
  expect((await asked(await main(on))).object).toMatchObject({ associatedPullRequests: { totalCount: 0, nodes: [] } });
  const merged = await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: pull.data.number });
  const rest = await on.app.rest.repos.listPullRequestsAssociatedWithCommit({ ...on.at, commit_sha: merged.data.sha });
  expect(rest.data.map((one) => one.number)).toEqual([pull.data.number]);
  expect((await asked(merged.data.sha)).object).toMatchObject({
    associatedPullRequests: { nodes: [{ number: pull.data.number, mergeCommit: { oid: merged.data.sha } }] },
  });
});

test('connections insist on a size, and on at most a hundred', async () => {
  const on = await stage();
  const asked = (given: string) =>
    ask(on, `{ ${REPO} { object(expression: "main") { ... on Commit { history${given} { totalCount } } } } }`);
  expect((await asked('')).errors?.[0]?.message).toContain('You must provide a `first` or `last` value');
  expect((await asked('(first: 101)')).errors?.[0]?.message).toContain('exceeds the `first` limit of 100');
  expect((await asked('(first: 100)')).errors).toBeUndefined();
});

test('who may not read contents reads no object, ref, file or history', async () => {
  const on = await stage();
  const head = await on.branch('fix', { 'a.txt': 'a\n' });
  await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
  const token = on.twin.mintActionsToken({ runId: 1, permissions: { 'pull-requests': 'read' } });
  for (const field of ['object(expression: "main") { oid }', 'defaultBranchRef { name }', 'ref(qualifiedName: "main") { name }'])
    expect((await ask(on, `{ ${REPO} { ${field} } }`, token)).errors, field).toMatchObject([{ type: 'FORBIDDEN' }]);
  // The commits of a pull request are seen with it, what they hold is not.
  const within = (field: string) =>
    ask(on, `{ ${REPO} { pullRequest(number: 1) { commits(first: 1) { nodes { commit { oid ${field} } } } } } }`, token);
  expect((await within('')).data.repository).toMatchObject({ pullRequest: { commits: { nodes: [{ commit: { oid: head } }] } } });
  for (const field of ['tree { oid }', 'file(path: "a.txt") { oid }', 'history(first: 1) { totalCount }'])
    expect((await within(field)).errors, field).toMatchObject([{ type: 'FORBIDDEN' }]);
  const reader = on.twin.mintActionsToken({ runId: 1, permissions: { contents: 'read' } });
  const pulls = 'object(expression: "main") { oid ... on Commit { associatedPullRequests(first: 1) { totalCount } } }';
  expect((await ask(on, `{ ${REPO} { ${pulls} } }`, reader)).errors).toMatchObject([{ type: 'FORBIDDEN' }]);
  expect((await ask(on, `{ ${REPO} { object(expression: "main") { oid } } }`, 'tok-nobody')).errors).toMatchObject([
    { type: 'NOT_FOUND' },
  ]);
});

test('a question that is no GraphQL, or asks for what is not there, is answered with what is wrong', async () => {
  const on = await stage();
  expect((await ask(on, '{ repository(')).errors?.[0]?.message).toContain('Syntax Error');
  const wrong = `{ ${REPO} { nonsense } }`;
  for (const _ of [1, 2])
    expect(await ask(on, wrong)).toMatchObject({ data: null, errors: [{ message: expect.stringContaining('nonsense') }] });
});
