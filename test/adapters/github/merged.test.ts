import { expect, test } from 'vitest';
import { type Boundary, touchingSince } from '../../../src/adapters/github/boundary.ts';
import { mergedChangeReader } from '../../../src/adapters/github/merged-changes.ts';
import { githubReads } from '../../../src/adapters/github/reads.ts';
import { recordPath, recordText } from '../../../src/core/record.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { record } from '../../support/gate.ts';
import { type Stage, stage } from '../../support/github.ts';

const FILE = 'jobs/orders.json';
const clock = { now: async () => new Date(), sleep: async () => {} };

async function merge(on: Stage, name: string, files: Readonly<Record<string, string | null>>): Promise<string> {
  await push(on, name, files, (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha);
  const { data } = await on.app.rest.pulls.create({ ...on.at, head: name, base: 'main', title: name });
  return (await on.app.rest.pulls.merge({ ...on.at, pull_number: data.number })).data.sha;
}

async function push(on: Stage, name: string, files: Readonly<Record<string, string | null>>, parent: string): Promise<void> {
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    ...(content === null ? { sha: null } : { content }),
  }));
  const { data: made } = await on.app.rest.git.createTree({ ...on.at, base_tree: parent, tree });
  const { data: commit } = await on.app.rest.git.createCommit({ ...on.at, message: name, tree: made.sha, parents: [parent] });
  await on.app.rest.git.createRef({ ...on.at, ref: `refs/heads/${name}`, sha: commit.sha });
}

async function treeOf(on: Stage, commit: string): Promise<string> {
  return (await on.app.rest.git.getCommit({ ...on.at, commit_sha: commit })).data.tree.sha;
}

const one = record({ incident: 1 });
const [PATH, TEXT] = [recordPath(1, one.sequence), recordText(one)];
const reader = (on: Stage) => mergedChangeReader(githubReads(on.app, on.at), clock);
async function merged(on: Stage) {
  const read = await reader(on).merged([FILE]);
  if (!read.known) throw new Error(read.why);
  return read.value;
}

test('a record is found with the commit that merged it', async () => {
  const on = await stage();
  await merge(on, 'before', { 'README.md': 'b\n' });
  const sha = await merge(on, 'sluice/1-1', { [PATH]: TEXT, [FILE]: '{"max_workers": 9}\n' });
  await merge(on, 'after', { 'README.md': 'c\n' });
  const { changes, touched, lost } = await merged(on);
  expect(changes.map(({ path, merge: at, order }) => [path, at, order])).toEqual([[PATH, sha, 1]]);
  expect([touched.map(({ merge: at }) => at), lost]).toEqual([[sha], []]);
});

test('a change of a target file without a record is a person’s, and one of another file is nobody’s', async () => {
  const on = await stage();
  const sha = await merge(on, 'by-hand', { [FILE]: '{"max_workers": 9}\n', 'jobs/other.json': '{}\n' });
  const { changes, touched } = await merged(on);
  expect(changes).toEqual([]);
  expect(touched.map(({ merge: at, order, files }) => [at, order, files.map((file) => file.path)])).toEqual([[sha, 0, [FILE]]]);
});

test('a change and its return are two changes', async () => {
  const on = await stage();
  const before = '{\n  "max_workers": 8\n}\n';
  const there = await merge(on, 'there', { [FILE]: '{"max_workers": 9}\n' });
  const back = await merge(on, 'back', { [FILE]: before });
  const { touched } = await merged(on);
  expect(touched.map(({ merge: at, order }) => [at, order])).toEqual([
    [back, 0],
    [there, 1],
  ]);
});

test('a record that was altered after its merge is lost, and one that was deleted is gone', async () => {
  const on = await stage();
  const second = recordPath(1, 2);
  await merge(on, 'a', { [PATH]: TEXT });
  await merge(on, 'b', { [second]: recordText(record({ incident: 1, sequence: 2 })) });
  const later = await merge(on, 'c', { [PATH]: TEXT.replace('"incident": 1', '"incident": 2') });
  await merge(on, 'd', { [second]: null });
  const { changes, lost } = await merged(on);
  expect(changes).toEqual([]);
  expect(lost).toEqual([{ path: PATH, why: `altered by ${later} after it was merged` }]);
});

test('a record that cannot be read is lost, not forgotten', async () => {
  const on = await stage();
  await merge(on, 'a', { [PATH]: '{"schema": 1}' });
  const { changes, lost } = await merged(on);
  expect(changes).toEqual([]);
  expect(lost.map((entry) => entry.path)).toEqual([PATH]);
});

test('a history of several pages is read whole, by first parents alone', async () => {
  const on = await stage();
  const sha = await merge(on, 'first', { [PATH]: TEXT });
  let tip = sha;
  const tree = await treeOf(on, sha);
  for (let count = 0; count < 120; count++) {
    const { data } = await on.app.rest.git.createCommit({ ...on.at, message: `${count}`, tree, parents: [tip] });
    tip = data.sha;
  }
  await on.app.rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: tip });
  const { changes } = await merged(on);
  expect(changes.map(({ merge: at, order }) => [at, order])).toEqual([[sha, 120]]);
});

test('a back-dated commit hides nothing of what lies below it', async () => {
  const on = await stage();
  const sha = await merge(on, 'first', { [PATH]: TEXT });
  const long = { name: 'm', email: 'm@example.test', date: '2001-01-01T00:00:00Z' };
  const { data } = await on.app.rest.git.createCommit({
    ...on.at,
    message: 'old',
    tree: await treeOf(on, sha),
    parents: [sha],
    author: long,
    committer: long,
  });
  await on.app.rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: data.sha });
  const { changes } = await merged(on);
  expect(changes.map(({ merge: at, order }) => [at, order])).toEqual([[sha, 1]]);
});

test('a back-dated commit on top of a recent one is looked at like any other', async () => {
  const on = await stage();
  const sha = await merge(on, 'recent', { 'README.md': 'b\n' });
  const tree = [{ path: FILE, mode: '100644' as const, type: 'blob' as const, content: '{"max_workers": 9}\n' }];
  const { data: made } = await on.app.rest.git.createTree({ ...on.at, base_tree: sha, tree });
  const old = { name: 'm', email: 'm@example.test', date: '2001-01-01T00:00:00Z' };
  const dated = { message: 'old', tree: made.sha, parents: [sha], author: old, committer: old };
  const { data } = await on.app.rest.git.createCommit({ ...on.at, ...dated });
  await on.app.rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: data.sha });
  expect((await merged(on)).touched.map(({ merge: at }) => at)).toEqual([data.sha]);
});

test('a file of the policy is watched where it stands, and its neighbours cost nothing', async () => {
  const on = await stage();
  const files = ['CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS'];
  const first = await merge(on, 'first', { 'docs/a.md': 'a\n' });
  const changed = [];
  for (const [at, path] of files.entries()) changed.push(await merge(on, `owners-${at}`, { [path]: '* @olga\n' }));
  await merge(on, 'last', { 'docs/b.md': 'b\n', '.github/x.yml': 'x\n' });
  const read = await reader(on).merged(files);
  expect(read.known && read.value.touched.map(({ merge: at }) => at)).toEqual(changed.reverse());
  expect(on.twin.calls.all().some(({ path }) => path.endsWith(`/git/trees/${first}`))).toBe(false);
});

async function tipOf(on: Stage): Promise<string> {
  return (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
}

/** Commits that all hold this and say that they were made long ago, in one push. */
async function pushDatedBack(on: Stage, count: number, files: Readonly<Record<string, string>>): Promise<void> {
  const long = { name: 'm', email: 'm@example.test', date: '2001-01-01T00:00:00Z' };
  let tip = await tipOf(on);
  const blobs = Object.entries(files).map(([path, content]) => ({
    ...{ path, mode: '100644' as const, type: 'blob' as const, content },
  }));
  const tree = (await on.app.rest.git.createTree({ ...on.at, base_tree: tip, tree: blobs })).data.sha;
  for (let at = 0; at < count; at++) {
    const dated = { message: `${at}`, tree, parents: [tip], author: long, committer: long };
    tip = (await on.app.rest.git.createCommit({ ...on.at, ...dated })).data.sha;
  }
  await on.app.rest.git.updateRef({ ...on.at, ref: 'heads/main', sha: tip });
}

test.each([
  ['hide a change of the policy from nobody', '.github/CODEOWNERS', expect.stringContaining('.github/CODEOWNERS')],
  ['are no matter where the policy is as it was', 'README.md', null],
])('commits enough to end the reading by their dates %s', async (_, path, unseen) => {
  const on = await stage();
  await merge(on, 'first', { [FILE]: '{ }\n' });
  await pushDatedBack(on, 101, { [path]: '* @mallory\n' });
  const read = await reader(on).policy(await tipOf(on));
  expect(read.known && [read.value.touched, read.value.unseen]).toEqual([[], unseen]);
});

test('what was pushed since the boundary is looked at, whatever its date says', () => {
  const line = ['c', 'b', 'a'].map((sha, order) => ({ sha, order, parent: null, touches: true }));
  const seen = (recent: number, boundary: Boundary) =>
    touchingSince({ line, recent }, boundary)
      .map(({ sha }) => sha)
      .join('');
  expect(seen(-1, known('a'))).toBe('cb');
  expect(seen(0, known(null))).toBe('c');
  expect(seen(1, known('b'))).toBe('cb');
  expect(seen(0, unknown('GitHub answered 502'))).toBe('c');
});

test('without the log of pushes nobody can tell what was not seen', async () => {
  const on = await stage();
  on.twin.faults.add({ match: { path: /\/activity$/ }, respond: { status: 502 } });
  const read = await reader(on).policy(await tipOf(on));
  expect(read.known && read.value.unseen).toEqual(expect.any(String));
});

test('merges older than two weeks are history', async () => {
  const on = await stage();
  await merge(on, 'first', { [PATH]: TEXT });
  const later = { now: async () => new Date(Date.now() + 15 * 86_400_000), sleep: async () => {} };
  const read = await mergedChangeReader(githubReads(on.app, on.at), later).merged([FILE]);
  expect(read.known && [read.value.changes, read.value.lost]).toEqual([[], []]);
});

test('what a tip’s history holds is read once', async () => {
  const on = await stage();
  const sha = await merge(on, 'a', { [PATH]: TEXT });
  const changes = reader(on);
  await changes.merged([FILE]);
  const before = on.twin.calls.all().length;
  await changes.merged([FILE], sha);
  expect(on.twin.calls.all().length).toBe(before);
  const sameFromTip = await reader(on).merged([FILE], sha);
  expect(sameFromTip.known && sameFromTip.value.changes.map((change) => change.merge)).toEqual([sha]);
});

test('one commit tells what it brought', async () => {
  const on = await stage();
  const sha = await merge(on, 'a', { [PATH]: TEXT, [FILE]: '{}\n' });
  await merge(on, 'b', { [FILE]: '{ }\n' });
  const brought = await reader(on).at(sha, [FILE]);
  expect(brought.known && brought.value.changes.map((change) => change.path)).toEqual([PATH]);
  expect(brought.known && brought.value.touched.map(({ files }) => files.map(({ path }) => path))).toEqual([[FILE]]);
});

test('what one commit brought is read once', async () => {
  const on = await stage();
  const sha = await merge(on, 'a', { [PATH]: TEXT });
  const changes = reader(on);
  const first = await changes.at(sha, []);
  const before = on.twin.calls.all().length;

  expect(await changes.at(sha, [])).toEqual(first);
  expect(on.twin.calls.all().length).toBe(before);
});

test('a commit that is not there is asked for again', async () => {
  const on = await stage();
  const changes = reader(on);
  for (const calls of [1, 2]) {
    const nothing = await changes.at('f'.repeat(40), []);
    expect(nothing.known && nothing.value.changes).toEqual([]);
    expect(on.twin.calls.all().filter((call) => call.path.endsWith('f'.repeat(40)))).toHaveLength(calls);
  }
});
