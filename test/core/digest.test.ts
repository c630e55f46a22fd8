import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeDigest } from '../../src/core/digest.ts';
import type { TreeEntryChange } from '../../src/model/gate.ts';

const entry = (change: Partial<TreeEntryChange> = {}): TreeEntryChange => ({
  path: 'jobs/a.json',
  oldMode: '100644',
  oldId: 'a'.repeat(40),
  newMode: '100644',
  newId: 'b'.repeat(40),
  ...change,
});

test('the digest of one change is the SHA-256 of its line: path, old mode, old id, new mode, new id, NUL between them', () => {
  // printf 'jobs/a.json\0100644\0<40 a>\0100644\0<40 b>' | sha256sum
  expect(changeDigest([entry()])).toBe('62005fb869f3ffbcfb9183ef4ca70fde72463b34c28b2c989e910c46f9a77e4c');
});

test('lines are sorted and joined by a line feed', () => {
  // printf 'a\0…\nb\0…' | sha256sum, whichever of the two was told first
  expect(changeDigest([entry({ path: 'b' }), entry({ path: 'a' })])).toBe(
    'd353421e1d7de243ce829777507890c2da6a84b96b6a1598b204c94cfc89f8c0',
  );
});

test.each([
  ['path', { path: 'jobs/b.json' }],
  ['old mode', { oldMode: '100755' }],
  ['old id', { oldId: 'c'.repeat(40) }],
  ['new mode', { newMode: '120000' }],
  ['new id', { newId: 'c'.repeat(40) }],
])('another %s is another content', (_, change) => {
  expect(changeDigest([entry(change)])).not.toBe(changeDigest([entry()]));
});

test('a path that holds what separates fields cannot pass for another change', () => {
  expect(changeDigest([entry({ path: 'a100644' })])).not.toBe(changeDigest([entry({ path: 'a', oldMode: '100644100644' })]));
});

test('the digest of the same changes is the same in any order, and tells apart any two that differ', () => {
  const change = fc.record({
    ...{ path: fc.constantFrom('a', 'b', 'a/b', 'ab'), oldMode: fc.constantFrom('100644', '000000') },
    ...{ oldId: fc.constantFrom('0', '1'), newMode: fc.constantFrom('100644', '000000'), newId: fc.constantFrom('0', '1') },
  });
  const all = fc.uniqueArray(change, { maxLength: 6, selector: (one) => one.path });
  const told = (delta: readonly TreeEntryChange[]) => JSON.stringify(delta.map((one) => Object.values(one).join(' ')).sort());
  fc.assert(
    fc.property(all, all, (one, other) => {
      expect(changeDigest(one.toReversed())).toBe(changeDigest(one));
      expect(changeDigest(one) === changeDigest(other)).toBe(told(one) === told(other));
    }),
  );
});
