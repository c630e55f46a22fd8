import { expect, test } from 'vitest';
import { stage } from '../../support/github.ts';
import { ask } from './ask.ts';

const team = (slug: string, fields: string) => `{ organization(login: "acme") { login team(slug: "${slug}") { ${fields} } } }`;

const members = (given: string) =>
  `members(${given}) { totalCount pageInfo { hasNextPage endCursor } nodes { login databaseId } }`;

test('a team tells its active members, with those of child teams unless asked otherwise', async () => {
  const on = await stage();
  const asked = team(
    'data',
    `id databaseId slug name combinedSlug all: ${members('first: 10')} own: ${members('first: 10, membership: IMMEDIATE')}
     below: ${members('first: 10, membership: CHILD_TEAM')}`,
  );
  const olga = { login: 'olga', databaseId: 11 };
  const alice = { login: 'alice', databaseId: 12 };
  const { data } = await on.app.rest.teams.getByName({ org: 'acme', team_slug: 'data' });
  expect(await on.app.graphql(asked)).toMatchObject({
    organization: {
      login: 'acme',
      team: {
        id: data.node_id,
        databaseId: data.id,
        slug: 'data',
        combinedSlug: 'acme/data',
        all: { totalCount: 2, nodes: [olga, alice] },
        own: { totalCount: 1, nodes: [olga] },
        below: { totalCount: 1, nodes: [alice] },
      },
    },
  });
});

test('members come in pages, in order, by name and by role', async () => {
  const on = await stage();
  const read = async (given: string) => {
    const answer = await on.app.graphql<{
      organization: { team: { members: { nodes: { login: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } };
    }>(team('data', members(given)));
    return {
      ...answer.organization.team.members.pageInfo,
      logins: answer.organization.team.members.nodes.map((one) => one.login),
    };
  };
  const page = await read('first: 1');
  expect(page).toMatchObject({ logins: ['olga'], hasNextPage: true });
  expect(await read(`first: 1, after: "${page.endCursor}"`)).toMatchObject({ logins: ['alice'], hasNextPage: false });
  expect((await read('first: 9, orderBy: { field: LOGIN, direction: ASC }')).logins).toEqual(['alice', 'olga']);
  expect((await read('first: 9, query: "ali"')).logins).toEqual(['alice']);
  expect((await read('first: 9, role: MAINTAINER')).logins).toEqual([]);
  expect((await ask(on, team('data', 'members { totalCount }'))).errors).toHaveLength(1);
});

test('a team tells what it may do on the repository, itself or by its parent', async () => {
  const on = await stage({
    teams: [
      { slug: 'data', members: [], permission: 'maintain' },
      { slug: 'oncall', members: [], parent: 'data' },
      { slug: 'guests', members: [], permission: null },
    ],
  });
  const repositories = (query: string) =>
    `repositories(first: 5, query: "${query}") { totalCount nodes { nameWithOwner } edges { permission node { databaseId } } }`;
  const of = async (slug: string, query = '') => (await ask(on, team(slug, repositories(query)))).data;
  const held = {
    organization: {
      team: {
        repositories: {
          totalCount: 1,
          nodes: [{ nameWithOwner: 'acme/pipelines' }],
          edges: [{ permission: 'MAINTAIN', node: { databaseId: on.twin.repositoryId } }],
        },
      },
    },
  };
  expect(await of('data')).toMatchObject(held);
  expect(await of('oncall', 'PIPE')).toMatchObject(held);
  expect(await of('guests')).toMatchObject({ organization: { team: { repositories: { totalCount: 0, edges: [] } } } });
  expect(await of('data', 'other')).toMatchObject({ organization: { team: { repositories: { totalCount: 0 } } } });
});

test('a missing team is null, a missing organisation an error, and a person is no organisation', async () => {
  const on = await stage();
  expect(await ask(on, team('ghosts', 'slug'))).toEqual({ data: { organization: { login: 'acme', team: null } } });
  for (const login of ['ghosts', 'olga'])
    expect(await ask(on, `{ organization(login: "${login}") { login } }`)).toMatchObject({
      data: { organization: null },
      errors: [{ type: 'NOT_FOUND' }],
    });
  const personal = await stage({ ownerType: 'User' });
  expect((await ask(personal, team('data', 'slug'))).errors).toMatchObject([{ type: 'NOT_FOUND' }]);
});

test('without members:read a team is forbidden, and to a job always', async () => {
  const on = await stage();
  const app = on.asApp(7);
  const narrow = await app.rest.apps.createInstallationAccessToken({ installation_id: 100, permissions: { contents: 'read' } });
  const job = on.twin.mintActionsToken({ runId: 1, permissions: { contents: 'write', members: 'read' } });
  for (const token of [narrow.data.token, job])
    expect(await ask(on, team('data', 'slug'), token)).toMatchObject({
      data: { organization: { login: 'acme', team: null } },
      errors: [{ type: 'FORBIDDEN', path: ['organization', 'team'] }],
    });
});

test('an edited comment keeps every text, newest first, with who wrote it', async () => {
  const on = await stage();
  const { data } = await on.app.rest.issues.create({ ...on.at, title: 'Lag' });
  const at = { ...on.at, issue_number: data.number };
  const bot = await on.app.rest.issues.createComment({ ...at, body: 'plan\r\nfirst' });
  const plain = await on.user('olga').rest.issues.createComment({ ...at, body: 'hello' });
  on.tick(60);
  await on.user('alice').rest.issues.updateComment({ ...on.at, comment_id: bot.data.id, body: 'forged' });
  on.tick(60);
  await on.app.rest.issues.updateComment({ ...on.at, comment_id: bot.data.id, body: 'plan\r\nsecond' });
  const edits = (given: string) =>
    `userContentEdits(${given}) { totalCount pageInfo { hasNextPage } nodes { id createdAt editedAt updatedAt diff deletedAt deletedBy { login } editor { __typename login } } }`;
  const read = async (given: string) => {
    const answer = await on.app.graphql<{
      repository: {
        issue: { comments: { nodes: { databaseId: number; userContentEdits: { nodes: { id: string; editedAt: string }[] } }[] } };
      };
    }>(
      `{ repository(owner: "acme", name: "pipelines") { issue(number: ${data.number}) { comments(first: 9) { nodes { databaseId ${edits(given)} } } } } }`,
    );
    return answer.repository.issue.comments.nodes;
  };
  const nodes = await read('first: 10');
  expect(nodes).toMatchObject([
    {
      databaseId: bot.data.id,
      userContentEdits: {
        totalCount: 3,
        nodes: [
          { diff: 'plan\r\nsecond', editor: { __typename: 'Bot', login: 'sluice' }, deletedAt: null, deletedBy: null },
          { diff: 'forged', editor: { __typename: 'User', login: 'alice' } },
          { diff: 'plan\r\nfirst', editor: { __typename: 'Bot', login: 'sluice' }, editedAt: bot.data.created_at },
        ],
      },
    },
    { databaseId: plain.data.id, userContentEdits: { totalCount: 0, nodes: [] } },
  ]);
  const found = nodes[0]?.userContentEdits.nodes ?? [];
  expect(new Set(found.map((one) => one.id)).size).toBe(3);
  expect(found.map((one) => one.editedAt)).toEqual(
    found
      .map((one) => one.editedAt)
      .toSorted()
      .reverse(),
  );
  expect(await read('last: 1')).toMatchObject([
    { userContentEdits: { totalCount: 3, nodes: [{ diff: 'plan\r\nfirst' }] } },
    { userContentEdits: { nodes: [] } },
  ]);
});
