import { join, relative } from 'node:path';
import type { Feature } from './feature.ts';
import { loadFeatures } from './load-features.ts';

/**
 * The features of this program; `root` is its folder. In the bundle they are data already (`bin/build.ts`): reading
 * their files takes longer than rendering an app.
 */
export function builtInFeatures(root: string): Promise<Feature[]> {
  return loadFeatures(join(root, 'templates'), 'built-in', (path) => relative(root, path));
}
