import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A CI would have the words of the command line coloured.
    env: { NO_COLOR: '1' },
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/long/**', 'test/wide/**', 'test/mutate/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // Files of one worker share what they import, which halves the cost of a run: no module keeps what would change another test.
    isolate: false,
    benchmark: { include: ['test/bench/**/*.bench.ts'] },
  },
});
