import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What is measured in seconds of the wall clock is measured when no other file takes the machine's time. */
const timed = ['test/e2e/causes.test.ts', 'test/cluster/lifecycle.test.ts'];
const all = ['test/**/*.test.ts'];

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    pool: 'forks',
    // Generous: a slow machine is no failure. What must be quick is measured by itself.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A repetition would hide a flaky test, which is a defect.
    retry: 0,
    projects: [
      {
        extends: true,
        // Most of the time a test waits for the cluster: more files at once than cores.
        test: { name: 'together', include: all, exclude: timed, maxWorkers: 4, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
