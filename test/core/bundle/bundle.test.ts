import { expect, test } from 'vitest';
import { bundleOf, documentsIn, mergedBundle } from '../../../src/core/bundle/bundle.ts';
import { known, unknown } from '../../../src/model/known.ts';
import { targetOf } from '../../support/rehearsal.ts';

const job = { by: 'bundle' as const, resource: 'ledger', bundleTarget: 'prod' };
const target = targetOf('bundle', { kind: 'bundle', files: ['a.yml', 'b.yml', 'gone.yml'], job });
const unread = unknown('the wire broke');
const blob = (path: string, after: string | null) => ({ path, before: known('old'), after: known(after) });
const files = [
  { path: 'a.yml', text: 'base a' },
  { path: 'b.yml', text: 'base b' },
  { path: 'gone.yml', text: null },
];
const beside = known({ files, names: ['a.yml', 'c.yml'] });

test('a bundle is what the change leaves of it, and what the base has of the rest', () => {
  expect(mergedBundle(target, { blobs: [blob('a.yml', 'new a'), blob('other.yml', 'x')], beside })).toEqual(
    known({
      resource: 'ledger',
      bundleTarget: 'prod',
      files: [
        { path: 'a.yml', text: 'new a' },
        { path: 'b.yml', text: 'base b' },
      ],
      names: ['a.yml', 'c.yml'],
    }),
  );
  const deleted = mergedBundle(target, { blobs: [blob('a.yml', null)], beside });
  expect(deleted?.known && deleted.value.files.map(({ path }) => path)).toEqual(['b.yml']);
});

test('a bundle is unknown where one of its files was not read', () => {
  const lost = { path: 'a.yml', before: known('old'), after: unread };
  expect(mergedBundle(target, { blobs: [lost], beside })).toEqual(unknown('a.yml: the wire broke'));
  expect(mergedBundle(target, { blobs: [blob('a.yml', 'new a')], beside: unread })).toEqual(unread);
  const nothing = known({ files: [], names: [] });
  expect(mergedBundle(target, { blobs: [blob('a.yml', 'x')], beside: nothing })).toEqual(unknown('b.yml was not read'));
});

test('a bundle whose every file is in the change is still unknown while nobody has listed the others', () => {
  const blobs = target.files.map((path) => blob(path, 'x'));
  expect(mergedBundle(target, { blobs, beside: unread })).toEqual(unread);
});

test.each(['job-json', 'spark-conf', 'file'] as const)('a target of kind %s has no bundle', (kind) => {
  expect(mergedBundle({ ...target, kind }, { blobs: [], beside })).toBeNull();
  expect(bundleOf({ ...target, kind }, [])).toBeNull();
});

test('documents are what the bundle’s own tool reads', () => {
  const paths = ['a.yml', 'b.yaml', 'c.json', 'd.py', 'e.conf', 'f.yml.tmpl'];
  expect(documentsIn(paths.map((path) => ({ path, text: '{}' }))).map(({ path }) => path)).toEqual(paths.slice(0, 3));
});
