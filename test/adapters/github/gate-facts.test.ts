import { expect, test } from 'vitest';
import { gateFactReader } from '../../../src/adapters/github/gate-facts.ts';
import { githubReads } from '../../../src/adapters/github/reads.ts';
import { followUpOf } from '../../../src/core/gate/follow-up.ts';
import { type Stage, stage } from '../../support/github.ts';

const FILE = 'jobs/orders.json';

async function reader(on: Stage, client = on.app) {
  const { data } = await on.app.rest.repos.get(on.at);
  return gateFactReader(githubReads(client, on.at), { id: data.id, defaultBranch: 'main' });
}

async function pull(on: Stage, files: Readonly<Record<string, string>> = { [FILE]: '{}\n' }): Promise<number> {
  await on.branch('fix', files);
  return (await on.app.rest.pulls.create({ ...on.at, head: 'fix', base: 'main', title: 'Fix' })).data.number;
}

const say = (on: Stage, login: string, issue_number: number, body: string) =>
  on.user(login).rest.issues.createComment({ ...on.at, issue_number, body });

function value<T>(found: { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string }): T {
  if (!found.known) throw new Error(found.why);
  return found.value;
}

test('an open pull request is read with its tip, commits, digest lines and policy at the live base', async () => {
  const on = await stage();
  const number = await pull(on);
  await on.branch('elsewhere', { 'README.md': 'x\n' });
  const other = await on.app.rest.pulls.create({ ...on.at, head: 'elsewhere', base: 'main', title: 'Move the base' });
  await on.app.rest.pulls.merge({ ...on.at, pull_number: other.data.number });
  const facts = await (await reader(on)).change({ moment: 'open', pull: number });
  const tip = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  expect(value(facts.pull)).toMatchObject({ number, state: 'open', baseRef: 'main', headRef: 'fix', mergedAt: null });
  expect(value(facts.pull).author.type).toBe('Bot');
  expect(value(facts.delta).map((entry) => entry.path)).toEqual([FILE]);
  expect(value(facts.commits)).toHaveLength(1);
  expect(facts.policies.map((policy) => policy.commit)).toEqual([tip]);
  expect(facts.merge).toBeNull();
});

test('a file that the base changed, too, since the branch began is told, until the base is merged into the branch', async () => {
  const on = await stage();
  const number = await pull(on, { [FILE]: '{}\n', 'jobs/mine.json': '{}\n' });
  await on.branch('elsewhere', { [FILE]: '{"theirs": 1}\n', 'jobs/theirs.json': '{}\n' });
  const other = await on.app.rest.pulls.create({ ...on.at, head: 'elsewhere', base: 'main', title: 'Theirs' });
  const at = await reader(on);
  const movedOf = async () => (await at.change({ moment: 'open', pull: number })).moved;
  expect(await movedOf()).toEqual({ known: true, value: [] });
  await on.app.rest.pulls.merge({ ...on.at, pull_number: other.data.number });
  expect(await movedOf()).toEqual({ known: true, value: [FILE] });
});

test('a merge is read with the one pull request it merged, its parents and both digests', async () => {
  const on = await stage();
  const number = await pull(on);
  const { data } = await on.app.rest.pulls.merge({ ...on.at, pull_number: number });
  const facts = await (await reader(on)).change({ moment: 'apply', merge: data.sha });
  expect(value(facts.pull)).toMatchObject({ number, state: 'closed', mergeSha: data.sha });
  const merge = facts.merge && value(facts.merge);
  expect(merge?.parents).toHaveLength(2);
  expect(merge?.delta).toEqual(value(facts.delta));
  expect(facts.policies.map((policy) => policy.commit)).toEqual([merge?.parents[0], data.sha]);
});

test('a commit that no pull request brought is nobody’s merge', async () => {
  const on = await stage();
  const tip = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const { data } = await on.app.rest.git.createCommit({
    ...on.at,
    message: 'straight',
    tree: (await on.app.rest.git.getCommit({ ...on.at, commit_sha: tip })).data.tree.sha,
    parents: [tip],
  });
  await on.app.rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: data.sha });
  const facts = await (await reader(on)).change({ moment: 'apply', merge: data.sha });
  expect(facts).toMatchObject({ pull: { known: false }, pushed: true });
  expect(facts.policies).toEqual([]);
});

test('a comment’s former texts are read, whoever edited it', async () => {
  const on = await stage();
  const number = await pull(on);
  const held = await say(on, 'olga', number, '/hold');
  await on.user('alice').rest.issues.updateComment({ ...on.at, comment_id: held.data.id, body: 'looks fine' });
  await say(on, 'olga', number, 'hello');
  const facts = await (await reader(on)).change({ moment: 'open', pull: number });
  expect(value(facts.comments).map((comment) => [comment.body, comment.former])).toEqual([
    ['looks fine', { known: true, value: ['/hold'] }],
    ['hello', { known: true, value: [] }],
  ]);
});

test('a deleted comment’s author and who deleted it are known', async () => {
  const on = await stage();
  const number = await pull(on);
  const held = await say(on, 'olga', number, '/hold');
  await on.user('alice').rest.issues.deleteComment({ ...on.at, comment_id: held.data.id });
  const facts = await (await reader(on)).change({ moment: 'open', pull: number });
  expect(value(facts.timeline).map(({ what, actor, author }) => [what, actor?.login, author?.login])).toEqual([
    ['comment_deleted', 'alice', 'olga'],
  ]);
});

test('a co-author with a bot’s address is that bot, and no person', async () => {
  const on = await stage();
  const main = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const { tree } = (await on.app.rest.git.getCommit({ ...on.at, commit_sha: main })).data;
  const trailers = [
    'Co-authored-by: Copilot <198982749+copilot-swe-agent[bot]@users.noreply.github.com>',
    'Co-authored-by: Olga <11+olga@users.noreply.github.com>',
    'Co-authored-by: Somebody <somebody@example.test>',
  ];
  const message = `x\n\n${trailers.join('\n')}`;
  const { data } = await on.app.rest.git.createCommit({ ...on.at, message, tree: tree.sha, parents: [main] });
  await on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/co', sha: data.sha });
  const { number } = (await on.app.rest.pulls.create({ ...on.at, head: 'co', base: 'main', title: 'Co' })).data;
  const facts = await (await reader(on)).change({ moment: 'open', pull: number });
  expect(value(facts.commits).flatMap(({ people }) => people.slice(-3))).toEqual([
    { id: 198982749, login: 'copilot-swe-agent[bot]', type: 'Bot' },
    { id: 11, login: 'olga', type: 'User' },
    null,
  ]);
});

test('pushes are asked for once somebody may have approved', async () => {
  const on = await stage();
  const number = await pull(on);
  const facts = await reader(on);
  expect((await facts.change({ moment: 'open', pull: number })).pushes.known).toBe(false);
  await say(on, 'alice', number, '/approve');
  expect(value((await facts.change({ moment: 'open', pull: number })).pushes)).toHaveLength(1);
});

test('a conversation of several pages is read whole', async () => {
  const on = await stage();
  const number = await pull(on);
  for (let count = 0; count < 103; count++) await say(on, 'olga', number, `/approve ${count}`);
  const facts = await (await reader(on)).change({ moment: 'open', pull: number });
  expect(value(facts.comments)).toHaveLength(103);
});

test('whoever spoke on an issue is known with every version, and a deleted comment’s author with none', async () => {
  const on = await stage();
  const { data } = await on.app.rest.issues.create({ ...on.at, title: 'Lag' });
  const edited = await say(on, 'olga', data.number, '/investigate');
  await on.user('olga').rest.issues.updateComment({ ...on.at, comment_id: edited.data.id, body: 'nothing' });
  const gone = await say(on, 'alice', data.number, '/revise all of it');
  await on.user('alice').rest.issues.deleteComment({ ...on.at, comment_id: gone.data.id });
  const said = value(await (await reader(on)).commanders(data.number));
  expect(said.map(({ person, texts }) => [person.login, texts])).toEqual([
    ['olga', ['nothing', '/investigate']],
    ['alice', null],
  ]);
});

test('a team owner is known by its active members, child teams included, and by what the team may do', async () => {
  const on = await stage();
  const number = await pull(on);
  const facts = await reader(on);
  const change = await facts.change({ moment: 'open', pull: number });
  const { teams } = await facts.followUp(change, { ...followUpOf(change), teams: ['acme/data', 'acme/none', 'other/team'] });
  const data = teams['acme/data'];
  expect(data?.known && data.value?.members.map((member) => member.login).sort()).toEqual(['alice', 'olga']);
  expect(data?.known && data.value?.permission).toBe('write');
  expect(teams['acme/none']).toEqual({ known: true, value: null });
  expect(teams['other/team']?.known).toBe(false);
});

test('a secret team is told from one that everybody sees', async () => {
  const members = [{ login: 'olga' }];
  const on = await stage({
    teams: [
      { slug: 'seen', members },
      { slug: 'unseen', members, privacy: 'secret' },
    ],
  });
  const number = await pull(on);
  const facts = await reader(on);
  const change = await facts.change({ moment: 'open', pull: number });
  const { teams } = await facts.followUp(change, { ...followUpOf(change), teams: ['acme/seen', 'acme/unseen'] });
  const secret = Object.values(teams).map((team) => team.known && team.value?.isSecret);
  expect(secret).toEqual([false, true]);
});

test('a token that may not read members makes a team unknown', async () => {
  const on = await stage();
  const number = await pull(on);
  const weak = await on.asApp(7).request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: 100,
    permissions: { contents: 'read', pull_requests: 'read', issues: 'read' },
  });
  const facts = await reader(on, on.withToken(weak.data.token));
  const change = await facts.change({ moment: 'open', pull: number });
  const { teams } = await facts.followUp(change, { ...followUpOf(change), teams: ['acme/data'] });
  expect(teams['acme/data']?.known).toBe(false);
});

test('a bundle’s other files are read as the merge would leave them, and its folder’s names are listed', async () => {
  const on = await stage();
  const [root, job, other] = ['jobs/bundle/databricks.yml', 'jobs/bundle/a.yml', 'jobs/bundle/more/b.yaml'];
  await on.branch('bundle', { [root]: 'n: 1\n', [job]: 'n: 1\n', [other]: 'n: 1\n', 'jobs/bundle/a.py': '' });
  const merge = async (head: string, title: string) => {
    const { data } = await on.app.rest.pulls.create({ ...on.at, head, base: 'main', title });
    await on.app.rest.pulls.merge({ ...on.at, pull_number: data.number });
  };
  await merge('bundle', 'A bundle');
  const number = await pull(on, { [job]: 'n: 2\n' });
  await on.branch('elsewhere', { [root]: 'n: 3\n' });
  await merge('elsewhere', 'Move the base');
  const facts = await reader(on);
  const change = await facts.change({ moment: 'open', pull: number });
  const asked = { ...followUpOf(change), beside: { files: [root, 'jobs/bundle/gone.yml'], folders: ['jobs/bundle/'] } };
  const { beside } = await facts.followUp(change, asked);
  expect(value(beside)).toEqual({
    files: [
      { path: root, text: 'n: 3\n' },
      { path: 'jobs/bundle/gone.yml', text: null },
    ],
    names: [job, root, other],
  });
  const nothing = await facts.followUp(change, { ...asked, beside: { files: [], folders: [] } });
  expect(value(nothing.beside)).toEqual({ files: [], names: [] });
  const lost = await facts.followUp({ ...change, policies: [] }, asked);
  expect(lost.beside.known).toBe(false);
});
