import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import type { BranchRules } from '../../src/twin/github/seed.ts';
import { sluice } from '../doors/cli/sluice.ts';
import { buildOnce, person, proposed, until } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const CONFIG = '.github/sluice.yml';
const required = { [CONFIG]: `${readFileSync(CONFIG, 'utf8')}\nprotection: required\n` };

async function guarded(rules: Omit<BranchRules, 'branch'>, files: Readonly<Record<string, string>> = {}) {
  const at = await startWorld({ workloads: ['oom'], branchRules: [{ branch: 'main', ...rules }], files });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const status = (words: string) =>
    until(`${words} in the status`, async () => {
      const sticky = (await person(at, 'olga').thread(pull.number)).find((note) => note.body.includes('sluice:status'))?.body;
      return sticky?.includes(words) ? sticky : null;
    });
  const gate = async () => {
    const listed = await writer(at, 'omar').ask('GET', `/commits/${pull.head}/check-runs?check_name=sluice/gate`);
    return listed.check_runs?.[0];
  };
  const workflow = writer(
    at,
    'wendy',
    at.github.mintActionsToken({ permissions: { checks: 'write', statuses: 'write' }, runId: 1 }),
  );
  const report = (name: string, conclusion: 'success' | 'failure') =>
    workflow.ask('POST', '/check-runs', { name, head_sha: pull.head, status: 'completed', conclusion });
  const merge = () => until('a merge', async () => (await person(at, 'olga').pulls()).find((one) => one.merged));
  const approve = () => person(at, 'olga').say(pull.number, `/approve ${pull.head}`);
  return { at, pull, status, gate, workflow, report, merge, approve };
}

describe('what GitHub itself wants', () => {
  test('is told, holds no check of ours, and is waited for without another word', async () => {
    const on = await guarded({
      requiredChecks: [{ context: 'build' }, { context: 'sluice/gate', appId: 7 }],
      requiredReviews: 1,
    });
    await on.status('What GitHub itself still wants');
    await on.report('build', 'failure');
    await on.status('`check_failed` `build`');
    await on.approve();
    const told = await on.status('This content is approved; GitHub itself still wants something');
    expect(told).toContain('github_review_missing');
    expect(told).not.toContain('What stands in the way');
    expect(await on.gate()).toMatchObject({
      conclusion: 'success',
      output: { title: 'Approved; GitHub itself still wants 2 things' },
    });
    on.at.plant.clock.advance(60_000);
    await on.report('build', 'success');
    await until('the failed check to be gone', async () => !(await on.status('github_review_missing')).includes('check_failed'));
    expect((await person(on.at, 'olga').pulls()).some((one) => one.merged)).toBe(false);
    await writer(on.at, 'omar').ask('POST', `/pulls/${on.pull.number}/reviews`, { event: 'APPROVE' });
    expect((await on.merge()).number).toBe(on.pull.number);
  });

  test('may be a commit status, which tells no pull request', async () => {
    const on = await guarded({ requiredChecks: [{ context: 'ci' }] });
    await on.approve();
    await on.status('`check_unknown` `ci`');
    await on.workflow.ask('POST', `/statuses/${on.pull.head}`, { state: 'success', context: 'ci' });
    expect((await on.merge()).number).toBe(on.pull.number);
  });

  test('is a head that contains the base’s tip where that is asked: base_moved', async () => {
    const on = await guarded({ requiredChecks: [{ context: 'ci' }], strictChecks: true });
    const omar = writer(on.at, 'omar');
    const other = await omar.commit({ 'NOTES.md': 'hello\n' }, [await omar.main()]);
    await omar.branch('notes', other);
    const number = await omar.pull('notes');
    await on.workflow.ask('POST', `/statuses/${other}`, { state: 'success', context: 'ci' });
    await omar.ask('PUT', `/pulls/${number}/merge`, { sha: other });
    await on.workflow.ask('POST', `/statuses/${on.pull.head}`, { state: 'success', context: 'ci' });
    await on.approve();
    expect(await on.status('`base_moved` `main`')).toContain('the head is behind');
  });

  test('costs one look for a pull request that touches no target', async () => {
    const on = await guarded({});
    const omar = writer(on.at, 'omar');
    const head_sha = await omar.commit({ 'NOTES.md': 'hello\n' }, [await omar.main()]);
    await omar.branch('notes', head_sha);
    await omar.pull('notes');
    const counted = async () => (await on.at.calls()).app;
    const gate = async () => (await omar.ask('GET', `/commits/${head_sha}/check-runs?check_name=sluice/gate`)).check_runs?.[0];
    await until('the gate’s word on it', gate);
    await on.at.github.deliveries.settled();
    const before = await counted();
    await on.workflow.ask('POST', '/check-runs', { name: 'docs', head_sha, status: 'completed', conclusion: 'success' });
    await until('a look', async () => (await counted()) > before);
    await on.at.github.deliveries.settled();
    expect(await counted()).toBe(before + 1);
  });
});

describe('protection: required', () => {
  test('waits as protection_missing until a ruleset requires our check of our App', async () => {
    const on = await guarded({ requiredChecks: [{ context: 'sluice/gate' }] }, required);
    await on.approve();
    const told = await on.status('counted: 1');
    expect(told).toContain('`protection_missing` `sluice/gate`');
    expect(told).toContain('required of anybody');
    expect(await on.gate()).toMatchObject({ conclusion: 'action_required' });
  });

  test('lets an approved change through where one does', async () => {
    const on = await guarded({ requiredChecks: [{ context: 'sluice/gate', appId: 7 }] }, required);
    await on.approve();
    expect((await on.merge()).number).toBe(on.pull.number);
  });
});

test('sluice explain shows what GitHub wants, and whose check it takes for ours', async () => {
  const on = await guarded({ requiredChecks: [{ context: 'build' }] });
  const { github, plant, appEnvironment } = on.at;
  const servers = Object.entries(appEnvironment).filter(([name]) => /^SLUICE_(WORKSPACE|PROMETHEUS|TWIN)_/.test(name));
  const env = {
    ...Object.fromEntries(servers),
    ...{ GITHUB_TOKEN: 'token-of-olga', GITHUB_API_URL: github.url, GITHUB_SERVER_URL: github.url },
    SLUICE_TWIN_CLOCK: plant.clockUrl,
  };
  const address = `${github.url}/acme/pipelines/pull/${on.pull.number}`;
  const codes = async (more: Readonly<Record<string, string>>) => {
    const { stdout } = await sluice(['explain', address, '--json'], { env: { ...env, ...more } });
    const { reasons } = JSON.parse(stdout) as {
      readonly reasons: readonly { readonly code: string; readonly subject: string }[];
    };
    return reasons.filter(({ code }) => code.startsWith('check_')).map(({ code, subject }) => `${code} ${subject}`);
  };
  expect(await codes({ SLUICE_APP_ID: '7' })).toEqual(['check_unknown build']);
  expect(await codes({})).toEqual(['check_unknown sluice/gate', 'check_unknown build']);
  expect(await codes({ SLUICE_APP_ID: '9' })).toEqual(['check_forged sluice/gate', 'check_unknown build']);
  const { stdout } = await sluice(['explain', address], { env: { ...env, SLUICE_APP_ID: '7' } });
  expect(stdout).toContain('checks required by rulesets');
});
