import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail } from '../problems/problem.ts';
import { imageLayoutBroken } from '../problems/registry.ts';
import { streamBlob } from './blobs.ts';
import type { Blob } from './image.ts';

const chunk = 256 * 1024;

/** The bytes of a blob from `start` up to `end`, wherever they are. */
export async function* readBlobBytes(
  { descriptor, source }: Blob,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (source.kind === 'bytes') {
    yield source.bytes.subarray(start, end);
    return;
  }
  if (source.kind === 'registry') {
    let at = start;
    for await (const bytes of streamBlob(source.registry, source.repository, descriptor, start, signal)) {
      const wanted = bytes.subarray(0, end - at);
      at += wanted.length;
      if (wanted.length > 0) yield wanted;
      if (at >= end) return;
    }
    return;
  }
  const handle = source.kind === 'handle' ? source.handle : await open(source.path);
  try {
    for (let at = start; at < end; ) {
      signal?.throwIfAborted();
      // A new one each time: what was yielded is still on its way out.
      const buffer = Buffer.allocUnsafe(Math.min(chunk, end - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0 && source.kind === 'file') {
        fail(imageLayoutBroken(dirname(source.path), `${descriptor.digest} is shorter than it should be`));
      }
      if (bytesRead === 0) throw new Error(`${descriptor.digest} ends at ${at} of ${descriptor.size} bytes`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    if (source.kind === 'file') await handle.close();
  }
}
