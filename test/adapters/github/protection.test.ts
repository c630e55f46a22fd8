import { expect, test } from 'vitest';
import { gateFactReader } from '../../../src/adapters/github/gate-facts.ts';
import { wholeProtection } from '../../../src/adapters/github/protection.ts';
import { githubReads } from '../../../src/adapters/github/reads.ts';
import type { ProtectionFacts } from '../../../src/model/protection.ts';
import { parseProtection } from '../../../src/schema/github-protection.ts';
import type { BranchRules } from '../../../src/twin/github/seed.ts';
import { type Stage, stage } from '../../support/github.ts';

async function guarded(rules: Omit<BranchRules, 'branch'> = {}) {
  const on = await stage({ branchRules: [{ branch: 'main', ...rules }] });
  const head = await on.branch('fix', { 'jobs/orders.json': '{}\n' });
  await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' });
  const { data } = await on.app.rest.repos.get(on.at);
  const read = (client = on.app) =>
    gateFactReader(githubReads(client, on.at), { id: data.id, defaultBranch: 'main' }).change({ moment: 'open', pull: 1 });
  const told = async (): Promise<ProtectionFacts> => {
    const { protection } = await read();
    if (!protection?.known) throw new Error(protection?.why ?? 'null');
    return protection.value;
  };
  return { on, head, read, told };
}

const run = (on: Stage, octokit: Stage['app'], name: string, head_sha: string, conclusion: 'success' | 'timed_out' | 'neutral') =>
  octokit.rest.checks.create({ ...on.at, name, head_sha, status: 'completed', conclusion });
const workflow = (on: Stage, permissions: Readonly<Record<string, 'read' | 'write'>> = { checks: 'write' }) =>
  on.withToken(on.twin.mintActionsToken({ runId: 1, permissions }));

test('what GitHub wants of an open pull request comes with the pull request itself, in no further call', async () => {
  const { on, head, read, told } = await guarded({
    requiredChecks: [{ context: 'sluice/gate', appId: 7 }, { context: 'build' }],
    requiredReviews: 1,
  });
  await run(on, workflow(on), 'build', head, 'neutral');
  await run(on, workflow(on), 'docs', head, 'timed_out');
  await on.user('olga').rest.repos.createCommitStatus({ ...on.at, sha: head, context: 'Sluice/Gate', state: 'success' });
  expect(await told()).toEqual({
    review: 'review_required',
    conflicts: false,
    behind: false,
    strict: false,
    queue: null,
    rules: [
      { name: 'sluice/gate', appId: 7 },
      { name: 'build', appId: null },
    ],
    checks: [
      { name: 'build', kind: 'run', appId: 15368, writer: 'github-actions', required: true, standing: 'passed', said: 'neutral' },
      { name: 'Sluice/Gate', kind: 'status', appId: null, writer: 'olga', required: false, standing: 'passed', said: 'success' },
    ],
  });
  const queries = () => on.twin.calls.all().filter((call) => call.path === '/graphql').length;
  const before = queries();
  await read();
  // The pull request, and the policy's files.
  expect(queries() - before).toBeLessThanOrEqual(2);
});

test('a rerun replaces what the same App said before, and nobody else’s word', async () => {
  const { on, head, told } = await guarded({ requiredChecks: [{ context: 'build' }] });
  await run(on, workflow(on), 'build', head, 'timed_out');
  on.tick(60);
  await run(on, workflow(on), 'build', head, 'success');
  await run(on, on.asApp(8, 101), 'build', head, 'timed_out');
  expect((await told()).checks.map(({ appId, said }) => [appId, said])).toEqual([
    [15368, 'success'],
    [8, 'timed_out'],
  ]);
});

test('a head with more than a hundred checks is read whole', async () => {
  const { on, head, told } = await guarded({ requiredChecks: [{ context: 'last' }] });
  for (let count = 0; count < 101; count++) await run(on, workflow(on), `check ${count}`, head, 'success');
  await run(on, workflow(on), 'last', head, 'timed_out');
  expect((await told()).checks).toMatchObject([{ name: 'last', standing: 'failed' }]);
});

test('a head that is behind is told though something else blocks, and so is a conflict', async () => {
  const { on, told } = await guarded({ requiredReviews: 1, strictChecks: true, requiredChecks: [{ context: 'build' }] });
  const tip = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  expect(await told()).toMatchObject({ strict: true, behind: false });
  const moved = await on.branch('moved', { 'jobs/orders.json': '{ "other": 1 }\n' }, 'main');
  expect(moved).not.toBe(tip);
  const other = await on.app.rest.pulls.create({ ...on.at, head: 'moved', base: 'main', title: 'Moved' });
  await run(on, workflow(on), 'build', moved, 'success');
  await on.user('olga').rest.pulls.createReview({ ...on.at, pull_number: other.data.number, event: 'APPROVE' });
  await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: other.data.number });
  expect(await told()).toMatchObject({ strict: true, behind: true, conflicts: false });
  expect(await told()).toMatchObject({ strict: true, behind: true, conflicts: true });
});

test('a token that may not read statuses learns everything else, and what it lacks', async () => {
  const { on, head, read } = await guarded();
  await on.user('olga').rest.repos.createCommitStatus({ ...on.at, sha: head, context: 'lint', state: 'success' });
  const facts = await read(workflow(on, { contents: 'read', 'pull-requests': 'read', checks: 'read' }));
  expect(facts.pull.known).toBe(true);
  expect(facts.delta.known).toBe(true);
  expect(facts.protection).toMatchObject({
    known: false,
    why: expect.stringMatching(/not accessible[\s\S]*read access to checks and commit statuses/),
  });
});

test('once merged nothing of it is asked', async () => {
  const { on, head } = await guarded();
  const { data } = await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: 1, sha: head });
  const reader = gateFactReader(githubReads(on.app, on.at), { id: on.twin.repositoryId, defaultBranch: 'main' });
  expect((await reader.change({ moment: 'apply', merge: data.sha })).protection).toBeNull();
});

const HEAD = 'a'.repeat(40);
const RUN = { __typename: 'CheckRun', name: 'build', startedAt: null, isRequired: true, checkSuite: { app: null } };
const rollup = (nodes: readonly unknown[], change: object = {}) => ({
  commit: { oid: HEAD },
  contexts: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
  ...change,
});
const answer = (change: object = {}) => ({
  repository: {
    pullRequest: {
      headRefOid: HEAD,
      mergeable: 'UNKNOWN',
      mergeStateStatus: 'UNKNOWN',
      reviewDecision: null,
      baseRef: { rules: { totalCount: 0, nodes: [] } },
      statusCheckRollup: null,
      isMergeQueueEnabled: false,
      mergeQueueEntry: null,
      removals: { nodes: [] },
      ...change,
    },
  },
});

test('a check that a branch protection alone requires is kept, and one that nothing requires is not', async () => {
  const { on } = await guarded();
  const passed = { ...RUN, status: 'COMPLETED', conclusion: 'SUCCESS' };
  const seen = parseProtection(answer({ statusCheckRollup: rollup([passed, { ...passed, name: 'docs', isRequired: false }]) }));
  const { checks } = await wholeProtection(githubReads(on.app, on.at), { number: 1, headSha: HEAD }, seen);
  expect(checks.map(({ name }) => name)).toEqual(['build']);
});

test.each([
  ['COMPLETED', 'SUCCESS', 'passed', 'success'],
  ['COMPLETED', 'SKIPPED', 'passed', 'skipped'],
  ['COMPLETED', 'STALE', 'failed', 'stale'],
  ['COMPLETED', 'STARTUP_FAILURE', 'failed', 'startup_failure'],
  ['COMPLETED', 'ACTION_REQUIRED', 'failed', 'action_required'],
  ['COMPLETED', 'CANCELLED', 'failed', 'cancelled'],
  ['COMPLETED', 'A_WORD_OF_TOMORROW', 'unsettled', 'a_word_of_tomorrow'],
  ['COMPLETED', null, 'unsettled', 'completed'],
  ['QUEUED', null, 'unsettled', 'queued'],
])('a check run that is %s with %s is %s', (status, conclusion, standing, said) => {
  const { first } = parseProtection(answer({ statusCheckRollup: rollup([{ ...RUN, status, conclusion }]) }));
  expect(first.reports).toMatchObject([{ standing, said, appId: null, writer: 'ghost' }]);
});

test('while GitHub computes, nothing conflicts; a decision of a kind that came later is no approval', () => {
  expect(parseProtection(answer())).toMatchObject({ conflicts: false, behind: false, strict: false, review: null });
  expect(parseProtection(answer({ mergeStateStatus: 'DIRTY' })).conflicts).toBe(true);
  expect(parseProtection(answer({ mergeStateStatus: 'BEHIND' }))).toMatchObject({ behind: true, strict: true });
  expect(parseProtection(answer({ reviewDecision: 'TOMORROW' })).review).toBe('review_required');
});

test('rules that are not shown at all are none: GitHub enforces its own, and one that the config asks for is missing', () => {
  expect(parseProtection(answer({ baseRef: { rules: null } }))).toMatchObject({ rules: [], strict: false });
});

test.each([
  ['rules that are not all listed', { baseRef: { rules: { totalCount: 101, nodes: [] } } }],
  ['a base that is gone', { baseRef: null }],
  ['checks of another commit', { statusCheckRollup: rollup([], { commit: { oid: 'b'.repeat(40) } }) }],
  ['a check that is not shown', { statusCheckRollup: rollup([null]) }],
])('%s cannot be told', (_, change) => {
  expect(() => parseProtection(answer(change))).toThrow();
});
