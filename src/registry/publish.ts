import { hasBlob } from './blobs.ts';
import { each } from './each.ts';
import type { Blob, Image } from './image.ts';
import { headManifest, putManifest } from './manifests.ts';
import type { Registry } from './registry.ts';
import { uploadBlob } from './upload.ts';

/** Where an image goes. */
export interface PublishTarget {
  readonly registry: Registry;
  /** Its path in the registry: `team/shop`. */
  readonly repository: string;
  /** Without one it is known by its digest alone. */
  readonly tag?: string | undefined;
}

/** What is told while an image is published. */
export type PublishEvent =
  /** `there`: the repository has it, so it isn't sent. `mounted`: another one of the same registry had it. */
  | {
      readonly type: 'layer';
      readonly digest: string;
      readonly size: number;
      readonly state: 'there' | 'mounted' | 'pushing' | 'pushed';
    }
  /** `sent` may be less than before: it broke off and began again. */
  | { readonly type: 'bytes'; readonly digest: string; readonly sent: number; readonly size: number }
  | { readonly type: 'break'; readonly digest: string; readonly reason: string; readonly from: number };

export interface PublishOptions {
  /** How many layers go at once. */
  readonly uploads?: number;
  /** In bytes: send a layer in several requests. For registries behind something that limits a request. */
  readonly chunkSize?: number;
  /** Repositories of the same registry that may have some of the layers, as earlier images of the app. */
  readonly mountFrom?: string | undefined;
  readonly onEvent?: (event: PublishEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Published {
  readonly digest: string;
  /** To deploy it by: `registry.example.com/team/shop@sha256:…`. */
  readonly reference: string;
  /** How many of its layers were sent, were mounted, and were there. */
  readonly layers: { readonly pushed: number; readonly mounted: number; readonly there: number };
  /** What was sent of layers and configurations, in bytes. */
  readonly bytes: number;
  /** The tag named this very image before. */
  readonly unchanged: boolean;
}

/** Layers that are in no registry, such as those of Windows. Source: image-spec, layer.md, "Non-Distributable Layers". */
const elsewhere = /foreign|nondistributable/;

/**
 * Brings an image into a registry: what is there is not sent again, and what breaks off goes on where it was, where the
 * registry can do that. Throws a PaasError with the one problem there is.
 */
export async function publish(
  image: Image,
  target: PublishTarget,
  options: PublishOptions = {},
): Promise<Published> {
  const { registry, repository, tag } = target;
  const { signal } = options;
  const { digest } = image.descriptor;
  const reference = `${registry.host}/${repository}@${digest}`;
  const blobs = blobsOf(image);
  const layers = { pushed: 0, mounted: 0, there: 0 };
  let bytes = 0;
  const find = (by: string): ReturnType<typeof headManifest> =>
    headManifest(registry, repository, by, signal, true);
  const tagged = tag === undefined ? undefined : await find(tag);
  const unchanged = tagged?.digest === digest;
  const known = unchanged || (await find(digest)) !== undefined;
  if (known) layers.there = blobs.filter(({ layer }) => layer).length;
  if (unchanged || (known && tag === undefined)) return { digest, reference, layers, bytes, unchanged: true };

  if (!known) {
    await each(blobs, options.uploads ?? 4, signal, async (blob, stop) => {
      const state = await publishBlob(blob, target, options, stop);
      if (blob.layer) layers[state] += 1;
      if (state === 'pushed') bytes += blob.descriptor.size;
    });
    for (const one of image.images) await putManifests(one, target, signal);
  }
  const found = { descriptor: image.descriptor, bytes: image.manifest };
  await putManifest(registry, repository, tag ?? digest, found, signal);
  return { digest, reference, layers, bytes, unchanged: false };
}

interface NamedBlob extends Blob {
  /** Else a configuration. */
  readonly layer: boolean;
}

/** Every blob of an image once, layers first: the small configurations go while the last layer does. */
function blobsOf(image: Image): NamedBlob[] {
  const found = new Map<string, NamedBlob>();
  const visit = (one: Image): void => {
    for (const [index, blob] of one.blobs.entries()) {
      const { digest, mediaType, urls } = blob.descriptor;
      if (elsewhere.test(mediaType) && urls?.length) continue;
      if (!found.has(digest)) found.set(digest, { ...blob, layer: index > 0 });
    }
    one.images.forEach(visit);
  };
  visit(image);
  return [...found.values()].sort((a, b) => Number(b.layer) - Number(a.layer));
}

async function publishBlob(
  blob: NamedBlob,
  { registry, repository }: PublishTarget,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<'pushed' | 'mounted' | 'there'> {
  const { digest, size } = blob.descriptor;
  const { onEvent, chunkSize, mountFrom } = options;
  const tell = (state: 'there' | 'mounted' | 'pushing' | 'pushed'): void => {
    if (blob.layer) onEvent?.({ type: 'layer', digest, size, state });
  };
  if (await hasBlob(registry, repository, digest, signal)) {
    tell('there');
    return 'there';
  }
  tell('pushing');
  const { source } = blob;
  const near = source.kind === 'registry' && source.registry.host === registry.host;
  const state = await uploadBlob(registry, repository, blob, {
    mountFrom: near ? source.repository : mountFrom,
    chunkSize,
    onBytes: (sent) => blob.layer && onEvent?.({ type: 'bytes', digest, sent, size }),
    onBreak: (reason, from) => onEvent?.({ type: 'break', digest, reason, from }),
    signal,
  });
  tell(state);
  return state;
}

/** The images of an index before the index that names them. */
async function putManifests(
  image: Image,
  target: PublishTarget,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const one of image.images) await putManifests(one, target, signal);
  const found = { descriptor: image.descriptor, bytes: image.manifest };
  await putManifest(target.registry, target.repository, image.descriptor.digest, found, signal);
}
