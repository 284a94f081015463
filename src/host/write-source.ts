import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file that a person wrote, or will read, whole or not at all: an interruption leaves the old one, and so does
 * a disk that is full. `mode`: of a new file.
 */
export async function writeSource(path: string, text: string, mode?: number): Promise<void> {
  // A link stays a link: what it leads to is replaced.
  const file = await realpath(path).catch(() => path);
  const kept = (await stat(file).catch(() => undefined))?.mode ?? mode;
  const temporary = `${file}.paas-${Date.now()}`;
  try {
    await writeFile(temporary, text, kept === undefined ? {} : { mode: kept });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
