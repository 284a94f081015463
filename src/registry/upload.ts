import { fail } from '../problems/problem.ts';
import { registryAnswerOdd, registryBrokeOff } from '../problems/registry.ts';
import { readBlobBytes } from './blob-bytes.ts';
import { hasBlob } from './blobs.ts';
import { connectionCode, connectionReason, isPassing } from './connection-error.ts';
import type { Blob } from './image.ts';
import { pullScope, pushScope } from './manifests.ts';
import type { Registry } from './registry.ts';
import { type Answer, ask, askHead, rest } from './send.ts';
import { codesOf } from './words.ts';

// Source: distribution-spec, "Pushing blobs", "Pushing a blob in chunks".

export interface UploadOptions {
  /** Another repository of the same registry that has it, perhaps. */
  readonly mountFrom?: string | undefined;
  /** In bytes; a blob goes in one request unless this is set. */
  readonly chunkSize?: number | undefined;
  /** How many bytes of it the registry was sent; less than before where it begins again. */
  readonly onBytes?: (sent: number) => void;
  /** It broke off and goes on from a byte, which is 0 where it begins again. */
  readonly onBreak?: (reason: string, from: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** An upload that has been begun: where it goes on, and from which byte. */
interface Upload {
  readonly location: string;
  readonly offset: number;
}

/** How often an upload may break without having got any further. */
const attempts = 5;
/** Up to this size a blob goes with the request that ends the upload. */
const small = 64 * 1024;

/** Uploads a blob that a repository doesn't have. Throws a PaasError where it can't be done. */
export async function uploadBlob(
  registry: Registry,
  repository: string,
  blob: Blob,
  options: UploadOptions = {},
): Promise<'pushed' | 'mounted'> {
  const { signal, onBytes, onBreak } = options;
  const { digest } = blob.descriptor;
  const target: Target = { registry, repository, blob, options };
  const begun = await begin(target, options.mountFrom);
  if (begun === 'mounted') return 'mounted';
  let upload = begun;
  let furthest = 0;
  for (let breaks = 0; ; ) {
    try {
      const sent = await sendRest(target, upload, (next) => {
        upload = next;
      });
      if (sent === 'done') return 'pushed';
      if (sent.status === 400) throw odd(registry, repository, digest, sent.text);
      // It doesn't know this upload any more; or it is done, and only the word of it was lost.
      if (await hasBlob(registry, repository, digest, signal)) return 'pushed';
      throw Object.assign(new Error(`it answered ${sent.status}`), { code: 'ANSWER_LATER' });
    } catch (error) {
      signal?.throwIfAborted();
      const code = connectionCode(error);
      if (code === undefined || !isPassing(code, true)) throw error;
      breaks += 1;
      const reason = connectionReason(error);
      if (breaks >= attempts) fail(registryBrokeOff(registry.host, `push to ${repository}`, breaks, reason));
      await rest(registry, breaks, Number((error as { pause?: number }).pause), signal);
      upload = (await stateOf(target, upload)) ?? (await beginAnew(target));
      // Whoever gets further may go on as long as it takes.
      if (upload.offset > furthest) breaks = 0;
      furthest = Math.max(furthest, upload.offset);
      onBytes?.(upload.offset);
      onBreak?.(reason, upload.offset);
    }
  }
}

interface Target {
  readonly registry: Registry;
  readonly repository: string;
  readonly blob: Blob;
  readonly options: UploadOptions;
}

async function begin(target: Target, mountFrom: string | undefined): Promise<Upload | 'mounted'> {
  const { registry, repository, blob, options } = target;
  const query = mountFrom
    ? `?${new URLSearchParams({ mount: blob.descriptor.digest, from: mountFrom })}`
    : '';
  const answer = await askHead(registry, {
    method: 'POST',
    path: `/v2/${repository}/blobs/uploads/${query}`,
    what: `push to ${repository}`,
    scopes: [pushScope(repository), ...(mountFrom ? [pullScope(mountFrom)] : [])],
    headers: { 'content-length': '0' },
    understood: mountFrom ? [400, 401, 403, 404] : [],
    signal: options.signal,
  });
  if (answer.status === 201) return 'mounted';
  // It may not be seen from here; then it is sent.
  if (answer.status >= 400) return beginAnew(target);
  return { location: locationOf(registry, answer, repository), offset: 0 };
}

async function beginAnew(target: Target): Promise<Upload> {
  const upload = await begin(target, undefined);
  if (upload === 'mounted') throw new Error('a blob was mounted unasked');
  return upload;
}

/** Sends what is missing, and ends the upload. Gives what the registry said where it knows nothing of it. */
async function sendRest(
  target: Target,
  upload: Upload,
  onStep: (upload: Upload) => void,
): Promise<'done' | { readonly status: number; readonly text: string }> {
  const { registry, repository, blob, options } = target;
  const { size, digest } = blob.descriptor;
  const { chunkSize = Number.POSITIVE_INFINITY, signal } = options;
  const common = {
    what: `push to ${repository}`,
    scopes: [pushScope(repository)],
    once: true,
    signal,
  };
  let { location, offset } = upload;
  while (offset < size && size > small) {
    const end = Math.min(size, offset + chunkSize);
    const whole = offset === 0 && end === size;
    const answer = await ask(
      registry,
      {
        ...common,
        method: 'PATCH',
        path: location,
        // Docker sends none for a blob in one piece, and not every registry knows it.
        headers: whole ? {} : { 'content-range': `${offset}-${end - 1}` },
        body: bytesOf(target, offset, end),
        length: end - offset,
        understood: [404, 416],
      },
      withText,
    );
    if (answer.status >= 400) return answer;
    location = locationOf(registry, answer, repository);
    offset = end;
    onStep({ location, offset });
  }
  const url = new URL(location, registry.origin);
  url.searchParams.set('digest', digest);
  const rest = size - offset;
  const answer = await ask(
    registry,
    {
      ...common,
      method: 'PUT',
      path: url.href,
      ...(rest > 0
        ? { body: bytesOf(target, offset, size), length: rest }
        : { headers: { 'content-length': '0' } }),
      understood: [400, 404, 416],
    },
    withText,
  );
  return answer.status >= 400 ? answer : 'done';
}

function bytesOf({ blob, options }: Target, start: number, end: number): () => AsyncIterable<Uint8Array> {
  return async function* () {
    let sent = start;
    for await (const bytes of readBlobBytes(blob, start, end, options.signal)) {
      yield bytes;
      sent += bytes.length;
      options.onBytes?.(sent);
    }
  };
}

/** How far the registry has got with an upload that broke off; undefined where it must begin again. */
async function stateOf(target: Target, { location }: Upload): Promise<Upload | undefined> {
  const { registry, repository, blob, options } = target;
  const answer = await ask(
    registry,
    {
      path: location,
      what: `push to ${repository}`,
      scopes: [pushScope(repository)],
      understood: [400, 404, 405, 416],
      signal: options.signal,
    },
    withText,
  );
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1];
  if (answer.status >= 300 || last === undefined) return undefined;
  // `0-0` is said of an empty one, too: one byte is not worth the doubt.
  const offset = last === '0' ? 0 : Number(last) + 1;
  if (offset === 0 || offset > blob.descriptor.size) return undefined;
  return { location: locationOf(registry, answer, repository) ?? location, offset };
}

async function withText(answer: Answer): Promise<Answer & { readonly text: string }> {
  return { ...answer, text: (await answer.body.text()).slice(0, 20_000) };
}

function locationOf({ host, origin }: Registry, answer: Answer, repository: string): string {
  const location = answer.header('location');
  if (!location) fail(registryAnswerOdd(host, `push to ${repository}`, 'it names no place to upload to'));
  const url = new URL(location, answer.url);
  // A registry behind a proxy that ends TLS may not know that it is reached by it.
  return url.host === new URL(origin).host ? `${url.pathname}${url.search}` : url.href;
}

/** The bytes that arrived aren't those that were sent: once more, unless it says something else. */
function odd({ host }: Registry, repository: string, digest: string, text: string): Error {
  if (codesOf(text).some((code) => code === 'DIGEST_INVALID' || code === 'BLOB_UPLOAD_INVALID')) {
    const error = new Error(`the registry has other bytes than were sent for ${digest}`);
    return Object.assign(error, { code: 'ANSWER_LATER' });
  }
  return fail(registryAnswerOdd(host, `push to ${repository}`, `it answered 400 to the end of ${digest}`));
}
