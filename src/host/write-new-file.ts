import { writeFile } from 'node:fs/promises';
import { cannotWrite, fileIsThere } from '../problems/detect.ts';
import { fail } from '../problems/problem.ts';
import { writeSource } from './write-source.ts';

/** Writes a file that must not be there yet, or with `anew` may be. `shown`: its path for people. Throws a PaasError. */
export async function writeNewFile(path: string, text: string, shown: string, anew: boolean): Promise<void> {
  try {
    if (anew) await writeSource(path, text);
    else await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') fail(fileIsThere(shown));
    fail(cannotWrite(shown, reasons[code] ?? code));
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you have no right to',
  EPERM: 'you have no right to',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
};
