import { join, relative } from 'node:path';
import { layered } from '../catalog/layers.ts';
import { loadRuntimes } from '../catalog/load-runtimes.ts';
import type { Runtime } from '../catalog/runtime.ts';
import { featureFolders, type Surroundings } from './surroundings.ts';

/**
 * The runtimes that hold: built in, of the platform, of the app beside `appFile`. `root` is the folder of this program.
 * Throws a PaasError where one can't be read.
 */
export async function loadRuntimesFor(
  { platform }: Pick<Surroundings, 'platform'>,
  root: string,
  appFile: string,
  cwd: string,
): Promise<Runtime[]> {
  const shownAs = (path: string): string => relative(cwd, path) || path;
  const own = featureFolders(platform, appFile, cwd);
  const all = await Promise.all([
    loadRuntimes(join(root, 'templates'), 'built-in', (path) => relative(root, path)),
    ...own.map(({ folder, layer }) => loadRuntimes(folder, layer, shownAs)),
  ]);
  return layered(all.flat(), { allowed: platform?.platform.shadow, platform: platform?.document });
}
