import { defineConfig } from 'vitest/config';

const minutes = 60_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: '100%', // else one core is left idle, which on a machine of two is half of it
    exclude: ['**/node_modules/**', 'test/lab/*.lab.test.ts', 'test/browser/**'],
    // A limit only against a hang: no test may fail because the machine is busy.
    testTimeout: 10 * minutes,
    hookTimeout: 10 * minutes,
    teardownTimeout: 10 * minutes,
  },
});
