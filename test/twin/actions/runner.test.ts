// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions look like that
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Run, type Runner, type RunnerOptions, startRunner } from '../../../src/twin/actions/runner.ts';
import { baseSeed, type Stage, stage } from '../../support/github.ts';

const PROBE = fileURLToPath(new URL('../../support/probe-action.js', import.meta.url));
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let running: Runner[] = [];
afterEach(async () => {
  const all = running;
  running = [];
  for (const runner of all) await runner.close();
});

async function world(
  workflows: Readonly<Record<string, string>>,
  change: Partial<RunnerOptions> = {},
): Promise<{ on: Stage; runner: Runner }> {
  const files = Object.fromEntries(Object.entries(workflows).map(([name, text]) => [`.github/workflows/${name}`, text]));
  const on = await stage({ files: { ...baseSeed.files, ...files } });
  const secrets = { repository: { PLAIN: 'plain-secret' }, environments: { prod: { DEEP: 'deep-secret' } } };
  const runner = startRunner(on.twin, { action: { path: PROBE }, secrets, vars: { HOST: 'dbx' }, ...change });
  running.push(runner);
  return { on, runner };
}

/** A workflow of one job with one step of the action. */
function workflow(on: string, job = '', inputs: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(inputs).map(([name, value]) => `          ${name}: ${value}`);
  const given = lines.length === 0 ? '' : `        with:\n${lines.join('\n')}\n`;
  return `on: ${on}\njobs:\n  apply:\n    runs-on: ubuntu-latest\n${job}    steps:\n      - uses: actions/checkout@v4\n      - id: sluice\n        uses: ./\n${given}`;
}

async function pushFile(on: Stage, path = 'x.txt', branch?: string): Promise<void> {
  const at = { ...on.at, path, message: 'x', content: Buffer.from(path).toString('base64') };
  await on.user('olga').rest.repos.createOrUpdateFileContents(branch === undefined ? at : { ...at, branch });
}

function seen(run: Run | undefined): Record<string, never> & { names: string[]; inputs: Record<string, string> } {
  return JSON.parse((run?.stdout ?? '{}').split('\n')[0] ?? '{}');
}

describe('a push', () => {
  test('starts the workflow at the pushed commit, and the step sees what a runner gives and nothing else', async () => {
    const { on, runner } = await world({ 'a.yml': workflow('push') }, { extraEnv: { SLUICE_TWIN_CLOCK: 'http://127.0.0.1:1' } });
    await pushFile(on);
    await runner.idle();
    const [run] = runner.runs;
    const head = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
    expect(run).toMatchObject({
      event: 'push',
      sha: head,
      exitCode: 0,
      state: 'success',
      stderr: '',
      outputs: { decision: 'allow', short: 'yes' },
      summary: '# done\n',
    });
    const { names, ...rest } = seen(run);
    expect(rest).toMatchObject({ event: 'push', ref: 'refs/heads/main', workspace: [], sha: head });
    const known = ['CI', 'HOME', 'LANG', 'PATH', 'SLUICE_TWIN_CLOCK'];
    expect(names.filter((name) => !/^(GITHUB_|RUNNER_|INPUT_)/.test(name))).toEqual(known);
    for (const name of [
      'GITHUB_REPOSITORY_ID',
      'GITHUB_RUN_ID',
      'GITHUB_RUN_ATTEMPT',
      'GITHUB_API_URL',
      'GITHUB_GRAPHQL_URL',
      'GITHUB_SERVER_URL',
    ])
      expect(names).toContain(name);
    expect(names).not.toContain('GITHUB_TOKEN');
    const shown = await on.app.rest.actions.getWorkflowRun({ ...on.at, run_id: run?.id ?? 0 });
    expect(shown.data).toMatchObject({ status: 'completed', conclusion: 'success', event: 'push' });
  });

  test('is filtered by branch and path', async () => {
    const { on, runner } = await world({
      'main.yml': workflow('{push: {branches: [main]}}'),
      'jobs.yml': workflow("{push: {paths: ['jobs/**']}}"),
    });
    await on.branch('side', { 'y.txt': 'y\n' });
    await runner.idle();
    expect(runner.runs).toEqual([]);
    await pushFile(on, 'jobs/deep/new.json');
    await pushFile(on, 'other.txt');
    await runner.idle();
    expect(runner.runs.map((run) => run.workflow.slice('.github/workflows/'.length)).sort()).toEqual([
      'jobs.yml',
      'main.yml',
      'main.yml',
    ]);
  });

  test('by a workflow token starts nothing, a dispatch by it does', async () => {
    const { on, runner } = await world({
      'push.yml': workflow('push'),
      'again.yml': workflow('{repository_dispatch: {types: [again]}}'),
    });
    const job = on.withToken(on.twin.mintActionsToken({ permissions: { contents: 'write' }, runId: 1 }));
    await job.rest.repos.createOrUpdateFileContents({ ...on.at, path: 'x', message: 'x', content: 'eA==' });
    await job.rest.repos.createDispatchEvent({ ...on.at, event_type: 'other' });
    await job.rest.repos.createDispatchEvent({ ...on.at, event_type: 'again' });
    await runner.idle();
    expect(runner.runs.map((run) => run.event)).toEqual(['repository_dispatch']);
  });
});

test("an App's merge starts the workflow of the push, a workflow token's merge does not", async () => {
  const { on, runner } = await world({ 'a.yml': workflow('{push: {branches: [main]}}') });
  const merged = async (branch: string, by: Stage['app']) => {
    await on.branch(branch, { [`${branch}.txt`]: branch });
    const { data } = await on.app.rest.pulls.create({ ...on.at, head: branch, base: 'main', title: branch });
    return (await by.rest.pulls.merge({ ...on.at, pull_number: data.number })).data.sha;
  };
  const sha = await merged('one', on.app);
  await merged('two', on.withToken(on.twin.mintActionsToken({ permissions: { contents: 'write' }, runId: 1 })));
  await runner.idle();
  expect(runner.runs.map((run) => [run.event, run.sha])).toEqual([['push', sha]]);
});

test('a comment runs the workflow of the default branch, of its own types only', async () => {
  const { on, runner } = await world({
    'c.yml': workflow('{issue_comment: {types: [created]}}', '    permissions: {issues: write}\n', {
      token: '${{ github.token }}',
      act: 'comment',
    }),
  });
  await on.app.rest.issues.create({ ...on.at, title: 'x' });
  const comment = await on.user('olga').rest.issues.createComment({ ...on.at, issue_number: 1, body: '/status' });
  await on.user('olga').rest.issues.updateComment({ ...on.at, comment_id: comment.data.id, body: '/help' });
  await runner.idle();
  expect(runner.runs.map((run) => [run.event, run.ref])).toEqual([['issue_comment', 'refs/heads/main']]);
  expect(runner.runs[0]?.stdout).toContain('status 201');
  const comments = await on.app.rest.issues.listComments({ ...on.at, issue_number: 1 });
  expect(comments.data.map((one) => one.user?.login)).toEqual(['olga', 'github-actions[bot]']);
});

test('a job has the permissions that its workflow says, and no more', async () => {
  const { on, runner } = await world({
    'c.yml': workflow('issue_comment', '    permissions: {contents: read}\n', {
      token: '${{ secrets.GITHUB_TOKEN }}',
      act: 'comment',
    }),
  });
  await on.app.rest.issues.create({ ...on.at, title: 'x' });
  await on.user('olga').rest.issues.createComment({ ...on.at, issue_number: 1, body: '/status' });
  await runner.idle();
  expect(runner.runs[0]?.stdout).toContain('status 403');
});

test('a pull request runs on its merge commit', async () => {
  const { on, runner } = await world({ 'p.yml': workflow('pull_request') });
  await on.branch('fix', { 'a.txt': 'a\n' });
  await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
  await runner.idle();
  expect(runner.runs.map((run) => [run.event, run.ref, run.state])).toEqual([['pull_request', 'refs/pull/1/merge', 'success']]);
});

test('secrets of an environment reach only the job that names it, and never the log', async () => {
  const inputs = { secret: '${{ secrets.DEEP }}', plain: '${{ secrets.PLAIN }}', host: '${{ vars.HOST }}' };
  const { on, runner } = await world({
    'with.yml': workflow('push', '    environment: prod\n', inputs),
    'without.yml': workflow('push', '', inputs),
  });
  await pushFile(on);
  await runner.idle();
  const [with_, without] = runner.runs.toSorted((a, b) => a.workflow.localeCompare(b.workflow));
  expect(seen(with_).inputs).toMatchObject({ INPUT_SECRET: '***', INPUT_PLAIN: '***', INPUT_HOST: 'dbx' });
  expect(with_?.stdout).toContain('the secret is ***');
  expect(seen(without).inputs).toMatchObject({ INPUT_SECRET: '' });
  expect(runner.runs.map((run) => run.stdout).join('')).not.toContain('-secret');
});

test('an environment refuses a branch that its policy does not admit', async () => {
  const job = '    environment: prod\n';
  const { on, runner } = await world({ 'a.yml': workflow('push', job), 'b.yml': workflow('push', '    environment: open\n') });
  await on.branch('side', { 'y.txt': 'y\n' });
  await runner.idle();
  const states = Object.fromEntries(runner.runs.map((run) => [run.workflow.at(-5), run.state]));
  expect(states).toEqual({ a: 'refused', b: 'success' });
  expect(runner.runs.find((run) => run.state === 'refused')).toMatchObject({
    exitCode: null,
    reason: expect.stringContaining('environment protection rules'),
  });
});

test('a failing step fails the run, and a rerun is the next attempt at the same commit', async () => {
  const { on, runner } = await world({ 'a.yml': workflow('push', '', { act: 'fail' }) });
  await pushFile(on);
  await runner.idle();
  runner.rerun(runner.runs[0]?.id ?? 0);
  await runner.idle();
  const [first, second] = runner.runs;
  expect([first?.exitCode, first?.state, first?.attempt, second?.attempt]).toEqual([3, 'failure', 1, 2]);
  expect([second?.id, second?.sha]).toEqual([first?.id, first?.sha]);
  const shown = await on.app.rest.actions.listWorkflowRunsForRepo({ ...on.at, event: 'push' });
  expect(shown.data.workflow_runs.map((run) => [run.id, run.run_attempt, run.conclusion])).toEqual([[first?.id, 2, 'failure']]);
});

test('a group runs one at a time; without queue: max a newer waiter replaces an older one', async () => {
  const slow = (queue: string) => workflow('push', `    concurrency: {group: prod${queue}}\n`, { act: 'slow' });
  const max = await world({ 'a.yml': slow(', queue: max') });
  for (const name of ['1', '2', '3']) await pushFile(max.on, name);
  await max.runner.idle();
  expect(max.runner.runs.map((run) => run.state)).toEqual(['success', 'success', 'success']);
  const one = await world({ 'a.yml': slow('') });
  for (const name of ['1', '2', '3']) await pushFile(one.on, name);
  await one.runner.idle();
  expect(one.runner.runs.map((run) => run.state)).toEqual(['success', 'cancelled', 'success']);
});

test('a killed run stops where it is', async () => {
  const stop = new AbortController();
  const inputs = { act: 'hang', token: '${{ github.token }}' };
  const { on, runner } = await world(
    { 'a.yml': workflow('push', '    permissions: {issues: read}\n', inputs) },
    { kill: () => stop.signal },
  );
  on.twin.onExchange((exchange) => {
    if (exchange.path.endsWith('/labels')) stop.abort();
  });
  await pushFile(on);
  await runner.idle();
  expect(runner.runs[0]).toMatchObject({ state: 'killed', exitCode: null });
});

test('a schedule fires only workflows that have one', async () => {
  const { runner } = await world({ 's.yml': workflow("{schedule: [{cron: '*/5 * * * *'}]}"), 'p.yml': workflow('push') });
  runner.schedule();
  await runner.idle();
  expect(runner.runs.map((run) => [run.event, run.workflow, run.state])).toEqual([
    ['schedule', '.github/workflows/s.yml', 'success'],
  ]);
});

test('workflow_dispatch gives its inputs, and action.yml fills what is left out', async () => {
  const metadata = join(mkdtempSync(join(tmpdir(), 'action-')), 'action.yml');
  writeFileSync(metadata, "inputs:\n  dry-run:\n    default: 'true'\n  token:\n    default: ${{ github.token }}\n");
  const text = workflow('{workflow_dispatch: {inputs: {change: {type: string}}}}', '', {
    change: "${{ inputs.change || 'none' }}",
  });
  const { on, runner } = await world({ 'w.yml': text }, { action: { path: PROBE, metadata } });
  await on
    .user('olga')
    .rest.actions.createWorkflowDispatch({ ...on.at, workflow_id: 'w.yml', ref: 'main', inputs: { change: 'c7' } });
  await runner.idle();
  expect(seen(runner.runs[0]).inputs).toEqual({ INPUT_CHANGE: 'c7', 'INPUT_DRY-RUN': 'true', INPUT_TOKEN: '***' });
});

describe('a reusable workflow', () => {
  const called = `on: {workflow_call: {inputs: {target: {type: string, default: dev}}}}
jobs:
  apply:
    permissions: {contents: read, id-token: write}
    environment: \${{ inputs.target }}
    steps:
      - uses: acme/sluice@0123abc
        with: {target: '\${{ inputs.target }}', secret: '\${{ secrets.DEEP }}', plain: '\${{ secrets.PLAIN }}', act: identity}
`;
  const caller = (permissions: string, uses = './.github/workflows/sluice.yml') =>
    `on: push\njobs:\n  sluice:\n    uses: ${uses}\n    permissions: ${permissions}\n    with: {target: prod}\n`;

  test('runs with its inputs, its environment and an identity of its own', async () => {
    const template = ['repository_id', 'environment', 'job_workflow_ref'];
    const { on, runner } = await world(
      { 'sluice.yml': called, 'caller.yml': caller('{contents: read, id-token: write}') },
      { oidc: { key: privateKey, template } },
    );
    await pushFile(on);
    await runner.idle();
    const [run] = runner.runs;
    expect(run?.state).toBe('success');
    expect(seen(run).inputs).toMatchObject({ INPUT_TARGET: 'prod', INPUT_SECRET: '***', INPUT_PLAIN: '' });
    const [head = '', body = '', signature = ''] = (run?.outputs.jwt ?? '').split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const workflowRef = 'acme/pipelines/.github/workflows/sluice.yml@refs/heads/main';
    const issuer = await runner.issuer();
    expect(claims).toMatchObject({
      sub: `repository_id:4242:environment:prod:job_workflow_ref:${workflowRef}`,
      aud: 'databricks',
      iss: issuer,
    });
    const keys = JSON.parse(await (await fetch(`${issuer}/.well-known/jwks`)).text());
    const key = createPublicKey({ key: keys.keys[0], format: 'jwk' });
    expect(verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect((await fetch(`${issuer}/token`, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  });

  test('cannot ask for more than its caller has', async () => {
    const { on, runner } = await world({ 'sluice.yml': called, 'caller.yml': caller('{contents: read}') });
    await pushFile(on);
    await runner.idle();
    expect(runner.runs[0]).toMatchObject({ state: 'refused', reason: expect.stringContaining('id-token') });
  });

  test('of another repository is found by its path', async () => {
    const uses = 'acme/sluice/.github/workflows/sluice.yml@0123abc';
    const reusable = { '.github/workflows/sluice.yml': called };
    const options = { action: { path: PROBE, reusable }, oidc: { key: privateKey } };
    const { on, runner } = await world({ 'caller.yml': caller('{contents: read, id-token: write}', uses) }, options);
    await pushFile(on);
    await runner.idle();
    const claims = JSON.parse(Buffer.from((runner.runs[0]?.outputs.jwt ?? '').split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'repo:acme/pipelines:environment:prod', job_workflow_ref: uses });
  });
});

test('jobs wait for those they need and see what those said', async () => {
  const text = `on: push
jobs:
  first:
    outputs: {decision: '\${{ steps.one.outputs.decision }}'}
    steps: [{id: one, uses: ./}]
  second:
    needs: first
    if: needs.first.outputs.decision == 'allow'
    steps: [{uses: ./, with: {given: '\${{ needs.first.outputs.decision }}'}}]
  third:
    needs: [second]
    if: github.ref == 'refs/heads/other'
    steps: [{uses: ./, with: {act: fail}}]
`;
  const { on, runner } = await world({ 'a.yml': text });
  await pushFile(on);
  await runner.idle();
  expect(runner.runs[0]).toMatchObject({ state: 'success', exitCode: 0 });
  expect(runner.runs[0]?.stdout).toContain('"INPUT_GIVEN":"allow"');
});

test('a workflow that cannot be understood fails and says why', async () => {
  const { on, runner } = await world({ 'a.yml': workflow('push', '    if: wrong(1)\n') });
  await pushFile(on);
  await runner.idle();
  expect(runner.runs[0]).toMatchObject({ state: 'failure', reason: expect.stringContaining('wrong') });
});
