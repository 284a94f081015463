import { randomBytes } from 'node:crypto';
import { test as base } from 'vitest';
import { kubectl } from './cluster.ts';

interface Fixtures {
  /** A new namespace, gone when the test has ended. */
  readonly namespace: string;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are asked for from the pattern.
  namespace: async ({}, use) => {
    const name = `t-${randomBytes(4).toString('hex')}`;
    await kubectl('create', 'namespace', name);
    await use(name);
    await kubectl('delete', 'namespace', name, '--wait=false');
  },
});
