import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postAlert } from '../../src/doors/demo/play.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import type { BranchRules } from '../../src/twin/github/seed.ts';
import { buildOnce, person, proposed, resets, scenario, until, wake } from '../support/story.ts';
import { writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const JOB_FILE = 'jobs/orders-nightly.json';
const CODEOWNERS = '.github/CODEOWNERS';
const CONFIG = '.github/sluice.yml';
const GATE = { context: 'sluice/gate', appId: 7 };
const BUILD = { context: 'build' };
const IN_QUEUE = 'It is in the merge queue.';

async function queueing(rules: Omit<BranchRules, 'branch'> = {}, files: Readonly<Record<string, string>> = {}) {
  const at = await startWorld({
    workloads: ['oom'],
    files,
    branchRules: [{ branch: 'main', mergeQueue: 'MERGE', requiredChecks: [GATE, BUILD], ...rules }],
  });
  world = at;
  const [olga, omar] = [person(at, 'olga'), writer(at, 'omar')];
  const workflow = writer(at, 'wendy', at.github.mintActionsToken({ permissions: { checks: 'write' }, runId: 1 }));
  const green = (name: string, head_sha: string) =>
    workflow.ask('POST', '/check-runs', { name, head_sha, status: 'completed', conclusion: 'success' });
  const graphql = async (query: string) => {
    const response = await fetch(`${at.github.url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-of-omar', 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return JSON.parse(await response.text());
  };
  /** The commit that the queue made of a pull request; null while it is not in it. */
  const group = async (number: number): Promise<string | null> => {
    const asked = `{ repository(owner: "acme", name: "pipelines") { pullRequest(number: ${number}) { mergeQueueEntry { headCommit { oid } } } } }`;
    return (await graphql(asked)).data.repository.pullRequest.mergeQueueEntry?.headCommit?.oid ?? null;
  };
  const gate = async (sha: string) =>
    (await omar.ask('GET', `/commits/${sha}/check-runs?check_name=sluice/gate&app_id=7`)).check_runs?.[0];
  const enter = async (number: number) => {
    const { node_id } = await omar.ask('GET', `/pulls/${number}`);
    const asked = `mutation { enqueuePullRequest(input: {pullRequestId: "${node_id}"}) { clientMutationId } }`;
    await until('an entry in the queue', async () => !(await graphql(asked)).errors);
    return until('a group', () => group(number));
  };
  const status = (number: number, words: string) =>
    until(`${words} in the status of #${number}`, async () => {
      const sticky = (await olga.thread(number)).find((note) => note.body.includes('sluice:status'))?.body;
      return sticky?.includes(words) ? sticky : null;
    });
  const merged = async (number: number) => (await olga.pulls()).find((one) => one.number === number)?.merge ?? null;
  const told = (sha: string) => until('our check on the group', () => gate(sha));
  return { at, olga, omar, green, graphql, group, gate, enter, status, merged, told };
}

type Queueing = Awaited<ReturnType<typeof queueing>>;

/** An approved proposal of the App, in the queue, with its group judged by us and waiting for the build. */
async function waiting(on: Queueing) {
  const pull = await proposed(on.at, 'databricks-oom');
  await on.green('build', pull.head);
  await on.olga.say(pull.number, `/approve ${pull.head}`);
  return { pull, group: await until('a group of the proposal', () => on.group(pull.number)) };
}

/** A pull request by omar, with its build green. */
async function byOmar(on: Queueing, branch: string, files: Readonly<Record<string, string>>) {
  const head = await on.omar.commit(files, [await on.omar.main()]);
  await on.omar.branch(branch, head);
  const number = await on.omar.pull(branch);
  await on.green('build', head);
  return { number, head };
}

/** One delivery to the App again, and everything that comes of it. */
async function redeliver(at: World, name: string) {
  const last = at.github.deliveries.list().findLast((one) => one.name === name && one.payload.action === 'checks_requested');
  await at.github.deliveries.redeliver(last?.guid ?? '');
  await at.github.deliveries.settled();
}

describe('an approved proposal', () => {
  test.each(['MERGE', 'SQUASH', 'REBASE'] as const)(
    'goes through a queue that merges by %s, and is applied once',
    async (mergeQueue) => {
      const on = await queueing({ mergeQueue });
      const { pull, group } = await waiting(on);
      await on.status(pull.number, IN_QUEUE);
      expect(await on.told(group)).toMatchObject({
        conclusion: 'success',
        output: { title: `#${pull.number} Approved by olga` },
      });
      expect(await on.merged(pull.number)).toBeNull();
      await on.green('build', group);
      expect(await on.merged(pull.number)).toBe(group);
      await on.at.runner.idle();
      await wake(on.at, 45);
      await wake(on.at, 45);
      expect(resets(on.at)).toBe(1);
      await until('a closed incident', async () => (await on.olga.issues())[0]?.state === 'closed');
    },
  );

  test('is left to a person where merges are theirs, and is judged all the same', async () => {
    const config = readFileSync(CONFIG, 'utf8').replace('merge: auto', 'merge: manual');
    const on = await queueing({}, { [CONFIG]: config });
    const pull = await proposed(on.at, 'databricks-oom');
    await on.green('build', pull.head);
    await on.olga.say(pull.number, `/approve ${pull.head}`);
    await on.status(pull.number, 'merged through the merge queue, which it has not entered yet');
    await on.at.github.deliveries.settled();
    expect(await on.group(pull.number)).toBeNull();
    const group = await on.enter(pull.number);
    await on.status(pull.number, IN_QUEUE);
    expect(await on.told(group)).toMatchObject({ conclusion: 'success' });
  });

  test('enters it ten minutes later where GitHub would not have it at first', async () => {
    const on = await queueing();
    const pull = await proposed(on.at, 'databricks-oom');
    await on.green('build', pull.head);
    const { node_id: id } = await on.omar.ask('GET', `/pulls/${pull.number}`);
    await on.graphql(`mutation { convertPullRequestToDraft(input: {pullRequestId: "${id}"}) { clientMutationId } }`);
    await on.olga.say(pull.number, `/approve ${pull.head}`);
    await on.status(pull.number, 'which it has not entered yet');
    on.at.github.deliveries.mode.drop = (name) => name === 'pull_request';
    await on.graphql(`mutation { markPullRequestReadyForReview(input: {pullRequestId: "${id}"}) { clientMutationId } }`);
    expect(await on.group(pull.number)).toBeNull();
    on.at.plant.clock.advance(11 * 60_000);
    await until('a group of the proposal', () => on.group(pull.number));
  });

  test('is not put back by the App once the queue took it out: that is a person’s, or a newer approval’s', async () => {
    const on = await queueing();
    const { pull, group } = await waiting(on);
    await on.told(group);
    const workflow = writer(on.at, 'wendy', on.at.github.mintActionsToken({ permissions: { checks: 'write' }, runId: 1 }));
    await workflow.ask('POST', '/check-runs', { name: 'build', head_sha: group, status: 'completed', conclusion: 'failure' });
    await on.status(pull.number, 'a person puts it back, or an owner approves it again');
    await on.at.github.deliveries.settled();
    expect(await on.group(pull.number)).toBeNull();
    on.at.plant.clock.advance(60_000);
    await on.olga.say(pull.number, `/approve ${pull.head}`);
    await until('another group', () => on.group(pull.number));
  });
});

test('a group that touches no target is green: not a Sluice target', async () => {
  const on = await queueing();
  const { number } = await byOmar(on, 'notes', { 'NOTES.md': 'hello\n' });
  const group = await on.enter(number);
  expect(await on.told(group)).toMatchObject({ conclusion: 'success', output: { title: 'Not a Sluice target' } });
  await on.green('build', group);
  expect(await on.merged(number)).toBe(group);
});

describe('an approval that is taken back while its change is in the queue', () => {
  test('takes the change out, however green its group was', async () => {
    const on = await queueing();
    const { pull, group } = await waiting(on);
    expect(await on.told(group)).toMatchObject({ conclusion: 'success' });
    on.at.plant.clock.advance(60_000);
    await on.olga.say(pull.number, '/unapprove');
    await until('the change to be out', async () => (await on.group(pull.number)) === null);
    await on.green('build', group);
    expect(await on.merged(pull.number)).toBeNull();
    on.at.plant.clock.advance(60_000);
    await on.olga.say(pull.number, `/approve ${pull.head}`);
    await until('it to be back', () => on.group(pull.number));
  });

  test('makes the group red where the App hears of the group alone', async () => {
    const on = await queueing();
    on.at.github.deliveries.mode.drop = (name) => name === 'merge_group';
    const { pull, group } = await waiting(on);
    on.at.github.deliveries.mode.drop = (name) => name === 'issue_comment';
    on.at.plant.clock.advance(60_000);
    await on.olga.say(pull.number, '/unapprove');
    await redeliver(on.at, 'merge_group');
    const title = expect.stringContaining('wait: approval_missing');
    expect(await on.told(group)).toMatchObject({ conclusion: 'action_required', output: { title } });
    expect([await on.group(pull.number), await on.merged(pull.number)]).toEqual([null, null]);
  });
});

describe('a change before it in the group', () => {
  test('of the same file makes it another content than the approved one: merge_mismatch', async () => {
    const on = await queueing();
    const file = readFileSync(JOB_FILE, 'utf8').replace('"num_workers": 4', '"num_workers": 6');
    const first = await byOmar(on, 'first', { [JOB_FILE]: file });
    await on.status(first.number, 'The gate waits');
    on.at.plant.clock.advance(60_000);
    await on.olga.say(first.number, `/approve ${first.head}`);
    const below = await on.enter(first.number);
    expect(await on.told(below)).toMatchObject({ conclusion: 'success' });
    const pull = await proposedBeside(on);
    const check = await until('a red check', async () => (await judgedGroups(on)).find((one) => one.conclusion === 'failure'));
    expect(check.output.title).toContain(`#${pull} deny: merge_mismatch`);
    await until('the proposal to be out', async () => (await on.group(pull)) === null);
    await on.green('build', below);
    expect([await on.merged(first.number), await on.merged(pull)]).toEqual([below, null]);
  });

  test('of CODEOWNERS decides who must have approved', async () => {
    const before = '* @omar\n/jobs/ @acme/data-oncall\n/.github/ @olga @wendy\n';
    const on = await queueing({}, { [CODEOWNERS]: before });
    const owners = before.replace('@acme/data-oncall', '@wendy');
    const first = await byOmar(on, 'owners', { [CODEOWNERS]: owners });
    await on.status(first.number, 'The gate waits');
    on.at.plant.clock.advance(60_000);
    for (const owner of [on.olga, person(on.at, 'wendy')]) await owner.say(first.number, `/approve ${first.head}`);
    await on.enter(first.number);
    const pull = await proposedBeside(on);
    const check = await until('a red check', async () => (await judgedGroups(on)).find((one) => one.conclusion !== 'success'));
    expect(check.output.title).toContain(`#${pull} `);
    expect(check.output.summary).toContain('@wendy');
    await until('the proposal to be out', async () => (await on.group(pull)) === null);
    expect(await on.merged(pull)).toBeNull();
  });
});

describe('a green check of our name on a group, by a workflow', () => {
  test('merges nothing where the rule names our App', async () => {
    const on = await queueing();
    on.at.github.deliveries.mode.drop = (name) => name === 'merge_group';
    const { pull, group } = await waiting(on);
    await on.green('sluice/gate', group);
    await on.green('build', group);
    expect([await on.group(pull.number), await on.merged(pull.number)]).toEqual([group, null]);
  });

  test('merges, where the rule takes anybody’s, what the Action then refuses to apply', async () => {
    const on = await queueing({ requiredChecks: [{ context: 'sluice/gate' }, BUILD] });
    on.at.github.deliveries.mode.drop = (name) => name === 'merge_group';
    const { pull, group } = await waiting(on);
    on.at.github.deliveries.mode.drop = (name) => name === 'merge_group' || name === 'issue_comment';
    on.at.plant.clock.advance(60_000);
    await on.olga.say(pull.number, '/unapprove');
    await on.green('sluice/gate', group);
    await on.green('build', group);
    expect(await on.merged(pull.number)).toBe(group);
    await on.at.runner.idle();
    expect(on.at.runner.runs.at(-1)?.outputs['reason-codes']).toContain('approval_missing');
    expect(resets(on.at)).toBe(0);
  });
});

/** The App's proposal, approved while something else stands in the queue; its number. */
async function proposedBeside(on: Queueing): Promise<number> {
  const before = new Set((await on.olga.pulls()).map((one) => one.number));
  await postAlert(on.at, scenario('databricks-oom'), 'firing');
  const pull = await until('a proposal', async () => (await on.olga.pulls()).find((one) => !before.has(one.number)));
  await on.status(pull.number, '/approve');
  await on.green('build', pull.head);
  on.at.plant.clock.advance(60_000);
  await on.olga.say(pull.number, `/approve ${pull.head}`);
  return pull.number;
}

/** What the App said on every group so far. */
async function judgedGroups(on: Queueing) {
  const asked = on.at.github.deliveries
    .list()
    .filter(({ name, payload }) => name === 'merge_group' && payload.action !== 'destroyed');
  const heads = asked.map(({ payload }) => String(JSON.parse(JSON.stringify(payload.merge_group)).head_sha));
  const checks = await Promise.all(heads.map((head) => on.gate(head)));
  return checks.flatMap((check) => {
    const said: Said | null = JSON.parse(JSON.stringify(check ?? null));
    return said ?? [];
  });
}

interface Said {
  readonly conclusion: string;
  readonly output: { readonly title: string; readonly summary: string };
}
