import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { blobsOf } from '../../../src/adapters/github/blobs.ts';
import { policyAt, textOf } from '../../../src/adapters/github/policy.ts';
import { githubReads } from '../../../src/adapters/github/reads.ts';
import { stage } from '../../support/github.ts';

const idOf = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

function countCalls(on: Awaited<ReturnType<typeof stage>>): () => number {
  const before = on.twin.calls.all().length;
  return () => on.twin.calls.all().length - before;
}

test('blobs that are asked for in the same moment are read by one call', async () => {
  const on = await stage({ files: { 'a.txt': 'a\n', 'b.txt': 'ä\r\n', 'c.txt': '\ufeffc' } });
  const reads = githubReads(on.app, on.at);
  const tree = await reads.trees.of((await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha);
  const calls = countCalls(on);
  const texts = await Promise.all([...tree.values()].map(async (entry) => decode(await reads.blobs.of(entry.id))));
  expect(texts.sort()).toEqual(['a\n', 'ä\r\n', '\ufeffc'].sort());
  expect(calls()).toBe(1);
  await reads.blobs.of(idOf('a\n'));
  expect(calls()).toBe(1);
});

test('bytes that are no text are read by REST', async () => {
  const on = await stage();
  const content = Buffer.from([0, 255, 254, 1]).toString('base64');
  const { data } = await on.app.rest.git.createBlob({ ...on.at, content, encoding: 'base64' });
  const reads = githubReads(on.app, on.at);
  expect([...(await reads.blobs.of(data.sha))]).toEqual([0, 255, 254, 1]);
});

test('a text that is not what its id names is never believed', async () => {
  const asked: string[] = [];
  const blobs = blobsOf({
    query: async () => ({ repository: { b0: { text: 'forged', isTruncated: false }, b1: { text: 'cut', isTruncated: true } } }),
    one: async (id) => {
      asked.push(id);
      return new TextEncoder().encode(id === idOf('true') ? 'true' : 'cut and more');
    },
  });
  blobs.learn(idOf('never'), 'another');
  const read = await Promise.all([blobs.of(idOf('true')), blobs.of(idOf('cut and more'))]);
  expect(read.map(decode)).toEqual(['true', 'cut and more']);
  expect(asked).toEqual([idOf('true'), idOf('cut and more')]);
});

test('a read that fails is asked for again the next time', async () => {
  let broken = true;
  const blobs = blobsOf({
    query: async () => {
      if (broken) throw new Error('the wire broke');
      return { repository: { b0: { text: 'a', isTruncated: false } } };
    },
    one: async () => new Uint8Array(),
  });
  await expect(blobs.of(idOf('a'))).rejects.toThrow('the wire broke');
  broken = false;
  expect(decode(await blobs.of(idOf('a')))).toBe('a');
});

test('more blobs than one query may name are read by several', async () => {
  const texts = Array.from({ length: 120 }, (_, place) => `text ${place}`);
  const sizes: number[] = [];
  const blobs = blobsOf({
    query: async (_, asked) => {
      sizes.push(Object.keys(asked).length);
      const found = Object.entries(asked).map(([name, id]) => [name, { text: texts.find((text) => idOf(text) === id) ?? '' }]);
      return { repository: Object.fromEntries(found) };
    },
    one: async () => {
      throw new Error('not by REST');
    },
  });
  const read = await Promise.all(texts.map((text) => blobs.of(idOf(text))));
  expect(read.map(decode)).toEqual(texts);
  expect(sizes).toEqual([50, 50, 20]);
});

test('the policy of a commit is read by one call, and again by none', async () => {
  const on = await stage({
    files: { '.github/sluice.yml': 'mode: shadow\n', 'docs/CODEOWNERS': '* @olga\n', CODEOWNERS: '* @alice\n' },
  });
  const reads = githubReads(on.app, on.at);
  const commit = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const calls = countCalls(on);
  const policy = await policyAt(reads, commit);
  expect(policy.codeowners).toEqual({ known: true, value: { path: 'CODEOWNERS', text: '* @alice\n' } });
  expect(policy.config).toMatchObject({ known: true, value: { mode: 'shadow' } });
  expect(calls()).toBe(1);
  await policyAt(reads, commit);
  expect(calls()).toBe(1);
});

test('a commit without policy files says so, and an unknown commit is unknown', async () => {
  const on = await stage({ files: { 'README.md': '#\n' } });
  const reads = githubReads(on.app, on.at);
  const commit = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const policy = await policyAt(reads, commit);
  expect(policy.codeowners).toEqual({ known: true, value: null });
  expect(policy.config).toMatchObject({ known: false, why: 'there is no .github/sluice.yml' });
  expect((await policyAt(reads, 'd'.repeat(40))).codeowners.known).toBe(false);
});

test('a link is no file', async () => {
  const on = await stage();
  const reads = githubReads(on.app, on.at);
  await expect(textOf(reads, { mode: '120000', id: idOf('a') })).rejects.toThrow('no plain file');
});

test('whoever only reads cannot send a mutation', async () => {
  const on = await stage();
  const reads = githubReads(on.app, on.at);
  await expect(reads.query('mutation { x }', {})).rejects.toThrow('only a query');
  await expect(reads.query('query { x } mutation { y }', {})).rejects.toThrow();
});

test('a tree that two commits share is read once', async () => {
  const on = await stage();
  const reads = githubReads(on.app, on.at);
  const main = (await on.app.rest.git.getRef({ ...on.at, ref: 'heads/main' })).data.object.sha;
  const { data: first } = await on.app.rest.git.getCommit({ ...on.at, commit_sha: main });
  const { data: same } = await on.app.rest.git.createCommit({ ...on.at, message: 'same', tree: first.tree.sha, parents: [main] });
  await reads.trees.of(main);
  reads.trees.learn(same.sha, first.tree.sha);
  const calls = countCalls(on);
  expect((await reads.trees.of(same.sha)).has('README.md')).toBe(true);
  expect(calls()).toBe(0);
});
