import { expect, test } from 'vitest';
import { refusal, type Stage, stage } from '../../support/github.ts';

async function tip(on: Stage): Promise<string> {
  return (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
}

test('a check run is created, completed and listed with the App that owns it', async () => {
  const on = await stage();
  const told: string[] = [];
  on.twin.onEvent((event) => void told.push(`${event.name}.${String(event.payload.action)}`));
  const head_sha = await tip(on);
  const run = await on.app.rest.checks.create({
    ...on.at,
    name: 'sluice/gate',
    head_sha,
    status: 'in_progress',
    external_id: 'x1',
  });
  expect(run.data).toMatchObject({ status: 'in_progress', conclusion: null, app: { id: 7 }, external_id: 'x1' });
  const at = { ...on.at, check_run_id: run.data.id };
  const output = { title: 'Allowed', summary: 'words' };
  const done = await on.app.rest.checks.update({ ...at, status: 'completed', conclusion: 'success', output });
  expect(done.data).toMatchObject({ conclusion: 'success', output: { title: 'Allowed', annotations_count: 0 } });
  expect(told).toEqual(['check_run.created', 'check_run.completed', 'check_suite.completed']);
  expect((await refusal(on.asApp(8, 101).rest.checks.update({ ...at, conclusion: 'failure' }))).status).toBe(403);
  expect((await refusal(on.user('alice').rest.checks.create({ ...on.at, name: 'x', head_sha }))).status).toBe(403);
  expect((await on.app.rest.checks.get(at)).data.name).toBe('sluice/gate');
});

test('check runs of a commit are the latest of each App and name; every workflow is the same App', async () => {
  const on = await stage();
  const head_sha = await tip(on);
  const make = (octokit: Stage['app'], conclusion: 'success' | 'failure') =>
    octokit.rest.checks.create({ ...on.at, name: 'sluice/rollout', head_sha, status: 'completed', conclusion });
  await make(on.asApp(8, 101), 'failure');
  await make(on.asApp(8, 101), 'success');
  await make(on.withToken(on.twin.mintActionsToken({ permissions: { checks: 'write' }, runId: 1 })), 'success');
  const list = async (query: object) =>
    (await on.app.rest.checks.listForRef({ ...on.at, ref: 'main', ...query })).data.check_runs;
  expect((await list({})).map((run) => [run.app?.id, run.conclusion])).toEqual([
    [15368, 'success'],
    [8, 'success'],
  ]);
  expect(await list({ filter: 'all', app_id: 8 })).toHaveLength(2);
  expect(await list({ check_name: 'other' })).toEqual([]);
  expect((await on.app.rest.checks.listSuitesForRef({ ...on.at, ref: 'main' })).data.check_suites).toHaveLength(2);
});

test('statuses combine to the worst of the latest', async () => {
  const on = await stage();
  const sha = await tip(on);
  const combined = async () => (await on.app.rest.repos.getCombinedStatusForRef({ ...on.at, ref: 'main' })).data.state;
  const say = (context: string, state: 'success' | 'failure') =>
    on.user('olga').rest.repos.createCommitStatus({ ...on.at, sha, context, state });
  expect(await combined()).toBe('pending');
  await say('lint', 'failure');
  await say('unit', 'success');
  expect(await combined()).toBe('failure');
  await say('lint', 'success');
  expect(await combined()).toBe('success');
  expect((await on.app.rest.repos.listCommitStatusesForRef({ ...on.at, ref: 'main' })).data).toHaveLength(3);
  expect((await refusal(on.app.rest.repos.createCommitStatus({ ...on.at, sha, state: 'success' }))).status).toBe(403);
});

test('a deployment of a job reports without waiting for checks', async () => {
  const on = await stage();
  const job = on.withToken(on.twin.mintActionsToken({ permissions: { deployments: 'write', contents: 'read' }, runId: 1 }));
  const sha = await tip(on);
  await on.user('olga').rest.repos.createCommitStatus({ ...on.at, sha, context: 'lint', state: 'failure' });
  const ask = { ...on.at, ref: sha, environment: 'prod', auto_merge: false, payload: { change: 'c1' } };
  expect((await refusal(job.rest.repos.createDeployment(ask))).status).toBe(409);
  const made = await job.rest.repos.createDeployment({ ...ask, required_contexts: [] });
  if (made.status !== 201) throw new Error('no deployment');
  const at = { ...on.at, deployment_id: made.data.id };
  await job.rest.repos.createDeploymentStatus({ ...at, state: 'in_progress', description: 'writing' });
  await job.rest.repos.createDeploymentStatus({ ...at, state: 'success', log_url: 'https://example.test/run' });
  expect((await job.rest.repos.listDeploymentStatuses(at)).data.map((status) => status.state)).toEqual([
    'success',
    'in_progress',
  ]);
  expect((await job.rest.repos.listDeployments({ ...on.at, environment: 'prod' })).data).toMatchObject([
    { sha, payload: { change: 'c1' } },
  ]);
  expect((await job.rest.repos.getDeployment(at)).data.creator?.login).toBe('github-actions[bot]');
});

test('an environment shows which branches it admits', async () => {
  const on = await stage();
  const get = (environment_name: string) => on.app.rest.repos.getEnvironment({ ...on.at, environment_name });
  expect((await get('prod')).data.deployment_branch_policy).toEqual({ protected_branches: false, custom_branch_policies: true });
  expect((await get('open')).data.deployment_branch_policy).toBeNull();
  const policies = await on.app.rest.repos.listDeploymentBranchPolicies({ ...on.at, environment_name: 'prod' });
  expect(policies.data.branch_policies.map((one) => one.name)).toEqual(['main']);
  expect((await on.app.rest.repos.getAllEnvironments(on.at)).data.total_count).toBe(2);
  expect((await refusal(get('ghost'))).status).toBe(404);
});
