import { describe, expect, test } from 'vitest';
import type { Happening } from '../../../src/twin/github/index.ts';
import type { BranchRules } from '../../../src/twin/github/seed.ts';
import { refusal, type Stage, stage } from '../../support/github.ts';
import { ask, main as mainOf, REPO } from './ask.ts';

const BUILD = { context: 'build' };
const ENTRIES = `{ ${REPO} { mergeQueue(branch: "main") { entries(first: 10) { totalCount nodes {
  position state baseCommit { oid } headCommit { oid parents(first: 5) { nodes { oid } } } enqueuer { login } pullRequest { number isInMergeQueue } } } } } }`;

interface Listed {
  readonly entries: { readonly nodes: readonly Entry[] };
}

interface Entry {
  readonly baseCommit: { readonly oid: string };
  readonly headCommit: { readonly oid: string; readonly parents: { readonly nodes: readonly { readonly oid: string }[] } };
}

async function queued(rules: Omit<BranchRules, 'branch'> = {}) {
  const branchRules = [{ branch: 'main', mergeQueue: 'MERGE' as const, requiredChecks: [BUILD], ...rules }];
  // Tokens live for an hour, as long as the queue waits.
  const on = await stage({ branchRules }, { tokenClock: () => new Date() });
  const heard: Happening[] = [];
  on.twin.onEvent((event) => void heard.push(event));
  const open = async (name: string, files: Readonly<Record<string, string>>) => {
    const head = await on.branch(name, files);
    const { data } = await on.app.rest.pulls.create({ ...on.at, head: name, base: 'main', title: name });
    await green(on, head);
    return { head, number: data.number, id: data.node_id };
  };
  const mutate = (client: Stage['app'], mutation: string) => client.graphql(`mutation { ${mutation} { clientMutationId } }`);
  const enter = (id: string, expected?: string, client = on.app) =>
    mutate(client, `enqueuePullRequest(input: {pullRequestId: "${id}"${expected ? `, expectedHeadOid: "${expected}"` : ''}})`);
  const leave = (id: string) => mutate(on.app, `dequeuePullRequest(input: {id: "${id}"})`);
  const entries = async (): Promise<readonly Entry[]> => {
    const { mergeQueue } = (await on.app.graphql<{ readonly repository: { readonly mergeQueue: Listed } }>(ENTRIES)).repository;
    return mergeQueue.entries.nodes;
  };
  const main = () => mainOf(on);
  const pull = async (number: number) => (await on.app.rest.pulls.get({ ...on.at, pull_number: number })).data;
  const groups = () =>
    heard.filter(({ name }) => name === 'merge_group').map(({ payload }) => [payload.action, payload.reason ?? null]);
  return { on, heard, open, enter, leave, entries, main, pull, groups };
}

async function green(on: Stage, head_sha: string, conclusion: 'success' | 'failure' = 'success') {
  const workflow = on.withToken(on.twin.mintActionsToken({ runId: 1, permissions: { checks: 'write' } }));
  await workflow.rest.checks.create({ ...on.at, name: 'build', head_sha, status: 'completed', conclusion });
}

describe('a branch with a merge queue', () => {
  test('refuses a merge and a push that do not go through it', async () => {
    const { on, open } = await queued();
    const { number, head } = await open('one', { 'a.txt': 'a\n' });
    const words = 'Changes must be made through the merge queue';
    expect(await refusal(on.user('alice').rest.pulls.merge({ ...on.at, pull_number: number }))).toMatchObject({
      status: 405,
      message: expect.stringContaining(words),
    });
    expect(await refusal(on.user('alice').rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: head }))).toMatchObject({
      status: 422,
      message: expect.stringContaining(words),
    });
  });

  test.each(['MERGE', 'SQUASH', 'REBASE'] as const)(
    'merges by %s, exactly what was checked, once its checks pass',
    async (method) => {
      const { on, open, enter, entries, main, pull, groups, heard } = await queued({ mergeQueue: method });
      const before = await main();
      const { number, head, id } = await open('one', { 'a.txt': 'a\n' });
      // A commit that is replayed within the second that made it would be the same one.
      on.tick(1);
      await enter(id, head);
      const [entry] = await entries();
      expect(entry).toMatchObject({
        position: 1,
        state: 'AWAITING_CHECKS',
        baseCommit: { oid: before },
        enqueuer: { login: 'sluice' },
        pullRequest: { number, isInMergeQueue: true },
      });
      const parents = entry?.headCommit.parents.nodes.map(({ oid }) => oid);
      expect(parents).toEqual(method === 'MERGE' ? [before, head] : [before]);
      const sha = entry?.headCommit.oid ?? '';
      const ref = `heads/gh-readonly-queue/main/pr-${number}-${before}`;
      expect((await on.app.rest.git.getRef({ ...on.at, ref })).data.object.sha).toBe(sha);
      expect((await on.app.rest.repos.listPullRequestsAssociatedWithCommit({ ...on.at, commit_sha: sha })).data).toEqual([]);
      expect([await main(), (await pull(number)).merged]).toEqual([before, false]);
      await green(on, sha);
      expect(await main()).toBe(sha);
      expect(await pull(number)).toMatchObject({ merged: true, merge_commit_sha: sha });
      expect(await entries()).toEqual([]);
      expect((await refusal(on.app.rest.git.getRef({ ...on.at, ref }))).status).toBe(404);
      expect(groups()).toEqual([
        ['checks_requested', null],
        ['destroyed', 'merged'],
      ]);
      const told = heard.filter(({ name }) => name === 'pull_request').map(({ payload }) => payload.action);
      expect(told).toEqual(['opened', 'enqueued', 'dequeued', 'closed']);
      const { data } = await on.app.request('GET /repos/{owner}/{repo}/activity', { ...on.at, ref: 'refs/heads/main' });
      expect(data[0]).toMatchObject({
        after: sha,
        activity_type: 'merge_queue_merge',
        actor: { login: 'github-merge-queue[bot]' },
      });
    },
  );

  test('puts each pull request on top of those before it, and merges the first ones first', async () => {
    const { on, open, enter, entries, main } = await queued();
    const [one, two] = [await open('one', { 'a.txt': 'a\n' }), await open('two', { 'b.txt': 'b\n' })];
    await enter(one.id);
    await enter(two.id);
    const [first, second] = await entries();
    expect(second?.baseCommit.oid).toBe(first?.headCommit.oid);
    await green(on, second?.headCommit.oid ?? '');
    expect(await entries()).toHaveLength(2);
    await green(on, first?.headCommit.oid ?? '');
    expect([await main(), await entries()]).toEqual([second?.headCommit.oid, []]);
  });

  test('takes out what fails, and makes again what stood on it', async () => {
    const { on, open, enter, entries, pull, groups, main } = await queued();
    const [one, two] = [await open('one', { 'a.txt': 'a\n' }), await open('two', { 'b.txt': 'b\n' })];
    await enter(one.id);
    await enter(two.id);
    const [first] = await entries();
    await green(on, first?.headCommit.oid ?? '', 'failure');
    const [left] = await entries();
    expect([(await entries()).length, left?.baseCommit.oid]).toEqual([1, await main()]);
    expect(groups().slice(2)).toEqual([
      ['destroyed', 'dequeued'],
      ['destroyed', 'invalidated'],
      ['checks_requested', null],
    ]);
    expect((await pull(one.number)).state).toBe('open');
    const removed = `{ ${REPO} { pullRequest(number: ${one.number}) { isInMergeQueue timelineItems(last: 1,
      itemTypes: [REMOVED_FROM_MERGE_QUEUE_EVENT]) { nodes { ... on RemovedFromMergeQueueEvent { reason actor { login } } } } } } }`;
    expect((await ask(on, removed)).data.repository?.pullRequest).toMatchObject({
      isInMergeQueue: false,
      timelineItems: { nodes: [{ reason: 'CI_FAILURE', actor: { login: 'github-merge-queue' } }] },
    });
  });

  test('takes out what nobody checks for an hour, what conflicts, and what has a new head', async () => {
    const { on, open, enter, entries } = await queued();
    const one = await open('one', { 'README.md': 'one\n' });
    await enter(one.id);
    const clash = await open('two', { 'README.md': 'two\n' });
    await enter(clash.id);
    expect(await entries()).toHaveLength(1);
    on.tick(3601);
    expect(await entries()).toEqual([]);
    await enter(one.id);
    const next = await on.branch('next', { 'c.txt': 'c\n' }, 'one');
    await on.user('olga').rest.git.updateRef({ ...on.at, ref: 'heads/one', sha: next });
    expect(await entries()).toEqual([]);
  });

  test('lets in only what meets the rules, at the head that was expected, once, by who may', async () => {
    const { on, open, enter, leave, entries } = await queued({ requiredReviews: 1 });
    const one = await open('one', { 'a.txt': 'a\n' });
    expect(await words(enter(one.id))).toContain('approving review');
    await on.user('olga').rest.pulls.createReview({ ...on.at, pull_number: one.number, event: 'APPROVE' });
    expect(await words(enter(one.id, '0'.repeat(40)))).toContain('Head branch was modified');
    expect(await words(enter(one.id, one.head, on.user('rita')))).toContain('FORBIDDEN');
    expect(await words(enter(one.id, one.head, on.asApp(8, 101)))).toContain('FORBIDDEN');
    expect(await words(leave(one.id))).toContain('not in the merge queue');
    await enter(one.id, one.head);
    expect(await words(enter(one.id, one.head))).toContain('already in the merge queue');
    await leave(one.id);
    expect(await entries()).toEqual([]);
  });

  test('makes everything again when somebody whom the rules do not bind moves the branch', async () => {
    const { on, open, enter, entries, main, groups, pull } = await queued({ bypass: ['alice'] });
    const [one, two] = [await open('one', { 'a.txt': 'a\n' }), await open('two', { 'b.txt': 'b\n' })];
    await enter(one.id);
    const [before] = await entries();
    await on.user('alice').rest.pulls.merge({ ...on.at, pull_number: two.number, sha: two.head });
    const tip = await main();
    expect((await pull(two.number)).merge_commit_sha).toBe(tip);
    const [entry] = await entries();
    expect(entry?.baseCommit.oid).toBe(tip);
    expect(groups().slice(1)).toEqual([
      ['destroyed', 'invalidated'],
      ['checks_requested', null],
    ]);
    await green(on, before?.headCommit.oid ?? '');
    expect(await main()).toBe(tip);
    on.tick(1);
    await on.user('alice').rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: before?.baseCommit.oid ?? '', force: true });
    expect(await main()).toBe(before?.baseCommit.oid);
  });

  test('takes out what goes to a branch without one', async () => {
    const { on, open, enter, entries, pull } = await queued();
    const one = await open('one', { 'a.txt': 'a\n' });
    await enter(one.id);
    await on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/release', sha: await mainOf(on) });
    await on.app.rest.pulls.update({ ...on.at, pull_number: one.number, base: 'release' });
    expect(await entries()).toEqual([]);
    expect(await pull(one.number)).toMatchObject({ merged: false, state: 'open' });
  });

  test('takes a green check of another App for none, where the rule names one', async () => {
    const { on, open, enter, entries, main } = await queued({ requiredChecks: [BUILD, { context: 'sluice/gate', appId: 7 }] });
    const gate = (client: Stage['app'], head_sha: string) =>
      client.rest.checks.create({ ...on.at, name: 'sluice/gate', head_sha, status: 'completed', conclusion: 'success' });
    const before = await main();
    const one = await open('one', { 'a.txt': 'a\n' });
    await gate(on.app, one.head);
    await enter(one.id);
    const sha = (await entries())[0]?.headCommit.oid ?? '';
    await green(on, sha);
    await gate(on.withToken(on.twin.mintActionsToken({ runId: 1, permissions: { checks: 'write' } })), sha);
    expect(await main()).toBe(before);
    await gate(on.app, sha);
    expect(await main()).toBe(sha);
  });
});

test('a branch without one has no queue, and none can be read without the right to', async () => {
  const on = await stage();
  expect((await ask(on, ENTRIES)).data.repository).toMatchObject({ mergeQueue: null });
  const job = on.twin.mintActionsToken({ runId: 1, permissions: { contents: 'read' } });
  expect(JSON.stringify((await ask(on, ENTRIES, job)).errors)).toContain('FORBIDDEN');
});

async function words(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (problem) {
    return JSON.stringify(problem instanceof Error && 'errors' in problem ? problem.errors : String(problem));
  }
  return 'it was let through';
}
