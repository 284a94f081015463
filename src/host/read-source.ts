import { createReadStream } from 'node:fs';
import { relative } from 'node:path';
import { fileNotFound, fileTooLarge, fileUnreadable, notText } from '../problems/document.ts';
import { fail, type Source } from '../problems/problem.ts';

/** An app's file is short; what is larger is another file. Bytes. */
const limit = 300_000;

/** Reads a file that a person wrote. It is shown by its path as seen from `cwd`. Throws a PaasError. */
export async function readSource(path: string, cwd: string, flag: string): Promise<Source> {
  const shown = relative(cwd, path) || path;
  try {
    const bytes = await readStart(path, limit + 1);
    if (bytes.length > limit) fail(fileTooLarge(shown, limit));
    return { path: shown, text: decode(bytes) ?? fail(notText(shown)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') fail(fileNotFound(shown, flag));
    if (code === 'EISDIR') fail(fileUnreadable(shown, 'it is a folder'));
    if (code === 'EACCES' || code === 'EPERM') fail(fileUnreadable(shown, 'you have no right to'));
    throw error;
  }
}

/** The first bytes of a file, at most so many: a device or a pipe may have no end. */
async function readStart(path: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: most - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
