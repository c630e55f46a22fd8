import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentReasons } from '../../../src/core/gate/content.ts';
import type { TreeEntryChange } from '../../../src/model/gate.ts';
import { known } from '../../../src/model/known.ts';
import { BASE, facts, HEAD, JOB_FILE, MERGE, NONE } from '../../support/gate.ts';

const targets = new Set([JOB_FILE]);
const id = fc.constantFrom(NONE, '1'.repeat(40), '2'.repeat(40));
const mode = fc.constantFrom('100644', '100755', '120000', '160000', '000000');
const path = fc.constantFrom(JOB_FILE, 'README.md', '.sluice/changes/7-1.json', '.sluice/notes', 'jobs/other.json');
const entry: fc.Arbitrary<TreeEntryChange> = fc.record({ path, oldMode: mode, oldId: id, newMode: mode, newId: id });
const delta = fc.array(entry, { maxLength: 4 });

const shown = (entries: readonly TreeEntryChange[], hasRecord: boolean) =>
  contentReasons({ moment: 'open', pull: 12 }, { ...facts().change, delta: known(entries) }, targets, hasRecord);

/** What is said once the shown entries were merged as others. */
const merged = (entries: readonly TreeEntryChange[], others: readonly TreeEntryChange[]) => {
  const { change } = facts({ moment: 'apply' });
  const merge = known({ parents: [BASE, HEAD], delta: others });
  return contentReasons({ moment: 'apply', merge: MERGE }, { ...change, delta: known(entries), merge }, targets, false).filter(
    ({ code }) => code === 'merge_mismatch',
  );
};

describe('what changes', () => {
  test('is refused for one path as it is beside any other', () => {
    fc.assert(
      fc.property(delta, entry, fc.boolean(), (entries, another, hasRecord) => {
        const reasons = shown([...entries, another], hasRecord);
        expect(reasons).toEqual(expect.arrayContaining(shown(entries, hasRecord)));
        expect(reasons).toEqual(expect.arrayContaining(shown([another], hasRecord)));
      }),
    );
  });

  test('of a target is a plain file or nothing', () => {
    fc.assert(
      fc.property(entry, (one) => {
        const codes = shown([{ ...one, path: JOB_FILE }], true).map(({ code }) => code);
        const isPlain = [one.oldMode, one.newMode].every((each) => ['100644', '000000'].includes(each));
        expect(codes.length === 0).toBe(isPlain);
      }),
    );
  });

  test('is merged as it was shown, in whatever order it is listed, and with nothing more, less or other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: (one) => one.path, minLength: 1, maxLength: 4 }),
        fc.nat(3),
        (entries, at) => {
          const one = entries[at % entries.length];
          if (!one) throw new Error('no entry');
          const without = entries.filter((other) => other !== one);
          expect(merged(entries, entries.toReversed())).toEqual([]);
          expect(merged(entries, without)).toHaveLength(1);
          expect(merged(without, entries)).toHaveLength(1);
          expect(merged(entries, [...without, { ...one, newId: '3'.repeat(40) }])).toHaveLength(1);
          expect(merged(entries, [...without, { ...one, newMode: '100600' }])).toHaveLength(1);
        },
      ),
    );
  });
});
