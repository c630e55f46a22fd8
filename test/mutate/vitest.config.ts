import { defineConfig } from 'vitest/config';

/** The tests of the gate and of what it stands on: pure, and fast enough to be run against thousands of mutants. */
export default defineConfig({
  test: {
    root: '.',
    include: [
      'test/core/{by-time,codeowners,command,digest,gate,in-force,window}*.test.ts',
      'test/core/{bundle,gate}/**/*.test.ts',
      'test/contract/commands-page.test.ts',
    ],
    // It moves the zone of its own process, which a thread cannot.
    exclude: ['test/core/window-instants.test.ts'],
    // Modules are loaded once for all files of a run, not once a file. The tests keep nothing between them.
    isolate: false,
    testTimeout: 30_000,
  },
});
