import type { Cluster } from '../cluster/cluster.ts';
import { nodePlatform } from '../cluster/node-platform.ts';
import type { LoadedApp } from '../pipeline/load-app.ts';
import { plainHttpRegistries } from '../pipeline/order-images.ts';
import { placeOfComponent } from '../pipeline/places.ts';
import { readImageReference } from '../plan/image-reference.ts';
import { imageNotForNodes } from '../problems/pre-flight.ts';
import type { Problem } from '../problems/problem.ts';

export interface ImagesChecked {
  /** How many images the file names. */
  readonly count: number;
  readonly problems: readonly Problem[];
  /** Why some could not be looked at. */
  readonly open: readonly string[];
}

/** Milliseconds: a registry that is out of reach from here is no fault of the image. */
const patience = 8_000;

/** Whether the images that a file names are in their registries, and made for the nodes. */
export async function checkImages(
  loaded: LoadedApp,
  cluster: Cluster,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<ImagesChecked> {
  const said = loaded.app.components.filter(({ image }) => image !== '');
  if (said.length === 0) return { count: 0, problems: [], open: [] };
  const [{ connectRegistry }, { resolveDigest }, { closeRegistry }, nodes] = await Promise.all([
    import('../registry/connect-registry.ts'),
    import('../registry/resolve-digest.ts'),
    import('../registry/registry.ts'),
    nodePlatform({ ...cluster, signal }),
  ]);
  const plainHttp = plainHttpRegistries(loaded);
  const problems: Problem[] = [];
  const open: string[] = [];
  await Promise.all(
    said.map(async ({ name, image }) => {
      const wanted = readImageReference(image);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      const at = placeOfComponent(loaded, name, 'image');
      try {
        const insecure = plainHttp.has(wanted.registry) || undefined;
        const options = { env, plainHttp: insecure, signal: limit };
        const registry = await connectRegistry(wanted.registry, wanted.path, options);
        try {
          const found = await resolveDigest(registry, wanted, {
            platforms: nodes !== undefined,
            signal: limit,
          });
          if (found.state === 'absent')
            problems.push({ ...found.problem, kind: 'refused', ...(at && { at }) });
          else if (found.state !== 'found') open.push(found.problem.message);
          else if (nodes && found.platforms && !found.platforms.some((one) => isFor(one, nodes)))
            problems.push(imageNotForNodes(name, image, nodes, found.platforms, at));
        } finally {
          await closeRegistry(registry);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.aborted) throw error;
        open.push(`${wanted.registry} doesn't answer in time.`);
      }
    }),
  );
  return { count: said.length, problems, open: [...new Set(open)] };
}

/** A variant of an architecture is that architecture. */
function isFor(platform: string, nodes: string): boolean {
  return platform === nodes || platform.startsWith(`${nodes}/`);
}
