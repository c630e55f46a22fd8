import { expect, test } from 'vitest';
import { stage } from '../../support/github.ts';
import { main, oid, repository } from './ask.ts';

test('the default branch and any ref are found with what they point to, and a missing one is null', async () => {
  const on = await stage();
  const sha = await on.branch('fix/lag', { 'a.txt': 'a\n' });
  const told = await repository(
    on,
    `defaultBranchRef { name prefix target { __typename oid repository { databaseId } } }
     full: ref(qualifiedName: "refs/heads/fix/lag") { id name prefix target { oid abbreviatedOid commitUrl commitResourcePath } }
     short: ref(qualifiedName: "fix/lag") { name } none: ref(qualifiedName: "refs/heads/ghost") { name }
     folder: ref(qualifiedName: "refs/heads/fix") { name }`,
  );
  expect(told).toMatchObject({
    defaultBranchRef: {
      name: 'main',
      prefix: 'refs/heads/',
      target: { __typename: 'Commit', oid: await main(on), repository: { databaseId: on.twin.repositoryId } },
    },
    full: {
      name: 'fix/lag',
      prefix: 'refs/heads/',
      target: { oid: sha, abbreviatedOid: sha.slice(0, 7), commitResourcePath: `/acme/pipelines/commit/${sha}` },
    },
    short: { name: 'fix/lag' },
    none: null,
    folder: null,
  });
});

test('an object is found by id, by branch and by path, whatever its kind, and else is null', async () => {
  const on = await stage();
  const tip = await on.branch('fix', { 'jobs/orders.json': '12\n' });
  const tree = (await on.app.rest.git.getCommit({ ...on.at, commit_sha: tip })).data.tree.sha;
  const found = async (expression: string) =>
    (await repository(on, `object(expression: ${JSON.stringify(expression)}) { __typename oid }`)).object;
  expect(await found('fix')).toEqual({ __typename: 'Commit', oid: tip });
  expect(await found('refs/heads/fix')).toEqual({ __typename: 'Commit', oid: tip });
  expect(await found(tip)).toEqual({ __typename: 'Commit', oid: tip });
  expect(await found(tip.slice(0, 10))).toEqual({ __typename: 'Commit', oid: tip });
  expect(await found(tree)).toEqual({ __typename: 'Tree', oid: tree });
  expect(await found('fix:')).toEqual({ __typename: 'Tree', oid: tree });
  expect(await found(`${tree}:jobs/orders.json`)).toEqual({ __typename: 'Blob', oid: oid('12\n') });
  expect(await found('fix:jobs/orders.json')).toEqual({ __typename: 'Blob', oid: oid('12\n') });
  expect(await found(`${tip}:jobs/`)).toMatchObject({ __typename: 'Tree' });
  expect(await found('HEAD:README.md')).toEqual({ __typename: 'Blob', oid: oid('# pipelines\n') });
  expect(await found('HEAD')).toEqual({ __typename: 'Commit', oid: await main(on) });
  expect(await found('fix~1')).toEqual({ __typename: 'Commit', oid: await main(on) });
  expect(await found('fix^{tree}')).toEqual({ __typename: 'Tree', oid: tree });
  for (const nothing of [
    'ghost',
    'fix:ghost',
    'fix:/jobs',
    'fix:jobs//orders.json',
    'HEAD~1',
    'fix^2',
    'f'.repeat(40),
    '',
    ':',
    '--all',
  ])
    expect(await found(nothing), nothing).toBeNull();
  expect(await repository(on, `object(oid: "${tree}") { __typename } none: object(oid: "${'f'.repeat(40)}") { oid }`)).toEqual({
    object: { __typename: 'Tree' },
    none: null,
  });
});

test('the text of fifty blobs in one question hashes to their ids, byte for byte', async () => {
  const on = await stage();
  const odd = ['\ufeff{"a":1}\r\n', 'Größe 🚀 \u2028 e\u0301\n', 'no newline at the end', '', '\t\r\n\r\n'];
  const texts = Array.from({ length: 50 }, (_, index) => odd[index] ?? `job ${index}\n`);
  const tip = await on.branch('many', Object.fromEntries(texts.map((text, index) => [`jobs/${index}.json`, text])));
  const asked = texts.map(
    (_, index) =>
      `b${index}: object(expression: "${tip}:jobs/${index}.json") { ... on Blob { oid text byteSize isBinary isTruncated } }`,
  );
  const told = await repository(on, asked.join('\n'));
  expect(texts.map((_, index) => told[`b${index}`])).toEqual(
    texts.map((text) => ({ oid: oid(text), text, byteSize: Buffer.byteLength(text), isBinary: false, isTruncated: false })),
  );
});

test('a binary blob has no text, invalid UTF-8 is replaced, and a large text is cut and says so', async () => {
  const on = await stage();
  const put = async (path: string, content: Buffer) =>
    on.app.rest.repos.createOrUpdateFileContents({ ...on.at, path, message: 'x', content: content.toString('base64') });
  const large = 'x'.repeat(600_000);
  await put('binary', Buffer.from([1, 0, 2]));
  await put('latin', Buffer.from('Gr\xf6\xdfe', 'latin1'));
  await put('large', Buffer.from(large));
  await put('just', Buffer.from('y'.repeat(512_000)));
  const blob = (path: string) => `object(expression: "main:${path}") { ... on Blob { byteSize isBinary isTruncated text } }`;
  const told = await repository(on, ['binary', 'latin', 'large', 'just'].map((path) => `${path}: ${blob(path)}`).join('\n'));
  expect(told.binary).toEqual({ byteSize: 3, isBinary: true, isTruncated: false, text: null });
  expect(told.latin).toEqual({ byteSize: 5, isBinary: false, isTruncated: false, text: 'Gr��e' });
  expect(told.large).toEqual({ byteSize: 600_000, isBinary: false, isTruncated: true, text: large.slice(0, 512_000) });
  expect(told.just).toMatchObject({ isTruncated: false });
});

test('a tree tells its entries with modes as numbers and full paths', async () => {
  const on = await stage();
  const tree = await on.app.rest.git.createTree({
    ...on.at,
    base_tree: await main(on),
    tree: [
      { path: 'run.sh', mode: '100755', type: 'blob', content: '#!/bin/sh\n' },
      { path: 'vendor/lib', mode: '160000', type: 'commit', sha: 'a'.repeat(40) },
    ],
  });
  const entry = '{ name nameRaw mode oid path pathRaw type size extension object { __typename } }';
  const told = await repository(
    on,
    `root: object(oid: "${tree.data.sha}") { ... on Tree { entries ${entry} } }
     jobs: object(expression: "main:jobs") { ... on Tree { entries ${entry} } }
     vendor: object(expression: "${tree.data.sha}:vendor") { ... on Tree { entries { type mode size object { oid } } } }`,
  );
  expect(told.root).toMatchObject({
    entries: [
      { name: '.github', mode: 16384, type: 'tree', size: 0, object: { __typename: 'Tree' } },
      { name: 'README.md', mode: 33188, type: 'blob', size: 12, extension: '.md', object: { __typename: 'Blob' } },
      { name: 'jobs', type: 'tree' },
      { name: 'run.sh', mode: 33261, oid: oid('#!/bin/sh\n') },
      { name: 'vendor', type: 'tree' },
    ],
  });
  expect(told.jobs).toMatchObject({
    entries: [{ name: 'orders.json', path: 'jobs/orders.json', nameRaw: btoa('orders.json'), pathRaw: btoa('jobs/orders.json') }],
  });
  expect(told.vendor).toEqual({ entries: [{ type: 'commit', mode: 57344, size: 0, object: null }] });
});
