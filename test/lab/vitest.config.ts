import { defineConfig } from 'vitest/config';

const minutes = 60_000;

/** One file after the other: they share one cloud. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/lab/*.lab.test.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 5 * minutes,
    hookTimeout: 5 * minutes,
  },
});
