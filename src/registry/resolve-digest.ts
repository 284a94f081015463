import { PaasError, type Problem } from '../problems/problem.ts';
import { imageNotFound } from '../problems/registry.ts';
import { platformsOf } from './base-image.ts';
import { getBlob } from './blobs.ts';
import { getManifest, headManifest } from './manifests.ts';
import { type ImageConfig, type Index, isIndex, type Manifest, platformText } from './oci.ts';
import type { Registry } from './registry.ts';

/** What a registry says of a reference. Who asked decides what it means: each has the problem to report. */
export type Resolved =
  | { readonly state: 'found'; readonly digest: string; readonly platforms?: readonly string[] }
  /** `not_allowed`: no login, a wrong one, or one without the right. `unreachable`: it can't be said. */
  | { readonly state: 'absent' | 'not_allowed' | 'unreachable'; readonly problem: Problem };

/** A reference taken apart. `tag` and `digest` both missing means `latest`. */
export interface Wanted {
  /** The path in the registry. */
  readonly path: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

export interface ResolveOptions {
  /** Also which platforms it is for: one or two requests more, which a registry may count as a pull. */
  readonly platforms?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const refused = new Set(['registry-login-needed', 'registry-login-refused', 'registry-not-allowed']);

/** Finds the digest that a tag stands for now: that of the index where the image is one for several platforms. */
export async function resolveDigest(
  registry: Registry,
  { path, tag, digest }: Wanted,
  { platforms, signal }: ResolveOptions = {},
): Promise<Resolved> {
  const reference = digest ?? tag ?? 'latest';
  try {
    const found = await headManifest(registry, path, reference, signal);
    if (!found) {
      const shown = `${registry.host}/${path}${digest ? '@' : ':'}${reference}`;
      return { state: 'absent', problem: imageNotFound(shown) };
    }
    const of = platforms ? await platformsIn(registry, path, found.digest, signal) : undefined;
    return { state: 'found', digest: found.digest, ...(of && { platforms: of }) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof PaasError)) throw error;
    const problem = error.problems[0]!;
    return { state: refused.has(problem.code) ? 'not_allowed' : 'unreachable', problem };
  }
}

async function platformsIn(
  registry: Registry,
  repository: string,
  digest: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = await getManifest(registry, repository, digest, signal);
  if (!found) return [];
  const manifest = JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Manifest & Index;
  if (isIndex(found.descriptor.mediaType)) return platformsOf(manifest.manifests);
  const config = await getBlob(registry, repository, manifest.config, signal);
  const { os, architecture, variant } = JSON.parse(Buffer.from(config).toString('utf8')) as ImageConfig;
  return [platformText({ os, architecture, ...(variant && { variant }) })];
}
