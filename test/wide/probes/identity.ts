import { generateKeyPairSync } from 'node:crypto';
import { encode, type Probe, status } from '../probe.ts';
import { INSTALLATION, type Side } from '../sides.ts';

const stranger = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

async function narrowed(side: Side) {
  const asked = { installation_id: INSTALLATION, permissions: { contents: 'read' } } as const;
  return (await side.jwt().rest.apps.createInstallationAccessToken(asked)).data;
}

/** Apps, their tokens, and what these may do. */
export const IDENTITY: readonly Probe[] = [
  {
    what: 'an App is known by its JSON web token',
    ask: async ({ jwt }) => {
      const { data } = await jwt().rest.apps.getAuthenticated();
      return { id: data?.id, slug: data?.slug };
    },
    expected: { id: 7, slug: 'sluice' },
  },
  {
    what: 'a JSON web token signed by another key is refused',
    ask: ({ jwt }) => status(jwt(stranger.privateKey).rest.apps.getAuthenticated()),
    expected: 401,
  },
  {
    what: 'the installation is found by repository and by organisation',
    ask: async ({ jwt, at }) => {
      const byRepository = await jwt().rest.apps.getRepoInstallation(at);
      const byOrganisation = await jwt().rest.apps.getOrgInstallation({ org: at.owner });
      return [byRepository.data.id, byOrganisation.data.id];
    },
    expected: [INSTALLATION, INSTALLATION],
  },
  {
    what: 'an installation token lasts an hour and says what it may do',
    ask: async (side) => {
      const { expires_at, permissions } = await narrowed(side);
      const minutes = (Date.parse(expires_at) - Date.now()) / 60_000;
      return { hour: minutes > 58 && minutes <= 61, contents: permissions?.contents, issues: permissions?.issues };
    },
    expected: { hour: true, contents: 'read', issues: undefined },
  },
  {
    what: 'a token narrowed to reading reads and does not write',
    ask: async (side) => {
      const reader = side.withToken((await narrowed(side)).token);
      const write = { ...side.at, path: 'x', message: 'x', content: encode('x') };
      return [
        await status(reader.rest.repos.getContent({ ...side.at, path: 'README.md' })),
        await status(reader.rest.repos.createOrUpdateFileContents(write)),
        await status(reader.rest.issues.create({ ...side.at, title: 'x' })),
      ];
    },
    expected: [200, 403, 403],
  },
  {
    what: 'a token for a permission that the App has not is refused',
    ask: ({ jwt }) =>
      status(
        jwt().rest.apps.createInstallationAccessToken({
          installation_id: INSTALLATION,
          permissions: { administration: 'write' },
        }),
      ),
    expected: 422,
  },
  {
    what: 'bad credentials are refused',
    ask: ({ withToken, at }) => status(withToken('no-such-token').rest.repos.get(at)),
    expected: 401,
    emulateIsWrong: 'lets an unknown token read, even what is private',
  },
  {
    what: 'a person is told who they are',
    ask: async ({ olga }) => (await olga.rest.users.getAuthenticated()).data.login,
    expected: 'olga',
  },
  {
    what: 'the App acts as its bot',
    ask: async ({ app, at }) => {
      const { data } = await app.rest.issues.create({ ...at, title: 'x' });
      return { login: data.user?.login, type: data.user?.type };
    },
    expected: { login: 'sluice[bot]', type: 'Bot' },
  },
  {
    what: 'an installation lists its repositories',
    ask: async ({ app }) =>
      (await app.rest.apps.listReposAccessibleToInstallation()).data.repositories.map((one) => one.full_name),
    expected: ['acme/pipelines'],
    emulateIsWrong: 'has no /installation/repositories',
  },
  {
    what: 'a token that its holder revoked is worth nothing',
    ask: async (side) => {
      const client = side.withToken((await narrowed(side)).token);
      return [await status(client.rest.apps.revokeInstallationAccessToken()), await status(client.rest.repos.get(side.at))];
    },
    expected: [204, 401],
    emulateIsWrong: 'has no DELETE /installation/token',
  },
  {
    what: 'the API is also found where GitHub Enterprise has it',
    ask: async ({ url, at }) =>
      (await fetch(`${url}/api/v3/repos/${at.owner}/${at.repo}`, { headers: { authorization: 'Bearer tok-olga' } })).status,
    expected: 200,
    emulateIsWrong: 'has no /api/v3',
  },
];
