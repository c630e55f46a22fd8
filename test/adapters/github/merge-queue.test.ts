import { expect, test } from 'vitest';
import { gateFactReader } from '../../../src/adapters/github/gate-facts.ts';
import { mergeQueue } from '../../../src/adapters/github/merge-queue.ts';
import { githubReads } from '../../../src/adapters/github/reads.ts';
import { parseQueuePage } from '../../../src/schema/github-merge-queue.ts';
import type { BranchRules } from '../../../src/twin/github/seed.ts';
import { type Stage, stage } from '../../support/github.ts';

const BUILD = [{ context: 'build' }];

async function queueing(rules: Omit<BranchRules, 'branch'> = { mergeQueue: 'MERGE', requiredChecks: BUILD }) {
  const on = await stage({ branchRules: [{ branch: 'main', ...rules }] });
  const reads = githubReads(on.app, on.at);
  const queue = mergeQueue(on.app, reads);
  const { data: repository } = await on.app.rest.repos.get(on.at);
  const facts = gateFactReader(reads, { id: repository.id, defaultBranch: 'main' });
  const main = async () => (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const open = async (name: string, files: Readonly<Record<string, string>>) => {
    const head = await on.branch(name, files);
    const { data } = await on.app.rest.pulls.create({ ...on.at, head: name, base: 'main', title: name });
    await green(on, head);
    return { head, number: data.number };
  };
  /** The newest commit that the queue made. */
  const made = async () => {
    const { data } = await on.app.rest.git.listMatchingRefs({ ...on.at, ref: 'heads/gh-readonly-queue/main/' });
    return Object.fromEntries(data.map(({ ref, object }) => [Number(/pr-(\d+)-/.exec(ref)?.[1]), object.sha]));
  };
  return { on, queue, facts, main, open, made };
}

async function green(on: Stage, head_sha: string) {
  const workflow = on.withToken(on.twin.mintActionsToken({ runId: 1, permissions: { checks: 'write' } }));
  await workflow.rest.checks.create({ ...on.at, name: 'build', head_sha, status: 'completed', conclusion: 'success' });
}

test('a group is told as GitHub’s own queue has it: each pull request with its commit and what that stands on', async () => {
  const { queue, main, open, made } = await queueing();
  const [one, two] = [await open('one', { 'a.txt': 'a\n' }), await open('two', { 'b.txt': 'b\n' })];
  expect([await queue.enter(one.number, one.head), await queue.enter(two.number, two.head)]).toEqual([true, true]);
  const { [one.number]: first = '', [two.number]: second = '' } = await made();
  const lower = { pull: one.number, commit: first, parent: await main() };
  expect(await queue.group('main', first)).toEqual({ known: true, value: [lower] });
  expect(await queue.group('main', second)).toEqual({
    known: true,
    value: [lower, { pull: two.number, commit: second, parent: first }],
  });
});

test('commits that a rebase made of one pull request are that pull request’s, judged by the policy below all of them', async () => {
  const { on, queue, facts, main, open, made } = await queueing({ mergeQueue: 'REBASE', requiredChecks: BUILD });
  await on.branch('half', { 'a.txt': 'a\n' });
  const head = await on.branch('whole', { 'a.txt': 'aa\n' }, 'half');
  const { data } = await on.app.rest.pulls.create({ ...on.at, head: 'whole', base: 'main', title: 'Two commits' });
  await green(on, head);
  const two = await open('two', { 'b.txt': 'b\n' });
  on.tick(1);
  await queue.enter(data.number, head);
  await queue.enter(two.number, two.head);
  const { [data.number]: first = '', [two.number]: second = '' } = await made();
  expect(await queue.group('main', second)).toEqual({
    known: true,
    value: [
      { pull: data.number, commit: first, parent: await main() },
      { pull: two.number, commit: second, parent: first },
    ],
  });
  const parent = await main();
  const { merge, policies } = await facts.change({ moment: 'queue', pull: data.number, commit: first, parent });
  expect(policies.map((policy) => policy.commit)).toEqual([parent]);
  expect(merge?.known && merge.value.parents[0]).not.toBe(parent);
});

test('what the queue made of a pull request is read with what it stands on, and the policy there and at the tip', async () => {
  const { on, queue, facts, main, open, made } = await queueing();
  const one = await open('one', { '.github/CODEOWNERS': '* @olga\n' });
  const two = await open('two', { 'jobs/orders.json': '{}\n' });
  await queue.enter(one.number, one.head);
  await queue.enter(two.number, two.head);
  const { [one.number]: parent = '', [two.number]: commit = '' } = await made();
  const { merge, delta, policies, pull, protection } = await facts.change({ moment: 'queue', pull: two.number, commit, parent });
  const bot = (await on.app.rest.users.getByUsername({ username: 'sluice[bot]' })).data.id;
  expect(merge).toEqual({ known: true, value: { parents: [parent, two.head], delta: delta.known && delta.value } });
  expect(policies.map((policy) => policy.commit)).toEqual([parent, await main()]);
  expect(policies[0]?.codeowners).toMatchObject({ value: { text: '* @olga\n' } });
  expect(pull).toMatchObject({ value: { number: two.number, state: 'open' } });
  expect(protection).toMatchObject({ value: { queue: { entered: { by: bot }, removed: null } } });
  const gone = await facts.change({ moment: 'queue', pull: two.number, commit: 'e'.repeat(40), parent });
  expect(gone.merge).toMatchObject({ known: false });
});

test('that a pull request was taken out is told with when and by which account', async () => {
  const { on, queue, facts, open } = await queueing();
  const one = await open('one', { 'a.txt': 'a\n' });
  await queue.enter(one.number, one.head);
  await queue.leave(one.number);
  await queue.leave(one.number);
  const { protection } = await facts.change({ moment: 'open', pull: one.number });
  const bot = (await on.app.rest.users.getByUsername({ username: 'sluice[bot]' })).data.id;
  expect(protection).toMatchObject({ value: { queue: { entered: null, removed: { by: bot, at: expect.any(String) } } } });
});

test('a group that is on the branch already is nothing to judge; one that the queue does not list is not known', async () => {
  const { on, queue, main, open, made } = await queueing();
  const one = await open('one', { 'a.txt': 'a\n' });
  await queue.enter(one.number, one.head);
  const { [one.number]: group = '' } = await made();
  await green(on, group);
  expect(await main()).toBe(group);
  expect(await queue.group('main', group)).toEqual({ known: true, value: null });
  const stray = await on.branch('stray', { 'b.txt': 'b\n' });
  expect(await queue.group('main', stray)).toMatchObject({ known: false, why: expect.stringContaining('has no entry for') });
});

test('a queue that is not there, or may not be read, is not known', async () => {
  const { on, queue, main } = await queueing({});
  expect(await queue.group('main', await main())).toMatchObject({ known: false, why: 'the branch has no merge queue' });
  const other = on.asApp(8, 101);
  expect(await mergeQueue(other, githubReads(other, on.at)).group('main', await main())).toMatchObject({ known: false });
});

test('GitHub’s no to an entry is an answer; a right that is missing is none', async () => {
  const { on, queue, open } = await queueing();
  const one = await open('one', { 'a.txt': 'a\n' });
  expect(await queue.enter(one.number, 'f'.repeat(40))).toBe(false);
  const other = on.asApp(8, 101);
  await expect(mergeQueue(other, githubReads(other, on.at)).enter(one.number, one.head)).rejects.toThrow(
    'Resource not accessible',
  );
});

test('an entry without a pull request makes the whole queue unreadable', () => {
  const entry = { headCommit: null, pullRequest: { number: 1 } };
  const answer = (nodes: readonly object[]) => ({
    repository: {
      ref: { target: { oid: 'a'.repeat(40) } },
      mergeQueue: { entries: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes } },
    },
  });
  expect(parseQueuePage(answer([entry])).entries).toEqual([{ commit: null, pull: 1 }]);
  expect(() => parseQueuePage(answer([entry, { ...entry, pullRequest: null }]))).toThrow('shows no pull request');
});
