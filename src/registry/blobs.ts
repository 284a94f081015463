import { fail } from '../problems/problem.ts';
import { imageNotFound, registryAnswerOdd } from '../problems/registry.ts';
import { pullScope, pushScope, readBytes } from './manifests.ts';
import { type Descriptor, digestOf } from './oci.ts';
import type { Registry } from './registry.ts';
import { ask, askHead } from './send.ts';

/** Whether a repository has a blob. `to`: what for, which decides the right that is asked for. */
export async function hasBlob(
  registry: Registry,
  repository: string,
  digest: string,
  signal?: AbortSignal,
  to: 'push' | 'pull' = 'push',
): Promise<boolean> {
  const answer = await askHead(registry, {
    method: 'HEAD',
    path: `/v2/${repository}/blobs/${digest}`,
    what: `${to === 'push' ? 'push to' : 'read'} ${repository}`,
    scopes: [to === 'push' ? pushScope(repository) : pullScope(repository)],
    understood: [404],
    signal,
  });
  return answer.status !== 404;
}

/** A small blob, such as a configuration, as a whole; its digest is checked. */
export async function getBlob(
  registry: Registry,
  repository: string,
  { digest, size }: Descriptor,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const what = `read ${repository}`;
  return ask(
    registry,
    {
      path: `/v2/${repository}/blobs/${digest}`,
      what,
      scopes: [pullScope(repository)],
      understood: [404],
      signal,
    },
    async (answer) => {
      const bytes = await readBytes(answer, Math.max(size, 100_000));
      if (answer.status === 404) fail(imageNotFound(`${registry.host}/${repository}@${digest}`));
      if (digestOf(bytes) !== digest)
        fail(registryAnswerOdd(registry.host, what, `${digest} has another content`));
      return bytes;
    },
  );
}

/** A blob as a stream, from a byte on. The reader must check the digest, and begin again where it breaks off. */
export async function* streamBlob(
  registry: Registry,
  repository: string,
  { digest }: Descriptor,
  start: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const answer = await ask(
    registry,
    {
      path: `/v2/${repository}/blobs/${digest}`,
      what: `read ${repository}`,
      scopes: [pullScope(repository)],
      headers: start > 0 ? { range: `bytes=${start}-` } : {},
      understood: [404],
      signal,
    },
    async (found) => found,
  );
  if (answer.status === 404) {
    await answer.body.dump();
    fail(imageNotFound(`${registry.host}/${repository}@${digest}`));
  }
  // A storage that knows no ranges sends all of it.
  let skip = answer.status === 206 ? 0 : start;
  for await (const chunk of answer.body) {
    const bytes = chunk as Buffer;
    if (skip >= bytes.length) {
      skip -= bytes.length;
      continue;
    }
    yield skip > 0 ? bytes.subarray(skip) : bytes;
    skip = 0;
  }
}
