import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { refusal, stage } from '../../support/github.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');

test('a file is read, changed and deleted only by its current blob', async () => {
  const on = await stage();
  const at = { ...on.at, path: 'jobs/orders.json' };
  const { data } = await on.app.rest.repos.getContent(at);
  if (Array.isArray(data) || data.type !== 'file') throw new Error('no file');
  expect(Buffer.from(data.content, 'base64').toString()).toBe('{\n  "max_workers": 8\n}\n');
  const change = { ...at, message: 'More', content: encode('12\n') };
  expect((await refusal(on.app.rest.repos.createOrUpdateFileContents(change))).status).toBe(422);
  expect((await refusal(on.app.rest.repos.createOrUpdateFileContents({ ...change, sha: '0'.repeat(40) }))).status).toBe(409);
  const changed = await on.app.rest.repos.createOrUpdateFileContents({ ...change, sha: data.sha });
  expect(changed.status).toBe(200);
  const sha = changed.data.content?.sha ?? '';
  expect((await refusal(on.app.rest.repos.deleteFile({ ...at, message: 'Gone', sha: data.sha }))).status).toBe(409);
  await on.app.rest.repos.deleteFile({ ...at, message: 'Gone', sha });
  expect((await refusal(on.app.rest.repos.getContent(at))).status).toBe(404);
  expect((await refusal(on.app.rest.repos.getContent({ ...on.at, path: 'jobs' }))).status).toBe(404);
});

test('a folder lists what lies in it, and raw is the bytes', async () => {
  const on = await stage();
  const root = await on.app.rest.repos.getContent({ ...on.at, path: '' });
  expect(Array.isArray(root.data) && root.data.map((entry) => [entry.type, entry.name])).toEqual([
    ['dir', '.github'],
    ['file', 'README.md'],
    ['dir', 'jobs'],
  ]);
  const raw = await on.app.rest.repos.getContent({ ...on.at, path: 'README.md', mediaType: { format: 'raw' } });
  expect(String(raw.data)).toBe('# pipelines\n');
  expect((await refusal(on.app.rest.repos.getContent({ ...on.at, path: 'README.md', ref: 'ghost' }))).status).toBe(404);
});

test('a ref moves forward only, unless it is forced', async () => {
  const on = await stage();
  const one = await on.branch('one', { 'a.txt': 'a\n' });
  const two = await on.branch('two', { 'b.txt': 'b\n' });
  const at = { ...on.at, ref: 'heads/one' };
  expect((await refusal(on.app.rest.git.updateRef({ ...at, sha: two }))).status).toBe(422);
  expect((await on.app.rest.git.updateRef({ ...at, sha: two, force: true })).data.object.sha).toBe(two);
  expect((await refusal(on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/one', sha: one }))).status).toBe(422);
  expect((await refusal(on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/../../x', sha: one }))).status).toBe(422);
  expect((await refusal(on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/new', sha: 'f'.repeat(40) }))).status).toBe(422);
  expect((await refusal(on.app.rest.git.createRef({ ...on.at, ref: 'refs/heads/one/more', sha: one }))).status).toBe(422);
  expect((await on.app.rest.git.listMatchingRefs({ ...on.at, ref: 'heads/' })).data.map((one) => one.ref)).toEqual([
    'refs/heads/main',
    'refs/heads/one',
    'refs/heads/two',
  ]);
  expect((await refusal(on.app.rest.git.getRef({ ...on.at, ref: 'heads/ghost' }))).status).toBe(404);
  const log = await on.app.rest.repos.listActivities({ ...on.at, ref: 'refs/heads/one' });
  expect(log.data.map((entry) => [entry.activity_type, entry.before, entry.after])).toEqual([
    ['force_push', one, two],
    ['branch_creation', '0'.repeat(40), one],
  ]);
});

test('the activity log is paged by cursor', async () => {
  const on = await stage();
  for (const name of ['a', 'b', 'c']) await on.branch(name, { [`${name}.txt`]: name });
  const all = await on.app.paginate(on.app.rest.repos.listActivities, { ...on.at, per_page: 1 });
  expect(all.map((entry) => entry.ref)).toEqual(['refs/heads/c', 'refs/heads/b', 'refs/heads/a']);
  expect(all[0]?.actor?.login).toBe('sluice[bot]');
});

test('a tree is told whole or says that it is truncated', async () => {
  const on = await stage();
  const read = async () => (await on.app.rest.git.getTree({ ...on.at, tree_sha: 'main', recursive: '1' })).data;
  const whole = await read();
  expect(whole.tree.map((entry) => [entry.mode, entry.path])).toEqual([
    ['040000', '.github'],
    ['100644', '.github/CODEOWNERS'],
    ['100644', 'README.md'],
    ['040000', 'jobs'],
    ['100644', 'jobs/orders.json'],
  ]);
  on.twin.truncateTrees(true);
  const cut = await read();
  expect([cut.truncated, cut.tree.length < whole.tree.length]).toEqual([true, true]);
  expect((await on.app.rest.git.getTree({ ...on.at, tree_sha: 'main' })).data.truncated).toBe(false);
});

test('a blob is written and read back, and a tree entry of null deletes', async () => {
  const on = await stage();
  const blob = await on.app.rest.git.createBlob({ ...on.at, content: encode('\u0000binary'), encoding: 'base64' });
  expect(
    Buffer.from((await on.app.rest.git.getBlob({ ...on.at, file_sha: blob.data.sha })).data.content, 'base64').toString(),
  ).toBe('\u0000binary');
  const main = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const base = (await on.app.rest.git.getCommit({ ...on.at, commit_sha: main })).data.tree.sha;
  const tree = await on.app.rest.git.createTree({
    ...on.at,
    base_tree: base,
    tree: [{ path: 'jobs/orders.json', mode: '100644', type: 'blob', sha: null }],
  });
  expect(tree.data.tree.map((entry) => entry.path)).toEqual(['.github', 'README.md']);
  expect(
    (
      await refusal(
        on.app.rest.git.createTree({ ...on.at, tree: [{ path: '../x', mode: '100644', type: 'blob', content: 'x' }] }),
      )
    ).status,
  ).toBe(422);
  expect((await refusal(on.app.rest.git.createCommit({ ...on.at, message: 'x', tree: 'f'.repeat(40) }))).status).toBe(422);
});

test('a commit belongs to whoever claimed its e-mail, else to nobody, and git agrees that it is one', async () => {
  const on = await stage();
  const main = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const tree = (await on.app.rest.git.getCommit({ ...on.at, commit_sha: main })).data.tree.sha;
  const commit = async (email: string) => {
    const author = { name: 'Somebody', email };
    const made = await on.app.rest.git.createCommit({ ...on.at, message: 'x', tree, parents: [main], author });
    return (await on.app.rest.repos.getCommit({ ...on.at, ref: made.data.sha })).data.author?.login ?? null;
  };
  expect(await commit('11+olga@users.noreply.github.com')).toBe('olga');
  expect(await commit('alice@example.test')).toBe('alice');
  expect(await commit('who@elsewhere.test')).toBeNull();
  expect(execFileSync('git', ['--git-dir', on.twin.gitDir, 'fsck', '--strict', '--no-dangling'], { encoding: 'utf8' })).toBe('');
});

test('commits are listed by branch and path, and compared', async () => {
  const on = await stage();
  const head = await on.branch('fix', { 'jobs/orders.json': '12\n' });
  await on.branch('deep', { 'x.txt': 'x\n' }, 'fix');
  const touched = await on.app.rest.repos.listCommits({ ...on.at, sha: 'deep', path: 'jobs/orders.json' });
  expect(touched.data.map((commit) => commit.sha)[0]).toBe(head);
  expect(touched.data).toHaveLength(2);
  const compared = await on.app.rest.repos.compareCommitsWithBasehead({ ...on.at, basehead: 'main...deep' });
  expect(compared.data).toMatchObject({ status: 'ahead', ahead_by: 2, behind_by: 0 });
  expect((await on.app.rest.repos.getBranch({ ...on.at, branch: 'deep' })).data.protected).toBe(false);
  expect((await on.app.rest.repos.listBranches(on.at)).data.map((one) => one.name)).toEqual(['deep', 'fix', 'main']);
  expect((await refusal(on.app.rest.repos.getBranch({ ...on.at, branch: 'ghost' }))).status).toBe(404);
});

test('faults in CODEOWNERS are told with their line', async () => {
  const files = { '.github/CODEOWNERS': '# owners\n/jobs/ @acme/data @ghost\n/x/ nonsense\n' };
  const on = await stage({ files });
  const { data } = await on.app.rest.repos.codeownersErrors(on.at);
  expect(data.errors.map((error) => [error.line, error.kind])).toEqual([
    [2, 'Unknown owner'],
    [3, 'Invalid owner'],
  ]);
  const none = await stage({ files: { 'a.txt': 'a' } });
  expect((await refusal(none.app.rest.repos.codeownersErrors(none.at))).status).toBe(404);
});

test('who only reads cannot write content', async () => {
  const on = await stage();
  const write = on
    .user('rita')
    .rest.repos.createOrUpdateFileContents({ ...on.at, path: 'x.txt', message: 'x', content: encode('x') });
  expect((await refusal(write)).status).toBe(403);
});

test('names that are nothing in the repository are refused, not guessed', async () => {
  const on = await stage();
  expect((await refusal(on.app.rest.repos.getCommit({ ...on.at, ref: 'ghost' }))).status).toBe(422);
  expect((await refusal(on.app.rest.checks.listForRef({ ...on.at, ref: 'f'.repeat(40) }))).status).toBe(422);
  expect((await refusal(on.app.rest.git.getCommit({ ...on.at, commit_sha: 'f'.repeat(40) }))).status).toBe(404);
  expect((await refusal(on.app.rest.git.getTree({ ...on.at, tree_sha: 'ghost' }))).status).toBe(404);
  expect((await refusal(on.app.rest.git.getBlob({ ...on.at, file_sha: 'f'.repeat(40) }))).status).toBe(404);
  expect((await refusal(on.app.rest.repos.compareCommitsWithBasehead({ ...on.at, basehead: 'main...ghost' }))).status).toBe(404);
  expect((await refusal(on.app.rest.issues.get({ ...on.at, issue_number: 99 }))).status).toBe(404);
  expect((await refusal(on.app.rest.pulls.get({ ...on.at, pull_number: 99 }))).status).toBe(404);
});
