import { defineConfig } from 'vitest/config';

const minutes = 60_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/lab/*.lab.test.ts', 'test/browser/**'],
    // A limit only against a hang: no test may fail because the machine is busy.
    testTimeout: 10 * minutes,
    hookTimeout: 10 * minutes,
    teardownTimeout: 10 * minutes,
  },
});
