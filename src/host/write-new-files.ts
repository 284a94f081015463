import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '../problems/problem.ts';
import { folderIsThere } from '../problems/usage.ts';

/** Writes files into a folder that must not be there yet, and gives their paths in it. Throws a PaasError. */
export async function writeNewFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const there = await stat(folder).catch(() => undefined);
  if (there) fail(folderIsThere(folder));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return Object.keys(files);
}
