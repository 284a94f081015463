import { rm, writeFile } from 'node:fs/promises';
import { cannotWrite, fileIsThere } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { whyUnwritable } from './why-unwritable.ts';
import { writeSource } from './write-source.ts';

/** Writes a file that must not be there yet, or with `anew` may be. `shown`: its path for people. Throws a PaasError. */
export async function writeNewFile(path: string, text: string, shown: string, anew: boolean): Promise<void> {
  try {
    if (anew) await writeSource(path, text);
    else await writeWhole(path, text);
  } catch (error) {
    if (isThere(error)) fail(fileIsThere(shown));
    fail(cannotWrite(shown, whyUnwritable(error)));
  }
}

/** A disk that is full leaves a file with nothing in it: that would be in the way the next time. */
async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (!isThere(error)) await rm(path, { force: true }).catch(() => {});
    throw error;
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
