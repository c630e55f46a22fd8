import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOfItsMerge, outOfDate, stillInForce } from '../../../src/core/gate/guard.ts';
import { known, unknown } from '../../../src/model/known.ts';
import type { Merged } from '../../../src/model/merged-change.ts';
import { facts as factsOf } from '../../support/gate.ts';

const touched = (...list: readonly (readonly [string, readonly string[]])[]) => ({
  touched: list.map(([merge, files], order) => ({
    ...{ merge, order },
    files: files.map((path) => ({ path, before: 'a', after: 'b' })),
  })),
});
const merged = (tip: string, ...merges: readonly string[]): Merged => ({
  ...{ tip, changes: [], whole: true, lost: [] },
  ...touched(...merges.map((merge) => [merge, ['a']] as const)),
});

describe('merges whose content is still there', () => {
  test.each([
    ['the only one', touched(['m1', ['a']]), ['m1']],
    ['the newer of two that changed one file', touched(['m2', ['a']], ['m1', ['a']]), ['m2']],
    ['both, where the older changed another file, too', touched(['m2', ['a']], ['m1', ['a', 'b']]), ['m2', 'm1']],
    ['not one that two newer ones covered', touched(['m3', ['b']], ['m2', ['a']], ['m1', ['a', 'b']]), ['m3', 'm2']],
    ['none where nothing was changed', touched(), []],
  ])('%s', (_, given, merges) => {
    expect(stillInForce(given)).toEqual(merges);
  });

  test('every file has exactly one newest merge among them', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd');
    const list = fc.array(fc.uniqueArray(path, { minLength: 1 }), { maxLength: 8 });
    fc.assert(
      fc.property(list, (all) => {
        const given = touched(...all.map((files, index) => [`m${index}`, files] as const));
        const newest = new Set([...new Set(all.flat())].map((file) => `m${all.findIndex((files) => files.includes(file))}`));
        expect(new Set(stillInForce(given))).toEqual(newest);
      }),
    );
  });
});

describe('a tree', () => {
  test('that holds what the default branch holds is not out of date', () => {
    expect(outOfDate('s', merged('s', 'm1'), merged('h', 'm1'))).toBeNull();
  });

  test('is out of date after a newer commit, which is named', () => {
    expect(outOfDate('s', merged('s', 'm1'), merged('h', 'm2', 'm1'))).toEqual({
      ...{ code: 'superseded', subject: 's', expected: 'the files of targets as they are at h' },
      observed: 'm2 changed them since',
    });
  });

  test('with commits that the default branch does not have is refused', () => {
    expect(outOfDate('s', merged('s', 'x', 'm1'), merged('h', 'm1'))?.observed).toBe(
      'commits that are not on the default branch',
    );
  });
});

describe('an earlier merge', () => {
  const facts = factsOf({ moment: 'apply' });

  test('is judged at its own time, under the policy before it, whatever has recovered or been overtaken since', () => {
    const late = {
      ...facts,
      live: { ...facts.live, now: '2030-01-01T00:00:00Z', recovered: unknown('x'), superseded: known(true) },
    };
    const { pull, policies } = facts.change;
    const then = asOfItsMerge(late);
    expect(then.live.now).toBe(pull.known ? pull.value.mergedAt : '');
    expect([then.live.recovered, then.live.superseded]).toEqual([known(false), known(false)]);
    expect(then.change.policies).toEqual(policies.slice(0, 1));
    expect(then.live.targets.map(({ commit }) => commit)).toEqual(policies.slice(0, 1).map(({ commit }) => commit));
  });

  test('that came by a push is judged now, and one without a policy has none', () => {
    const pushed = { ...facts, change: { ...facts.change, pull: unknown('pushed'), policies: [] } };
    const then = asOfItsMerge(pushed);
    expect([then.live.now, then.change.policies, then.live.targets]).toEqual([facts.live.now, [], []]);
  });
});
