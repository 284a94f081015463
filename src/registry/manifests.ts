import { fail } from '../problems/problem.ts';
import { registryAnswerOdd } from '../problems/registry.ts';
import { type Descriptor, digestOf, manifestTypes } from './oci.ts';
import type { Registry } from './registry.ts';
import { type Answer, ask, askHead } from './send.ts';

/** A manifest as a registry has it. */
export interface FoundManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

const largest = 8 * 1024 * 1024;

export const pullScope = (repository: string): string => `repository:${repository}:pull`;
export const pushScope = (repository: string): string => `repository:${repository}:pull,push`;

/** Whether a manifest is there, by tag or digest, and its digest. A HEAD request: registries don't count it as a pull. */
export async function headManifest(
  registry: Registry,
  repository: string,
  reference: string,
  signal?: AbortSignal,
  /** To push: the login that it needs is asked for at once. */
  toPush = false,
): Promise<Descriptor | undefined> {
  const answer = await askHead(registry, {
    method: 'HEAD',
    path: `/v2/${repository}/manifests/${reference}`,
    what: `${toPush ? 'push to' : 'read'} ${repository}`,
    scopes: [toPush ? pushScope(repository) : pullScope(repository)],
    headers: { accept: manifestTypes.join(', ') },
    understood: [404],
    signal,
  });
  if (answer.status === 404) return undefined;
  const digest = answer.header('docker-content-digest');
  // The header is optional in the specification.
  if (!digest) return (await getManifest(registry, repository, reference, signal))?.descriptor;
  return { mediaType: typeOf(answer), digest, size: Number(answer.header('content-length') ?? 0) };
}

/** Reads a manifest by tag or digest; undefined where it isn't there. Throws a PaasError where it isn't what was asked for. */
export async function getManifest(
  registry: Registry,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<FoundManifest | undefined> {
  const what = `read ${repository}`;
  return ask(
    registry,
    {
      path: `/v2/${repository}/manifests/${reference}`,
      what,
      scopes: [pullScope(repository)],
      headers: { accept: manifestTypes.join(', ') },
      understood: [404],
      signal,
    },
    async (answer) => {
      const bytes = await readBytes(answer, largest);
      if (answer.status === 404) return undefined;
      const digest = digestOf(bytes);
      if (reference.startsWith('sha256:') && digest !== reference) {
        fail(registryAnswerOdd(registry.host, what, `it has the digest ${digest} instead of ${reference}`));
      }
      const mediaType = typeOf(answer);
      if (!manifestTypes.includes(mediaType)) {
        fail(registryAnswerOdd(registry.host, what, `it is of the type ${mediaType || 'none'}`));
      }
      return { descriptor: { mediaType, digest, size: bytes.length }, bytes };
    },
  );
}

/** Puts a manifest under a tag or its digest. What it names must be there before. */
export async function putManifest(
  registry: Registry,
  repository: string,
  reference: string,
  { descriptor, bytes }: FoundManifest,
  signal?: AbortSignal,
): Promise<void> {
  await askHead(registry, {
    method: 'PUT',
    path: `/v2/${repository}/manifests/${reference}`,
    what: `push to ${repository}`,
    scopes: [pushScope(repository)],
    headers: { 'content-type': descriptor.mediaType },
    body: bytes,
    signal,
  });
}

function typeOf(answer: Answer): string {
  return (answer.header('content-type') ?? '').split(';')[0]!.trim();
}

/** An answer as bytes. Throws where it is longer than it may be. */
export async function readBytes({ body }: Answer, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new Error(`an answer is longer than ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
