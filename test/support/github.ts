import { generateKeyPairSync } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { expect, onTestFinished } from 'vitest';
import { type GithubSeed, startGithub, type TwinGithub } from '../../src/twin/github/index.ts';
import { attachValidator, type Validator } from './openapi.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const appKey = keys.privateKey;
export const APP_ID = 7;
export const APPLY_APP_ID = 8;
const INSTALLATION = 100;

export const baseSeed: GithubSeed = {
  owner: 'acme',
  repo: 'pipelines',
  files: {
    'README.md': '# pipelines\n',
    'jobs/orders.json': '{\n  "max_workers": 8\n}\n',
    '.github/CODEOWNERS': '/jobs/ @acme/data\n',
  },
  users: [
    { login: 'olga', id: 11, token: 'tok-olga', permission: 'write' },
    { login: 'alice', id: 12, token: 'tok-alice', permission: 'admin' },
    { login: 'rita', id: 13, token: 'tok-rita', permission: 'read' },
    { login: 'nobody', id: 14, token: 'tok-nobody', permission: 'none' },
  ],
  teams: [
    { slug: 'data', members: [{ login: 'olga' }, { login: 'rita', state: 'pending' }], permission: 'push' },
    { slug: 'data-oncall', members: [{ login: 'alice' }], parent: 'data' },
  ],
  apps: [
    {
      id: APP_ID,
      slug: 'sluice',
      publicKey: keys.publicKey,
      installationId: INSTALLATION,
      permissions: {
        contents: 'write',
        issues: 'write',
        pull_requests: 'write',
        checks: 'write',
        members: 'read',
        statuses: 'read',
        merge_queues: 'write',
        deployments: 'read',
        actions: 'read',
      },
    },
    {
      id: APPLY_APP_ID,
      slug: 'sluice-apply',
      publicKey: keys.publicKey,
      installationId: 101,
      permissions: { contents: 'read', checks: 'write', members: 'read', issues: 'read', pull_requests: 'read', actions: 'read' },
    },
  ],
  environments: [
    { name: 'prod', branches: ['main'] },
    { name: 'open', branches: null },
  ],
};

export interface Stage {
  readonly twin: TwinGithub;
  readonly validator: Validator;
  readonly at: { readonly owner: string; readonly repo: string };
  /** The App's installation client. */
  readonly app: Octokit;
  readonly user: (login: string) => Octokit;
  readonly withToken: (token: string, baseUrl?: string) => Octokit;
  readonly asApp: (appId: number, installationId?: number, privateKey?: string) => Octokit;
  readonly tick: (seconds: number) => void;
  /** A branch off main with one changed file; returns its head. */
  readonly branch: (name: string, files: Readonly<Record<string, string>>, from?: string) => Promise<string>;
}

/** Ends with its test, wherever that stands: a hook of this module would belong to the first file that imports it. */
function endWithTest({ twin, validator }: Stage): void {
  onTestFinished(async () => {
    await twin.deliveries.settled();
    await twin.close();
    expect(validator.violations).toEqual([]);
  });
}

/** A running twin whose every answer is held against GitHub's schemas. Tokens last by `tokenClock`, by the twin's own clock unless given. */
export async function stage(
  change: Partial<GithubSeed> = {},
  options: { readonly tokenClock?: () => Date } = {},
): Promise<Stage> {
  let now = Date.now();
  const twin = await startGithub({ ...baseSeed, ...change }, { clock: () => new Date(now), ...options });
  const validator = attachValidator(twin);
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const withToken = (auth: string, baseUrl = twin.url) => new Octokit({ auth, baseUrl, log });
  const asApp = (appId: number, installationId?: number, privateKey = keys.privateKey) =>
    new Octokit({
      authStrategy: createAppAuth,
      auth: { appId, privateKey, ...(installationId === undefined ? {} : { installationId }) },
      baseUrl: twin.url,
      log,
    });
  const at = { owner: twin.owner, repo: twin.repo };
  const app = asApp(APP_ID, INSTALLATION);
  const made: Stage = {
    twin,
    validator,
    at,
    app,
    user: (login) => withToken(`tok-${login}`),
    withToken,
    asApp,
    tick: (seconds) => {
      now += seconds * 1000;
    },
    branch: (name, files, from = 'main') => commitBranch(app, at, name, files, from),
  };
  endWithTest(made);
  return made;
}

async function commitBranch(
  octokit: Octokit,
  at: { owner: string; repo: string },
  name: string,
  files: Readonly<Record<string, string>>,
  from: string,
): Promise<string> {
  const base = await octokit.rest.git.getRef({ ...at, ref: `heads/${from}` });
  const parent = base.data.object.sha;
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    content,
  }));
  const tree = await octokit.rest.git.createTree({ ...at, base_tree: parent, tree: entries });
  const commit = await octokit.rest.git.createCommit({
    ...at,
    message: `Change ${name}`,
    tree: tree.data.sha,
    parents: [parent],
  });
  const sha = commit.data.sha;
  await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${name}`, sha });
  return sha;
}

/** The status of a refused request; a success is a failure of the test. */
export async function refusal(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await request;
  } catch (problem) {
    if (problem instanceof Error && 'status' in problem) return { status: Number(problem.status), message: problem.message };
    throw problem;
  }
  throw new Error('the request was not refused');
}
