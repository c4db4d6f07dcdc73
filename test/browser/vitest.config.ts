import { defineConfig } from 'vitest/config';

const minutes = 60_000;

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/browser/*.browser.test.ts'],
    // One browser at a time: it brings threads of its own.
    fileParallelism: false,
    testTimeout: 10 * minutes,
    hookTimeout: 10 * minutes,
  },
});
