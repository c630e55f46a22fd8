import { createSign, generateKeyPairSync } from 'node:crypto';
import { Octokit } from '@octokit/rest';
import { expect, test } from 'vitest';
import { APP_ID, refusal, stage } from '../../support/github.ts';

const stranger = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

function jwt(claims: object, key: string, alg = 'RS256'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(key).toString('base64url')}`;
}

test('an App is known by its key, and a wrong key is nobody', async () => {
  const on = await stage();
  expect((await on.asApp(APP_ID).rest.apps.getAuthenticated()).data).toMatchObject({ id: APP_ID, slug: 'sluice' });
  expect((await refusal(on.asApp(APP_ID, undefined, stranger.privateKey).rest.apps.getAuthenticated())).status).toBe(401);
});

test.each([
  ['that lasts longer than ten minutes', { exp: 700 }],
  ['that has ended', { exp: -1 }],
  ['from the future', { iat: 300, exp: 400 }],
  ['of an unknown App', { iss: '999' }],
])('a JSON web token %s is refused with 401', async (_, change) => {
  const on = await stage();
  const now = Math.floor(Date.now() / 1000);
  const shift = { iat: -30, exp: 500, iss: String(APP_ID), ...change };
  const claims = { iss: shift.iss, iat: now + shift.iat, exp: now + shift.exp };
  const octokit = on.withToken(jwt(claims, stranger.privateKey));
  expect((await refusal(octokit.request('GET /app'))).status).toBe(401);
});

test('an installation token says its permissions and end, and can ask for less but not for more', async () => {
  const on = await stage();
  const jwtClient = on.asApp(APP_ID);
  const found = await jwtClient.rest.apps.getRepoInstallation(on.at);
  const at = { installation_id: found.data.id };
  const whole = await jwtClient.rest.apps.createInstallationAccessToken(at);
  expect(whole.data.permissions).toMatchObject({ contents: 'write', metadata: 'read' });
  expect(Math.round((Date.parse(whole.data.expires_at) - Date.now()) / 60000)).toBe(60);
  const less = await jwtClient.rest.apps.createInstallationAccessToken({
    ...at,
    permissions: { issues: 'read' },
    repositories: ['pipelines'],
  });
  const reader = on.withToken(less.data.token);
  expect((await reader.rest.issues.listForRepo(on.at)).data).toEqual([]);
  expect((await refusal(reader.rest.issues.create({ ...on.at, title: 'x' }))).status).toBe(403);
  expect((await refusal(reader.rest.repos.getContent({ ...on.at, path: 'README.md' }))).message).toContain(
    'Resource not accessible by integration',
  );
  expect(
    (await refusal(jwtClient.rest.apps.createInstallationAccessToken({ ...at, permissions: { administration: 'write' } })))
      .status,
  ).toBe(422);
  expect((await reader.rest.apps.listReposAccessibleToInstallation()).data.repositories[0]?.full_name).toBe('acme/pipelines');
});

test('an installation token ends after an hour, and at once when it is revoked', async () => {
  const on = await stage();
  const token = async () => (await on.asApp(APP_ID).rest.apps.createInstallationAccessToken({ installation_id: 100 })).data.token;
  const [first, second] = [await token(), await token()];
  await on.withToken(second).rest.apps.revokeInstallationAccessToken();
  expect((await refusal(on.withToken(second).rest.repos.get(on.at))).status).toBe(401);
  on.tick(3601);
  expect((await refusal(on.withToken(first).rest.repos.get(on.at))).status).toBe(401);
});

test('bad credentials are 401, and strangers find nothing', async () => {
  const on = await stage();
  expect((await refusal(on.withToken('wrong').rest.repos.get(on.at))).status).toBe(401);
  expect((await refusal(new Octokit({ baseUrl: on.twin.url }).rest.repos.get(on.at))).status).toBe(404);
  expect((await refusal(on.user('nobody').rest.repos.get(on.at))).status).toBe(404);
  expect((await refusal(on.user('alice').rest.repos.get({ ...on.at, repo: 'other' }))).status).toBe(404);
});

test('the token of a job holds what its workflow asked for and reads no team', async () => {
  const on = await stage();
  const token = on.twin.mintActionsToken({
    permissions: { contents: 'read', 'pull-requests': 'write', members: 'read', issues: 'none' },
    runId: 1,
  });
  const job = on.withToken(token);
  expect((await job.rest.repos.getContent({ ...on.at, path: 'README.md' })).status).toBe(200);
  expect((await refusal(job.rest.issues.create({ ...on.at, title: 'x' }))).status).toBe(403);
  expect((await refusal(job.rest.teams.listMembersInOrg({ org: 'acme', team_slug: 'data' }))).status).toBe(403);
  expect(on.twin.calls.count('actions')).toBe(3);
});

test('a permission is told as GitHub tells it, none included', async () => {
  const on = await stage({
    users: [
      { login: 'mia', id: 1, token: 'tok-mia', permission: 'maintain' },
      { login: 'tim', id: 2, token: 'tok-tim', permission: 'triage' },
      { login: 'nobody', id: 3, token: 'tok-nobody', permission: 'none' },
    ],
  });
  const told = async (username: string) => {
    const { data } = await on.app.rest.repos.getCollaboratorPermissionLevel({ ...on.at, username });
    return [data.permission, data.role_name, data.user?.id];
  };
  expect(await told('mia')).toEqual(['write', 'maintain', 1]);
  expect(await told('tim')).toEqual(['read', 'triage', 2]);
  expect(await told('nobody')).toEqual(['none', 'none', 3]);
  expect((await refusal(on.app.rest.repos.getCollaboratorPermissionLevel({ ...on.at, username: 'ghost' }))).status).toBe(404);
});

test('a team holds its active members and those of its child teams', async () => {
  const on = await stage();
  const at = { org: 'acme', team_slug: 'data' };
  expect((await on.app.paginate(on.app.rest.teams.listMembersInOrg, { ...at, per_page: 1 })).map((one) => one.login)).toEqual([
    'olga',
    'alice',
  ]);
  const state = async (username: string) => (await on.app.rest.teams.getMembershipForUserInOrg({ ...at, username })).data.state;
  expect(await state('alice')).toBe('active');
  expect(await state('rita')).toBe('pending');
  expect((await refusal(state('nobody'))).status).toBe(404);
  const media = { accept: 'application/vnd.github.v3.repository+json' };
  const reach = await on.app.rest.teams.checkPermissionsForRepoInOrg({ ...at, ...on.at, headers: media });
  expect(reach.data.permissions).toMatchObject({ push: true, admin: false });
  expect((await on.app.rest.teams.getByName({ org: 'acme', team_slug: 'data-oncall' })).data.parent?.slug).toBe('data');
  expect((await refusal(on.app.rest.teams.getByName({ org: 'acme', team_slug: 'ghosts' }))).status).toBe(404);
});

test('the same API answers under /api/v3', async () => {
  const on = await stage();
  const enterprise = on.withToken('tok-alice', `${on.twin.url}/api/v3`);
  expect((await enterprise.rest.repos.get(on.at)).data.id).toBe(4242);
  expect(await enterprise.graphql('{ repository(owner: "acme", name: "pipelines") { databaseId } }')).toEqual({
    repository: { databaseId: 4242 },
  });
});

test('users and rate limits are shown', async () => {
  const on = await stage();
  expect((await on.user('alice').rest.users.getAuthenticated()).data.login).toBe('alice');
  expect((await on.app.rest.users.getByUsername({ username: 'olga' })).data.id).toBe(11);
  expect((await on.app.rest.rateLimit.get()).data.rate.limit).toBe(15000);
  expect((await on.asApp(APP_ID).rest.apps.listInstallations()).data).toHaveLength(1);
  expect((await on.asApp(APP_ID).rest.apps.getInstallation({ installation_id: 100 })).data.app_slug).toBe('sluice');
  expect((await on.asApp(APP_ID).rest.apps.getOrgInstallation({ org: 'acme' })).data.id).toBe(100);
});

test('a client whose clock is a month behind corrects itself by the date header', async () => {
  const on = await stage();
  on.tick(30 * 86_400);
  expect((await on.app.rest.repos.get(on.at)).data.name).toBe('pipelines');
});
