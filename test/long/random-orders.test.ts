import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anOrder } from './orders/acts.ts';
import { playOrder } from './orders/play.ts';

/** CI plays fewer; `SLUICE_SEED` plays the orders of a run that failed again. */
const ORDERS = Number(process.env.SLUICE_ORDERS ?? 10_000);
const seed = Number(process.env.SLUICE_SEED ?? Date.now() % 2 ** 31);

test(
  `no order of ${ORDERS} merges or applies what no owner approved`,
  async () => {
    // The Action tells the runner each token to mask; nobody reads that here.
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(() => stdout.mockRestore());
    const seen = { merged: 0, written: 0 };
    await fc.assert(
      fc.asyncProperty(anOrder, async (acts) => {
        const { merged, written, wrong } = await playOrder(acts);
        if (merged > 0) seen.merged++;
        if (written > 0) seen.written++;
        expect(wrong).toEqual([]);
      }),
      { numRuns: ORDERS, seed, endOnFailure: process.env.SLUICE_SHRINK === 'no' },
    );
    process.stderr.write(`seed ${seed}: ${seen.merged} of ${ORDERS} orders merged by us, ${seen.written} wrote\n`);
    // Where hardly anything goes through, nothing was tried.
    expect(seen.merged).toBeGreaterThan(ORDERS / 20);
    expect(seen.written).toBeGreaterThan(ORDERS / 30);
  },
  4 * 3_600_000,
);
