// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions look like that
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startWorld } from '../../src/doors/demo/world.ts';
import { type Run, startRunner } from '../../src/twin/actions/runner.ts';
import { startDatabricks } from '../../src/twin/databricks/server.ts';
import { baseSeed, type Stage, stage } from '../support/github.ts';
import { buildOnce, mergedAndRun } from '../support/story.ts';

const PROBE = fileURLToPath(new URL('../support/probe-action.js', import.meta.url));
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
/** As docs/setup.md has the organisation set it: who, in which environment, by which workflow at which place. */
const TEMPLATE = ['repository_id', 'environment', 'job_workflow_ref'];
const SUBJECT =
  'repository_id:4242:environment:prod:job_workflow_ref:acme/pipelines/.github/workflows/sluice.yml@refs/heads/main';

/** The shipped workflow with a step that asks for the identity instead of the Action. */
const asking = (text: string) =>
  text.replace(/uses: sluice-dev\/sluice@\S+\n {8}with:\n/, 'uses: ./\n        with:\n          act: identity\n');
const SHIPPED = asking(readFileSync('.github/workflows/sluice.yml', 'utf8'));
const CALLER = readFileSync('.github/workflows/rollout.yml', 'utf8');
const job = (environment: string) =>
  `on: push\njobs:\n  steal:\n    permissions: {contents: read, id-token: write}\n${environment}    steps:\n      - uses: ./\n        with: {act: identity}\n`;

async function world() {
  const files = { '.github/workflows/sluice.yml': SHIPPED, '.github/workflows/rollout.yml': CALLER };
  const on = await stage({ files: { ...baseSeed.files, ...files } });
  const runner = startRunner(on.twin, {
    action: { path: PROBE },
    secrets: { repository: {}, environments: { prod: { DATABRICKS_TOKEN: 'deep-secret' } } },
    vars: {},
    oidc: { key: privateKey, template: TEMPLATE },
  });
  onTestFinished(() => runner.close());
  const federation = {
    jwksUrl: `${await runner.issuer()}/.well-known/jwks`,
    subject: SUBJECT,
    clientId: 'sp-1',
    audience: 'databricks',
  };
  const tokens = { read: 'r', write: 'w' };
  const twin = await startDatabricks({ jobs: [], tokens, federation }, { clock: on.twin.clock });
  onTestFinished(() => twin.close());
  /** What Databricks answers to the identity of that run. */
  const exchanged = async (run: Run | undefined) => {
    const form = {
      ...{ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', client_id: 'sp-1', scope: 'all-apis' },
      ...{ subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', subject_token: run?.outputs.jwt ?? '' },
    };
    const answer = await fetch(`${twin.url}/oidc/v1/token`, { method: 'POST', body: new URLSearchParams(form) });
    return [answer.status, (await answer.text()).includes('access_token')];
  };
  return { on, runner, exchanged };
}

async function push(on: Stage, files: Readonly<Record<string, string>>, branch: string): Promise<void> {
  await on.branch(branch, files);
}

test('the Action without any token of Databricks gets one for its own identity, and applies', async () => {
  buildOnce();
  const at = await startWorld({ workloads: ['oom'], federated: true });
  onTestFinished(at.close);
  await mergedAndRun(at, 'databricks-oom');
  const writes = at.plant.databricks.writes.map(({ path, token }) => [path.split('/').at(-1), token]);
  expect(writes).toEqual([
    ['reset', 'federated'],
    ['repair', 'federated'],
  ]);
  expect(at.runner.runs[0]?.stdout).not.toMatch(/twin-[\w-]{20,}/);
});

test('a workspace that grants nothing is told in its own words, and nothing is written', async () => {
  buildOnce();
  const at = await startWorld({
    workloads: ['oom'],
    federated: true,
    files: {
      '.github/workflows/rollout.yml': CALLER.replaceAll('sluice.yml', 'other.yml'),
      '.github/workflows/other.yml': readFileSync('.github/workflows/sluice.yml', 'utf8'),
    },
  });
  onTestFinished(at.close);
  await mergedAndRun(at, 'databricks-oom');
  expect(at.runner.runs[0]?.outputs.decision).not.toBe('applied');
  expect(at.plant.databricks.writes).toEqual([]);
  expect(`${at.runner.runs[0]?.stdout}`).toContain(
    'the workspace grants no token: invalid_grant: The subject does not match the federation policy',
  );
});

test('the shipped workflow on the default branch gets the credential', async () => {
  const { on, runner, exchanged } = await world();
  runner.schedule();
  await runner.idle();
  expect(runner.runs[0]).toMatchObject({ state: 'success' });
  expect(await exchanged(runner.runs[0])).toEqual([200, true]);
  expect(on.twin.environments[0]?.branches).toEqual(['main']);
});

test('a branch’s own workflow that names the environment is not let in, and sees no secret', async () => {
  const { on, runner } = await world();
  await push(on, { '.github/workflows/steal.yml': job('    environment: prod\n') }, 'steal');
  await runner.idle();
  expect(runner.runs.map((run) => run.state)).toEqual(['refused']);
  expect(JSON.stringify(runner.runs)).not.toContain('deep-secret');
});

test.each([
  ['without an environment', job('')],
  ['of another environment', job('    environment: open\n')],
])('a branch’s own workflow %s has another subject, which Databricks refuses', async (_, text) => {
  const { on, runner, exchanged } = await world();
  await push(on, { '.github/workflows/steal.yml': text }, 'steal');
  await runner.idle();
  expect(runner.runs[0]).toMatchObject({ state: 'success', outputs: { jwt: expect.stringContaining('.') } });
  expect(await exchanged(runner.runs[0])).toEqual([400, false]);
});

test('a workflow of another name on the default branch has another subject, though it is let in', async () => {
  const { on, runner, exchanged } = await world();
  const content = Buffer.from(job('    environment: prod\n')).toString('base64');
  await on
    .user('alice')
    .rest.repos.createOrUpdateFileContents({ ...on.at, path: '.github/workflows/steal.yml', message: 'x', content });
  await runner.idle();
  const stolen = runner.runs.find((run) => run.workflow.endsWith('steal.yml'));
  expect(stolen).toMatchObject({ state: 'success' });
  expect(await exchanged(stolen)).toEqual([400, false]);
});

test('a workflow that a branch changed and calls has the subject of its branch', async () => {
  const { on, runner, exchanged } = await world();
  const called = SHIPPED.replace(/ {4}environment: .*\n/, '');
  await push(
    on,
    {
      '.github/workflows/sluice.yml': called,
      '.github/workflows/rollout.yml': CALLER.replace('branches: [main]', 'branches: [steal]'),
    },
    'steal',
  );
  await runner.idle();
  const stolen = runner.runs.find((run) => run.event === 'push');
  expect(stolen?.state).toBe('success');
  expect(await exchanged(stolen)).toEqual([400, false]);
});
