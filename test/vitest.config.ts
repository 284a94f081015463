import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/**/*.test.ts'],
    // Most of the time a test waits for the cluster: more files at once than cores.
    maxWorkers: 4,
    pool: 'forks',
    // Generous: a slow machine is no failure. What must be quick is measured by itself.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A repetition would hide a flaky test, which is a defect.
    retry: 0,
  },
});
