import { PaasError } from '../problems/problem.ts';
import { readBlobBytes } from './blob-bytes.ts';
import { hasBlob } from './blobs.ts';
import type { Blob, Image } from './image.ts';
import { type NotedLayer, noteLayers, readLayerNotes } from './layer-notes.ts';
import type { ImageConfig } from './oci.ts';
import type { PublishTarget } from './publish.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which of some layers, named by what they are unpacked, a registry has: those were published from this machine before,
 * and need not be packed again. The registry is asked for each; one that it doesn't show is not known. A layer of the
 * same repository comes first, so that an image keeps the layers that it had, and with them its digest.
 */
export async function findKnownLayers(
  { registry, repository }: PublishTarget,
  diffIds: readonly string[],
  env: Environment,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Blob>> {
  const wanted = new Set(diffIds);
  const noted = (await readLayerNotes(env)).filter(
    (note) => note.registry === registry.host && wanted.has(note.diffId),
  );
  const near = (note: NotedLayer): number => Number(note.repository !== repository);
  const byLayer = Map.groupBy(
    noted.sort((a, b) => near(a) - near(b)),
    ({ diffId }) => diffId,
  );
  const found = await Promise.all(
    [...byLayer].map(async ([diffId, notes]): Promise<[string, Blob][]> => {
      // The first two tell enough: where those are gone, so are others, most likely.
      for (const note of notes.slice(0, 2)) {
        if (!(await isThere(note))) continue;
        const source = { kind: 'registry', registry, repository: note.repository } as const;
        return [[diffId, { descriptor: note.packed, source }]];
      }
      return [];
    }),
  );
  return new Map(found.flat());

  async function isThere(note: NotedLayer): Promise<boolean> {
    try {
      const to = note.repository === repository ? 'push' : 'pull';
      return await hasBlob(registry, note.repository, note.packed.digest, signal, to);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PaasError) return false;
      throw error;
    }
  }
}

/** Notes the layers of an image that was just published. */
export async function noteLayersOf(
  image: Image,
  { registry, repository }: PublishTarget,
  env: Environment,
): Promise<void> {
  await noteLayers(env, await notesOf(image));

  async function notesOf({ blobs: [config, ...layers], images }: Image): Promise<NotedLayer[]> {
    const inside = await Promise.all(images.map(notesOf));
    if (!config) return inside.flat();
    const { size } = config.descriptor;
    const bytes = Buffer.concat(await Array.fromAsync(readBlobBytes(config, 0, size)));
    const { rootfs } = JSON.parse(bytes.toString('utf8')) as Partial<ImageConfig>;
    const own = layers.flatMap(({ descriptor: { mediaType, digest, size, urls } }, index) => {
      const diffId = rootfs?.diff_ids[index];
      if (diffId === undefined || urls?.length) return [];
      return [{ registry: registry.host, repository, diffId, packed: { mediaType, digest, size } }];
    });
    return [...own, ...inside.flat()];
  }
}
