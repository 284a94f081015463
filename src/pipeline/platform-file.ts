import { resolve } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { readSource } from '../host/read-source.ts';
import type { PlatformFile, ReadPlatform } from '../model/platform.ts';
import { fail, type Source } from '../problems/problem.ts';

/** A platform team's file as commands use it. */
export interface LoadedPlatform extends PlatformFile {
  /** As it is shown to people. */
  readonly path: string;
  /** The SHA-256 of its text. */
  readonly hash: string;
}

/** A platform team's file with everything that is wrong with it. */
export async function checkPlatform(file: string, cwd: string): Promise<ReadPlatform & { source: Source }> {
  const source = await readSource(resolve(cwd, file), cwd, '--platform');
  const { root, problems } = parseDocument(source);
  if (problems.length > 0) return { file: undefined, problems, notYet: [], source };
  // Only those who have such a file pay for reading it.
  const { readPlatform } = await import('../model/platform.ts');
  return { ...readPlatform(root, source), source };
}

/** The platform that commands use, where one is named. Throws a PaasError with everything that is wrong with it. */
export async function loadPlatform(
  file: string | undefined,
  cwd: string,
): Promise<LoadedPlatform | undefined> {
  if (file === undefined || file === '') return undefined;
  const [{ file: platform, problems, source }, { hashText }] = await Promise.all([
    checkPlatform(file, cwd),
    import('../host/hash-text.ts'),
  ]);
  if (!platform) return fail(...problems);
  return { ...platform, path: source.path, hash: hashText(source.text) };
}
