import { createServer } from 'node:net';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { createEmulator } from 'emulate';
import { onTestFinished } from 'vitest';
import { APP_ID, appKey, baseSeed, stage } from '../support/github.ts';
import { type Inbox, openInbox } from './inbox.ts';

/** One GitHub to ask: the same people, App and repository on either side, over real HTTP through real Octokit. */
export interface Side {
  readonly name: 'ours' | 'emulate';
  readonly url: string;
  readonly at: { readonly owner: string; readonly repo: string };
  /** The App by its JSON web token, with another key if given. */
  readonly jwt: (privateKey?: string) => Octokit;
  /** The App's installation. */
  readonly app: Octokit;
  readonly withToken: (token: string) => Octokit;
  readonly olga: Octokit;
  readonly inbox: Inbox;
}

export const SECRET = 'a secret of both';
export const INSTALLATION = 100;
const AT = { owner: 'acme', repo: 'pipelines' };
const WRITTEN = ['contents', 'issues', 'pull_requests', 'checks', 'statuses', 'deployments'] as const;
const PERMISSIONS = { ...Object.fromEntries(WRITTEN.map((name) => [name, 'write' as const])), actions: 'read' as const };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function ours(): Promise<Side> {
  const inbox = await openInbox();
  const apps = baseSeed.apps.filter((app) => app.id === APP_ID);
  const webhook = { url: inbox.url, secret: SECRET };
  const files = { 'README.md': '# pipelines\n' };
  const on = await stage({ files, apps: apps.map((app) => ({ ...app, permissions: PERMISSIONS, webhook })) });
  return side('ours', on.twin.url, inbox);
}

/** `emulate` is another project's emulator of GitHub; where it is known to be wrong, the table of probes says so. */
export async function emulated(): Promise<Side> {
  const inbox = await openInbox();
  const users = ['olga', 'alice'].map((login) => ({ login }));
  const installations = [{ installation_id: INSTALLATION, account: AT.owner, repository_selection: 'all' }];
  const app = { app_id: APP_ID, slug: 'sluice', name: 'Sluice', private_key: appKey, permissions: PERMISSIONS, events: ['*'] };
  const emulator = await createEmulator({
    service: 'github',
    port: await freePort(),
    seed: {
      tokens: Object.fromEntries(users.map(({ login }) => [`tok-${login}`, { login, scopes: ['repo', 'admin:org'] }])),
      github: {
        users,
        orgs: [{ login: AT.owner, members: users.map((user) => ({ ...user, role: 'admin' })) }],
        repos: [{ owner: AT.owner, name: AT.repo, auto_init: true, private: true }],
        apps: [{ ...app, webhook_url: inbox.url, webhook_secret: SECRET, installations }],
      },
    },
  });
  onTestFinished(() => emulator.close());
  return side('emulate', emulator.url, inbox);
}

function side(name: Side['name'], baseUrl: string, inbox: Inbox): Side {
  const asApp = (privateKey: string, installation: { readonly installationId?: number }) =>
    new Octokit({ authStrategy: createAppAuth, auth: { appId: APP_ID, privateKey, ...installation }, baseUrl, log });
  const withToken = (auth: string) => new Octokit({ auth, baseUrl, log });
  return {
    name,
    url: baseUrl,
    at: AT,
    jwt: (privateKey = appKey) => asApp(privateKey, {}),
    app: asApp(appKey, { installationId: INSTALLATION }),
    withToken,
    olga: withToken('tok-olga'),
    inbox,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
