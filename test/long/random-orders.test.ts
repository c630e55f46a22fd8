import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { anOrder } from './orders/order.ts';
import { playOrder } from './orders/play.ts';
import { REMEMBERED } from './orders/remembered.ts';

/** CI plays fewer; `SLUICE_SEED` plays the orders of a run that failed again. */
const ORDERS = Number(process.env.SLUICE_ORDERS ?? 10_000);
const seed = Number(process.env.SLUICE_SEED ?? Date.now() % 2 ** 31);

// The Action tells the runner each token to mask; nobody reads that here.
beforeEach(() => {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => stdout.mockRestore();
});

test.each(REMEMBERED)('an order that once broke the gate breaks it no more', async (order) => {
  expect((await playOrder(order)).wrong).toEqual([]);
});

test(
  `no order of ${ORDERS} merges or applies what no owner approved`,
  async () => {
    const seen = { merged: 0, queued: 0, written: 0, glass: 0 };
    await fc.assert(
      fc.asyncProperty(anOrder, async (order) => {
        const { wrong, ...counts } = await playOrder(order);
        for (const what of ['merged', 'queued', 'written', 'glass'] as const) if (counts[what] > 0) seen[what]++;
        expect(wrong).toEqual([]);
      }),
      { numRuns: ORDERS, seed, endOnFailure: process.env.SLUICE_SHRINK === 'no' },
    );
    const merges = `${seen.merged} of ${ORDERS} orders merged by us, ${seen.queued} of them through the queue`;
    process.stderr.write(`seed ${seed}: ${merges}; ${seen.written} wrote; ${seen.glass} did so on broken glass\n`);
    // Where hardly anything goes through, nothing was tried.
    expect(seen.merged).toBeGreaterThan(ORDERS / 20);
    expect(seen.written).toBeGreaterThan(ORDERS / 30);
    expect(seen.queued).toBeGreaterThan(ORDERS / 100);
    expect(seen.glass).toBeGreaterThan(ORDERS / 100);
  },
  4 * 3_600_000,
);
