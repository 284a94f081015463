import { relative } from 'node:path';
import { builtInRuntimes } from '../catalog/built-in-runtimes.ts';
import { layered } from '../catalog/layers.ts';
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
): Promise<readonly Runtime[]> {
  const shownAs = (path: string): string => relative(cwd, path) || path;
  const own = featureFolders(platform, appFile, cwd);
  const builtIn = await builtInRuntimes(root);
  if (own.length === 0) return builtIn;
  const { loadRuntimes } = await import('../catalog/load-runtimes.ts');
  const all = await Promise.all(own.map(({ folder, layer }) => loadRuntimes(folder, layer, shownAs)));
  return layered([...builtIn, ...all.flat()], {
    allowed: platform?.platform.shadow,
    platform: platform?.document,
  });
}
