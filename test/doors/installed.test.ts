import { generateKeyPairSync } from 'node:crypto';
import nock from 'nock';
import { Probot, ProbotOctokit } from 'probot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installedRepositories } from '../../src/doors/installed.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** Three accounts: one with an archived repository, one that refuses to be read, one that has suspended us. */
function github() {
  const api = nock('https://api.github.com').persist();
  const installation = (id: number, login: string) => ({ id, account: { login }, suspended_at: null });
  const suspended = { ...installation(3, 'gone'), suspended_at: '2026-11-01T00:00:00Z' };
  const installations = [installation(1, 'acme'), installation(2, 'closed'), suspended];
  api.get('/app/installations?per_page=100').reply(200, installations);
  for (const id of [1, 2]) api.post(`/app/installations/${id}/access_tokens`).reply(201, { token: `t${id}`, permissions: {} });
  const repository = (name: string, archived: boolean) => ({
    ...{ id: 5, name, archived, default_branch: 'main', owner: { login: 'acme' } },
  });
  const repositories = [repository('pipelines', false), repository('old', true)];
  const as = (token: string) => ({ reqheaders: { authorization: `token ${token}` } });
  nock('https://api.github.com', as('t1'))
    .persist()
    .get('/installation/repositories?per_page=100')
    .reply(200, {
      ...{ total_count: 2, repositories },
    });
  nock('https://api.github.com', as('t2')).persist().get('/installation/repositories?per_page=100').reply(403, {});
}

function installed(faults: string[]) {
  const Octokit = ProbotOctokit.defaults((options: object) => ({
    ...{ ...options, throttle: { enabled: false }, retry: { enabled: false } },
  }));
  const probot = new Probot({ appId: 7, privateKey, Octokit, logLevel: 'fatal' });
  return installedRepositories(probot, (_, account) => faults.push(account));
}

const pipelines = { owner: 'acme', repo: 'pipelines', id: 5, defaultBranch: 'main', installation: 1 };

test('an account that cannot be read is told, and the repositories of the others are listed', async () => {
  github();
  const faults: string[] = [];
  expect(await installed(faults).list(null)).toEqual([pipelines]);
  expect(faults).toEqual(['closed']);
});

test('of one account its own repositories are listed, however its name is written', async () => {
  github();
  const faults: string[] = [];
  expect(await installed(faults).list('ACME')).toEqual([pipelines]);
  expect(faults).toEqual([]);
});

test('a repository that was listed is found without another question, and any other one is asked for', async () => {
  github();
  const repositories = installed([]);
  await repositories.list(null);
  expect(await repositories.find('acme', 'pipelines')).toEqual(pipelines);

  const late = { id: 6, name: 'late', default_branch: 'trunk', owner: { login: 'acme' } };
  const api = nock('https://api.github.com').get('/repos/acme/late/installation').reply(200, { id: 1 });
  api.get('/repos/acme/late').reply(200, late);
  const found = { owner: 'acme', repo: 'late', id: 6, defaultBranch: 'trunk', installation: 1 };
  expect(await repositories.find('acme', 'late')).toEqual(found);
  expect(await repositories.find('acme', 'late')).toEqual(found);
});
