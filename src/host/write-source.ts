import { realpath, rename, stat, writeFile } from 'node:fs/promises';

/** Writes a file that a person wrote, or will read, whole or not at all: an interruption leaves the old one. */
export async function writeSource(path: string, text: string): Promise<void> {
  // A link stays a link: what it leads to is replaced.
  const file = await realpath(path).catch(() => path);
  const mode = (await stat(file).catch(() => undefined))?.mode;
  const temporary = `${file}.paas-${Date.now()}`;
  await writeFile(temporary, text, mode === undefined ? {} : { mode });
  await rename(temporary, file);
}
