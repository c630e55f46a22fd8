import { defineConfig } from 'vitest/config';

/** Needs `npm ci` in this folder first. Run from the project's root: `npx vitest run --config test/wide/vitest.config.ts`. */
export default defineConfig({
  test: { include: ['test/wide/**/*.wide.ts'], testTimeout: 30_000, hookTimeout: 30_000, maxWorkers: 2 },
});
