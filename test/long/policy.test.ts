import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { recordText } from '../../src/core/record.ts';
import { startWorld, type World } from '../../src/doors/demo/world.ts';
import { record } from '../support/gate.ts';
import { buildOnce, person, proposed, resets, until, wake } from '../support/story.ts';
import { type Writer, writer } from '../support/writer.ts';

let world: World | null = null;
beforeAll(buildOnce);
afterEach(async () => {
  await world?.close();
  world = null;
});

const OWNERS = '.github/CODEOWNERS';
const CONFIG = '.github/sluice.yml';
const CONF = 'jobs/spark-defaults.conf';
const ownersText = readFileSync(OWNERS, 'utf8');
const configText = readFileSync(CONFIG, 'utf8');
const edited = readFileSync(CONF, 'utf8').replace(/(shuffle\.partitions\s+)200/, '$1900');
const elsewhere = recordText(record({ target: 'nothing', workspace: 'elsewhere', incident: 9, sequence: 9 }));

type Files = Readonly<Record<string, string | null>>;

interface Made {
  readonly mode?: string;
  /** The main branch alone unless given; the first has the files that are not given. */
  readonly parents?: readonly string[];
  /** What its author and committer say; now unless given. */
  readonly date?: string;
}

async function commit(by: Writer, files: Files, { mode = '100644', parents, date }: Made = {}): Promise<string> {
  const all = parents ?? [await by.main()];
  const tree = Object.entries(files).map(([path, content]) => ({
    ...{ path, mode, type: 'blob' },
    ...(content === null ? { sha: null } : { content }),
  }));
  const made = await by.ask('POST', '/git/trees', { base_tree: all[0], tree });
  const who = date === undefined ? {} : { author: { name: 'w', email: 'w@example.test', date } };
  return String((await by.ask('POST', '/git/commits', { message: 'a commit', tree: made.sha, parents: all, ...who })).sha);
}

async function push(by: Writer, sha: string, force = false): Promise<void> {
  await by.ask('PATCH', '/git/refs/heads/main', { sha, force });
}

/** How a change comes onto the default branch without an approval; the commit that brought it. */
const WAYS = {
  pushed: async (by: Writer, files: Files) => {
    const sha = await commit(by, files);
    await push(by, sha);
    return { sha, head: sha, pull: null };
  },
  merged: async (by: Writer, files: Files) => {
    const head = await commit(by, files);
    await by.branch('mine', head);
    const pull = await by.pull('mine');
    const { sha } = await by.ask('PUT', `/pulls/${pull}/merge`, { sha: head, merge_method: 'merge' });
    return { sha: String(sha), head, pull };
  },
} as const;

async function settle(at: World, minutes = 5): Promise<void> {
  await at.github.deliveries.settled();
  await at.runner.idle();
  await wake(at, minutes);
}

const isTold = (at: World, ...words: readonly string[]) =>
  until(`${words.join(', ')} on some thread`, async () => {
    const olga = person(at, 'olga');
    const [issues, pulls] = await Promise.all([olga.issues(), olga.pulls()]);
    const threads = await Promise.all([...issues, ...pulls].map(({ number }) => olga.thread(number)));
    return threads.flat().some((note) => note.ours && words.every((word) => note.body.includes(word)));
  });

const aboutCommit = (at: World, sha: string) =>
  until(`an issue about ${sha}`, async () =>
    (await person(at, 'olga').issues()).find(({ body }) => body.includes(`<!-- sluice:pushed ${sha} -->`)),
  );

async function say(at: World, login: string, pull: number, words: string): Promise<void> {
  at.plant.clock.advance(60_000);
  await person(at, login).say(pull, words);
  await at.github.deliveries.settled();
  at.plant.clock.advance(60_000);
}

test('whoever pushes themselves into CODEOWNERS approves nothing; once it is taken back, an owner does', async () => {
  const at = await startWorld({ workloads: ['oom'] });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const wendy = writer(at, 'wendy');
  const { sha } = await WAYS.pushed(wendy, { [OWNERS]: '* @wendy\n' });
  await at.github.deliveries.settled();
  await say(at, 'wendy', pull.number, `/approve ${pull.head}`);
  // The App does not merge it under that policy; whoever may write can.
  await until('the refusal in the status', async () =>
    (await person(at, 'olga').thread(pull.number)).find(
      ({ ours, body }) => ours && body.includes('sluice:status') && body.includes('policy_unapproved'),
    ),
  );
  expect((await person(at, 'olga').pulls()).find(({ number }) => number === pull.number)?.merge).toBeNull();
  await wendy.ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' });
  await settle(at);
  expect(resets(at)).toBe(0);
  expect(at.runner.runs.at(-1)?.outputs['reason-codes']).toContain('policy_unapproved');
  const issue = await aboutCommit(at, sha);
  await until('the reason there', async () =>
    (await person(at, 'olga').thread(issue.number)).find(({ body }) =>
      body.includes('Who decides was changed without an approval'),
    ),
  );

  await WAYS.pushed(writer(at, 'omar'), { [OWNERS]: ownersText });
  await settle(at);
  expect(resets(at)).toBe(0);
  await say(at, 'olga', pull.number, `/approve ${pull.head}`);
  await settle(at);
  expect(resets(at)).toBe(1);
});

test.each([
  ['CODEOWNERS', 'merged', OWNERS, '* @wendy\n'],
  ['sluice.yml', 'pushed', CONFIG, `${configText}# more\n`],
  ['sluice.yml', 'merged', CONFIG, `${configText}# more\n`],
  ['a CODEOWNERS', 'merged', OWNERS, null],
] as const)(
  '%s that is %s without an approval is told, once, on an issue of its own, and bars what is approved',
  async (_, way, path, text) => {
    const at = await startWorld({ workloads: ['oom'] });
    world = at;
    const pull = await proposed(at, 'databricks-oom');
    const { sha, head, pull: own } = await WAYS[way](writer(at, 'wendy'), { [path]: text });
    await settle(at);
    const issue = await aboutCommit(at, sha);
    await say(at, 'olga', pull.number, `/approve ${pull.head}`);
    await writer(at, 'omar')
      .ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' })
      .catch(() => null);
    await settle(at);
    expect(resets(at)).toBe(0);
    const issues = await person(at, 'olga').issues();
    expect(issues.filter(({ body }) => body.includes('sluice:pushed')).map(({ number }) => number)).toEqual([issue.number]);
    if (own === null || text === null) return;

    // An owner under the policy before approves it after the fact: under CODEOWNERS as it is now, nobody but wendy owns anything.
    await say(at, 'omar', own, `/approve ${head}`);
    await settle(at, 15);
    expect(at.runner.runs.at(-1)?.outputs['reason-codes']).not.toContain('policy_unapproved');
  },
);

/** Ways to make an unapproved change of a target that its merge applies look like nothing. */
test.each<[string, keyof typeof WAYS, Files, string]>([
  ['a record of another workspace beside it', 'pushed', { [CONF]: edited, '.sluice/changes/9-9.json': elsewhere }, 'in_force'],
  ['a record of another workspace beside it', 'merged', { [CONF]: edited, '.sluice/changes/9-9.json': elsewhere }, 'in_force'],
  ['a record that cannot be read beside it', 'pushed', { [CONF]: edited, '.sluice/changes/9-9.json': '{}' }, 'in_force'],
  ['a record that cannot be read beside it', 'merged', { [CONF]: edited, '.sluice/changes/9-9.json': '{}' }, 'in_force'],
  ['its file deleted', 'merged', { [CONF]: null }, 'in_force'],
  [
    'its target taken out of the policy',
    'pushed',
    { [CONF]: edited, [CONFIG]: configText.replace(/spark-defaults\.conf/g, 'spark-gone.conf') },
    'policy_unapproved',
  ],
  [
    'its target taken out of the policy',
    'merged',
    { [CONF]: edited, [CONFIG]: configText.replace(/spark-defaults\.conf/g, 'spark-gone.conf') },
    'policy_unapproved',
  ],
])('%s, %s: it is told all the same', async (_, way, files, code) => {
  const at = await startWorld({ workloads: ['conf'] });
  world = at;
  await WAYS[way](writer(at, 'wendy'), files);
  await settle(at, 15);
  await isTold(at, 'Reason: ', code);
});

const EVIL = '* @wendy\n';
const ASIDE = { 'notes.md': 'nothing\n' };

/** Ways to change who decides that look like something else. */
test.each<[string, (by: Writer, at: World) => Promise<unknown>]>([
  ['moved to another of its places', (by) => WAYS.pushed(by, { [OWNERS]: null, CODEOWNERS: ownersText })],
  ['put where another one stands before it', (by) => WAYS.pushed(by, { 'docs/CODEOWNERS': EVIL })],
  [
    'deleted and added again',
    async (by) => {
      await WAYS.pushed(by, { [OWNERS]: null });
      await WAYS.pushed(by, { [OWNERS]: EVIL });
    },
  ],
  [
    'made a link to a file that anybody owns',
    async (by) => push(by, await commit(by, { [OWNERS]: 'README.md' }, { mode: '120000' })),
  ],
  ['changed beside a job', (by) => WAYS.merged(by, { [OWNERS]: EVIL, 'jobs/new.json': '{}\n' })],
  [
    'changed, taken back and changed again',
    async (by) => {
      for (const text of [EVIL, ownersText, EVIL]) await WAYS.pushed(by, { [OWNERS]: text });
    },
  ],
  [
    'brought by the second parent of a merge',
    async (by) => {
      const main = await by.main();
      await push(by, await commit(by, { [OWNERS]: EVIL }, { parents: [main, await commit(by, { [OWNERS]: EVIL })] }));
    },
  ],
  [
    'the first parent of a merge, and the branch its second',
    async (by) => push(by, await commit(by, ASIDE, { parents: [await commit(by, { [OWNERS]: EVIL }), await by.main()] })),
  ],
  [
    'approved by the owner that it makes, and squashed',
    async (by, at) => {
      const head = await commit(by, { [OWNERS]: '* @olga\n' });
      await by.branch('mine', head);
      const pull = await by.pull('mine');
      await say(at, 'olga', pull, `/approve ${head}`);
      await by.ask('PUT', `/pulls/${pull}/merge`, { sha: head, merge_method: 'squash' });
    },
  ],
])('CODEOWNERS that is %s bars everything', async (_, attack) => {
  const at = await startWorld({ workloads: ['oom'] });
  world = at;
  await attack(writer(at, 'wendy'), at);
  await settle(at);
  expect(at.runner.runs.at(-1)?.outputs['reason-codes']).toContain('policy_unapproved');
});

test('CODEOWNERS that is buried under commits of another year bars what is to be applied', async () => {
  const at = await startWorld({ workloads: ['oom'] });
  world = at;
  const pull = await proposed(at, 'databricks-oom');
  const [wendy, old] = [writer(at, 'wendy'), { date: '2001-01-01T00:00:00Z' }];
  let tip = await commit(wendy, { [OWNERS]: EVIL }, old);
  for (let count = 0; count < 100; count++) tip = await commit(wendy, ASIDE, { ...old, parents: [tip] });
  await push(wendy, tip);
  await say(at, 'wendy', pull.number, `/approve ${pull.head}`);
  await wendy.ask('PUT', `/pulls/${pull.number}/merge`, { sha: pull.head, merge_method: 'merge' }).catch(() => null);
  await settle(at);
  expect(resets(at)).toBe(0);
  expect(at.runner.runs.some((run) => run.outputs['reason-codes']?.includes('facts_unavailable'))).toBe(true);
});
