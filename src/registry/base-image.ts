import { fail } from '../problems/problem.ts';
import { imageNotFound, imagePlatformMissing, registryAnswerOdd } from '../problems/registry.ts';
import { getBlob } from './blobs.ts';
import { type FoundManifest, getManifest } from './manifests.ts';
import {
  type Descriptor,
  type ImageConfig,
  type Index,
  isIndex,
  type Manifest,
  type Platform,
  platformText,
} from './oci.ts';
import type { Registry } from './registry.ts';

/** An image that others are built on. Its layers stay where they are. */
export interface BaseImage {
  readonly registry: Registry;
  readonly repository: string;
  /** Of the image for the platform that was asked for. */
  readonly digest: string;
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

/** Reads the image for a platform. `reference` is a tag or a digest. Throws a PaasError where there is none. */
export async function readBase(
  registry: Registry,
  repository: string,
  reference: string,
  platform: Platform,
  signal?: AbortSignal,
): Promise<BaseImage> {
  const separator = reference.startsWith('sha256:') ? '@' : ':';
  const shown = `${registry.host}/${repository}${separator}${reference}`;
  const found = await readFor(registry, repository, reference, platform, shown, signal);
  const manifest = parse<Manifest>(registry, repository, found.bytes);
  if (!manifest.config || !Array.isArray(manifest.layers)) {
    fail(registryAnswerOdd(registry.host, `read ${repository}`, 'its manifest names no layers'));
  }
  const config = parse<ImageConfig>(
    registry,
    repository,
    await getBlob(registry, repository, manifest.config, signal),
  );
  const { os, architecture, variant } = config;
  if (!fits({ os, architecture, ...(variant && { variant }) }, platform)) {
    fail(imagePlatformMissing(shown, platformText(platform), [platformText(config)]));
  }
  return { registry, repository, digest: found.descriptor.digest, config, layers: manifest.layers };
}

async function readFor(
  registry: Registry,
  repository: string,
  reference: string,
  platform: Platform,
  shown: string,
  signal: AbortSignal | undefined,
): Promise<FoundManifest> {
  const found = await getManifest(registry, repository, reference, signal);
  if (!found) fail(imageNotFound(shown));
  if (!isIndex(found.descriptor.mediaType)) return found;
  const { manifests } = parse<Index>(registry, repository, found.bytes);
  const chosen = manifests.find((one) => one.platform && fits(one.platform, platform));
  if (!chosen) fail(imagePlatformMissing(shown, platformText(platform), platformsOf(manifests)));
  const image = await getManifest(registry, repository, chosen.digest, signal);
  if (!image) fail(imageNotFound(`${shown} (${chosen.digest})`));
  return image;
}

/** The platforms of an index. What tells of how an image was built is listed for `unknown/unknown`. */
export function platformsOf(manifests: readonly Descriptor[]): string[] {
  const known = manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? [platform] : [],
  );
  return [...new Set(known.map(platformText))];
}

/** A platform without a variant takes any; arm64 has but one. */
function fits(has: Platform, wanted: Platform): boolean {
  const same = has.os === wanted.os && has.architecture === wanted.architecture;
  return same && (!wanted.variant || !has.variant || has.variant === wanted.variant);
}

function parse<T>(registry: Registry, repository: string, bytes: Uint8Array): T {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
  } catch {
    return fail(registryAnswerOdd(registry.host, `read ${repository}`, 'it is no JSON'));
  }
}
