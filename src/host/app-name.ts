import { readFile } from 'node:fs/promises';
import { parseDocument } from '../document/parse.ts';
import { toPlain } from '../document/value.ts';

/** The name of the app that a file is of; undefined where there is none, or it says none. */
export async function appNameIn(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { root } = parseDocument({ path: file, text });
  const name = root?.kind === 'map' ? root.entries.get('app')?.value : undefined;
  const plain = name && toPlain(name);
  return typeof plain === 'string' ? plain : undefined;
}
