import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileNotFound } from '../problems/document.ts';
import { fail } from '../problems/problem.ts';
import { secretTooLarge } from '../problems/usage.ts';

/** A Kubernetes Secret holds so many bytes. Source: Kubernetes API, Secret.data. */
const limit = 1_048_576;

/** The value of a secret from a file, every byte of it. Throws a PaasError. */
export async function readValueFile(path: string): Promise<Uint8Array> {
  try {
    return await readStream(createReadStream(path, { end: limit }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return fail(fileNotFound(path, '--from-file'));
    throw error;
  }
}

/** The value of a secret from a pipe. The line feed that `echo` puts behind it is not part of it. */
export async function readValueStream(stream: Readable): Promise<Uint8Array> {
  const bytes = await readStream(stream);
  const end = bytes.at(-1) !== 10 ? bytes.length : bytes.at(-2) === 13 ? bytes.length - 2 : bytes.length - 1;
  return bytes.subarray(0, end);
}

async function readStream(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += (chunk as Buffer).length;
    if (length > limit) fail(secretTooLarge(limit));
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
