import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configTooLarge, mountedFileMissing } from '../problems/catalog.ts';
import { fail, type Place, type Problem } from '../problems/problem.ts';

/** A ConfigMap holds so many bytes. Source: Kubernetes API, ConfigMap.data. */
const limit = 1_048_576;

/** A file that the app's file names, and where. */
export interface NamedFile {
  readonly file: string;
  readonly at: Place;
}

/** The contents of files, by their paths as seen from the app's file. Throws a PaasError with all that can't be had. */
export async function readFiles(
  named: readonly NamedFile[],
  appFile: string,
): Promise<Record<string, Uint8Array>> {
  const contents: Record<string, Uint8Array> = {};
  const problems: Problem[] = [];
  for (const { file, at } of named) {
    if (contents[file]) continue;
    try {
      const bytes = await readAtMost(resolve(dirname(appFile), file), limit + 1);
      if (bytes.length > limit) problems.push(configTooLarge(at, file, limit));
      contents[file] = bytes;
    } catch (error) {
      const reason = reasons[(error as NodeJS.ErrnoException).code ?? ''];
      if (!reason) throw error;
      problems.push(mountedFileMissing(at, file, reason));
    }
  }
  if (problems.length > 0) fail(...problems);
  return contents;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you have no right to read it',
  EPERM: 'you have no right to read it',
};

async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: most - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
