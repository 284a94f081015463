import { readFile } from 'node:fs/promises';
import { parseDocument } from '../document/parse.ts';
import type { Value } from '../document/value.ts';
import { fail } from '../problems/problem.ts';

/** A YAML file; undefined where it isn't there. Throws a PaasError with what is wrong in it. */
export async function readYaml(path: string, shownAs: string): Promise<Value | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { root, problems } = parseDocument({ path: shownAs, text });
  if (problems.length > 0) fail(...problems);
  return root;
}
