import { join, relative } from 'node:path';
import { loadRuntimes } from './load-runtimes.ts';
import type { Runtime } from './runtime.ts';

/**
 * The runtimes of this program; `root` is its folder. In the bundle they are data already (`bin/build.ts`): reading
 * their files takes longer than all the rest of looking at a source.
 */
export function builtInRuntimes(root: string): Promise<readonly Runtime[]> {
  return loadRuntimes(join(root, 'templates'), 'built-in', (path) => relative(root, path));
}
