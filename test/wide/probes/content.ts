import { createHash } from 'node:crypto';
import { commit, decode, encode, mainOf, type Probe, status } from '../probe.ts';
import type { Side } from '../sides.ts';

function blobId(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

async function treeAndCommit({ app, at }: Side, parent: string, files: Readonly<Record<string, string>>) {
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    content,
  }));
  const base = (await app.rest.git.getCommit({ ...at, commit_sha: parent })).data.tree.sha;
  const tree = await app.rest.git.createTree({ ...at, base_tree: base, tree: entries });
  const made = await app.rest.git.createCommit({ ...at, message: 'Two files', tree: tree.data.sha, parents: [parent] });
  return { tree: tree.data.sha, commit: made.data.sha, parents: made.data.parents.map((one) => one.sha) };
}

/** Files, and the git objects beneath them. */
export const CONTENT: readonly Probe[] = [
  {
    what: 'a file is created and read back, under the id that git gives it',
    ask: async ({ app, at }) => {
      const file = { ...at, path: 'jobs/größe.json', message: 'x' };
      const text = '{"a": "Größe"}\r\n';
      const put = await app.rest.repos.createOrUpdateFileContents({ ...file, content: encode(text) });
      const { data } = await app.rest.repos.getContent(file);
      return [put.status, put.data.content?.sha === blobId(text), decode(data) === text];
    },
    expected: [201, true, true],
  },
  {
    what: 'a file is changed only by who names its present id',
    ask: async ({ app, at }) => {
      const write = (text: string, sha?: string) =>
        app.rest.repos.createOrUpdateFileContents({
          ...at,
          path: 'a.txt',
          message: 'x',
          content: encode(text),
          ...(sha && { sha }),
        });
      await write('1\n');
      return [await status(write('2\n')), await status(write('2\n', blobId('stale'))), await status(write('2\n', blobId('1\n')))];
    },
    expected: [422, 409, 200],
  },
  {
    what: 'a folder lists what is in it, and what is not there is not found',
    ask: async (side) => {
      await commit(side, 'main', 'jobs/a.json', 'a\n');
      await commit(side, 'main', 'jobs/b.json', 'b\n');
      const { data } = await side.app.rest.repos.getContent({ ...side.at, path: 'jobs' });
      const names = Array.isArray(data) ? data.map((one) => `${one.type} ${one.name}`) : [];
      return [names, await status(side.app.rest.repos.getContent({ ...side.at, path: 'ghost' }))];
    },
    expected: [['file a.json', 'file b.json'], 404],
  },
  {
    what: 'a blob has the id that git gives it',
    ask: async ({ app, at }) => {
      const made = await app.rest.git.createBlob({ ...at, content: 'hello\n' });
      const { data } = await app.rest.git.getBlob({ ...at, file_sha: made.data.sha });
      return [made.status, made.data.sha === blobId('hello\n'), data.size, decode(data)];
    },
    expected: [201, true, 6, 'hello\n'],
  },
  {
    what: 'a tree and a commit are made over the base, and nothing of the base is lost',
    ask: async (side) => {
      const main = await mainOf(side);
      const made = await treeAndCommit(side, main, { 'a.txt': 'a\n', 'deep/b.txt': 'b\n' });
      const { data } = await side.app.rest.git.getTree({ ...side.at, tree_sha: made.tree, recursive: '1' });
      return {
        parents: made.parents.map((one) => one === main),
        truncated: data.truncated,
        paths: data.tree.map((one) => one.path).sort(),
      };
    },
    expected: { parents: [true], truncated: false, paths: ['README.md', 'a.txt', 'deep', 'deep/b.txt'] },
  },
  {
    what: 'a tree is in the order of git, by bytes',
    ask: async (side) => {
      const { tree } = await treeAndCommit(side, await mainOf(side), { 'a.txt': 'a\n', 'Z.txt': 'z\n' });
      return (await side.app.rest.git.getTree({ ...side.at, tree_sha: tree })).data.tree.map((one) => one.path);
    },
    expected: ['README.md', 'Z.txt', 'a.txt'],
    emulateIsWrong: 'sorts as a dictionary does, and so has other ids',
  },
  {
    what: 'a branch is made once, moved forward, and gone when it is deleted',
    ask: async (side) => {
      const { app, at } = side;
      const main = await mainOf(side);
      const { commit: next } = await treeAndCommit(side, main, { 'a.txt': 'a\n' });
      const make = () => status(app.rest.git.createRef({ ...at, ref: 'refs/heads/fix', sha: main }));
      const ref = { ...at, ref: 'heads/fix' };
      return [
        await make(),
        await make(),
        await status(app.rest.git.updateRef({ ...ref, sha: next })),
        (await app.rest.git.getRef(ref)).data.object.sha === next,
        await status(app.rest.git.deleteRef(ref)),
        await status(app.rest.git.getRef(ref)),
      ];
    },
    expected: [201, 422, 200, true, 204, 404],
  },
  {
    what: 'a branch is not moved backward unless that is forced',
    ask: async (side) => {
      const main = await mainOf(side);
      await commit(side, 'fix', 'a.txt', 'a\n');
      const back = { ...side.at, ref: 'heads/fix', sha: main };
      return [
        await status(side.app.rest.git.updateRef(back)),
        await status(side.app.rest.git.updateRef({ ...back, force: true })),
      ];
    },
    expected: [422, 200],
  },
  {
    what: 'commits are listed newest first, also by path',
    ask: async (side) => {
      await commit(side, 'main', 'a.txt', 'a\n');
      await commit(side, 'main', 'b.txt', 'b\n');
      const messages = async (given: object) =>
        (await side.app.rest.repos.listCommits({ ...side.at, ...given })).data.map((one) => one.commit.message);
      return [(await messages({})).slice(0, 2), await messages({ path: 'a.txt' })];
    },
    expected: [['Write b.txt', 'Write a.txt'], ['Write a.txt']],
  },
  {
    what: 'what was read before is answered with 304',
    ask: async ({ url, at }) => {
      const ask = (headers: Readonly<Record<string, string>>) =>
        fetch(`${url}/repos/${at.owner}/${at.repo}/contents/README.md`, {
          headers: { authorization: 'Bearer tok-olga', ...headers },
        });
      const first = await ask({});
      return (await ask({ 'if-none-match': first.headers.get('etag') ?? '' })).status;
    },
    expected: 304,
    emulateIsWrong: 'sends no ETag',
  },
  {
    what: 'faults in CODEOWNERS are told',
    ask: async (side) => {
      await commit(side, 'main', 'CODEOWNERS', '/x/ nonsense\n');
      return (await side.app.rest.repos.codeownersErrors(side.at)).data.errors.map((one) => [one.line, one.kind]);
    },
    expected: [[1, 'Invalid owner']],
    emulateIsWrong: 'has no codeowners/errors',
  },
];
