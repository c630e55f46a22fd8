import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everythingBrought, jobNames } from '../../src/core/merged.ts';
import type { MergedChange } from '../../src/model/merged-change.ts';
import { touch } from '../support/apply.ts';
import { configOf, JOB_FILE, record } from '../support/gate.ts';

const [orders] = configOf().targets;
const second = { ...orders!, name: 'second', files: [JOB_FILE, 'jobs/b.json'] };
const spark = { ...orders!, name: 'spark', files: ['spark.conf'], appliedBy: 'merge' as const };
const config = configOf({ targets: [orders!, second, spark] });
const change = (order: number): MergedChange => ({
  path: '.sluice/changes/7-1.json',
  record: record(),
  merge: `r${order}`,
  order,
  derived: false,
});

describe('what merges brought', () => {
  test('is one thing for each record, and one for each target whose files a person changed', () => {
    const brought = everythingBrought(config, [change(1)], [touch('p', 0), touch('q', 2, 'jobs/b.json')]);
    expect(brought.map(({ merge, target }) => `${merge} ${target}`)).toEqual(['p orders', 'p second', 'r1 orders', 'q second']);
  });

  test('is what a record says of its files, and a person’s for everything that it does not account for', () => {
    const own = change(0);
    const brought = (record: Partial<MergedChange['record']>, files = [JOB_FILE, 'spark.conf']) =>
      everythingBrought(
        config,
        [{ ...own, record: { ...own.record, ...record } }],
        [{ merge: own.merge, order: 0, files: files.map((path) => ({ path, before: 'a', after: 'b' })) }],
      )
        .filter((one) => !('record' in one.brought))
        .map(({ target }) => target);
    expect(brought({}, [JOB_FILE])).toEqual([]);
    expect(brought({})).toEqual(['spark']);
    expect(brought({ workspace: 'elsewhere' })).toEqual(['orders', 'second', 'spark']);
    expect(brought({ target: 'nothing' })).toEqual(['orders', 'second', 'spark']);
    expect(brought({ changes: [] }, [JOB_FILE])).toEqual(['orders', 'second']);
    expect(brought({ changes: own.record.changes.map((one) => ({ ...one, file: 'spark.conf' })) }, ['spark.conf'])).toEqual([
      'spark',
    ]);
  });

  test('is judged for a target that the merge itself applies, too', () => {
    expect(everythingBrought(config, [], [touch('p', 0, 'spark.conf')]).map(({ target }) => target)).toEqual(['spark']);
  });

  test('is nothing for a file of no target', () => {
    expect(everythingBrought(config, [], [touch('p', 0, 'README.md')])).toEqual([]);
  });

  test('is records alone where no policy can be read', () => {
    expect(everythingBrought(null, [change(1)], [touch('p', 0)]).map((one) => one.merge)).toEqual(['r1']);
  });

  test('comes newest first, whatever the order it was found in', () => {
    const order = fc.uniqueArray(fc.nat(20), { maxLength: 8 });
    fc.assert(
      fc.property(order, fc.nat(8), (orders_, cut) => {
        const found = everythingBrought(
          config,
          orders_.slice(0, cut).map(change),
          orders_.slice(cut).map((at) => touch(`p${at}`, at)),
        );
        const orders = found.map((one) => one.order);
        expect(orders).toEqual([...orders].sort((a, b) => a - b));
        expect(new Set(orders)).toEqual(new Set(orders_));
      }),
    );
  });
});

describe('the names of a job', () => {
  const share = (one: readonly string[], other: readonly string[]) => one.some((name) => other.includes(name));

  test('are shared by everything that goes to it', () => {
    const own = jobNames(orders!, 'orders', 'prod', null);
    expect(share(own, jobNames(undefined, 'gone', 'prod', '42'))).toBe(true);
    expect(share(own, jobNames({ ...orders!, name: 'again' }, 'again', 'prod', null))).toBe(true);
    expect(share(own, jobNames(undefined, 'orders', null, null))).toBe(true);
    const byName = { ...orders!, job: { by: 'name' as const, name: 'x' } };
    expect(share(jobNames(byName, 'a', 'prod', null), jobNames(byName, 'b', 'prod', null))).toBe(true);
  });

  test('are not shared with other jobs, nor with that job of another workspace', () => {
    const own = jobNames(orders!, 'orders', 'prod', '42');
    expect(share(own, jobNames(undefined, 'other', 'prod', '43'))).toBe(false);
    expect(share(own, jobNames({ ...orders!, workspace: 'dev' }, 'other', 'dev', '42'))).toBe(false);
  });
});
