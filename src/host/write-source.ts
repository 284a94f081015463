import { rename, stat, writeFile } from 'node:fs/promises';

/** Writes a file that a person wrote, whole or not at all: an interruption leaves the old one. */
export async function writeSource(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  const temporary = `${path}.paas-${Date.now()}`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, path);
}
