import { defineConfig } from 'vitest/config';

/** What takes minutes: processes killed at each of their steps, and random orders of events. CI runs it beside `npm test`. */
export default defineConfig({
  test: {
    // A CI would have the words of the command line coloured.
    env: { NO_COLOR: '1' },
    include: ['test/long/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
