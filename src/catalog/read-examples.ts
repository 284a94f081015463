import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An example of a feature: a folder with a paas.yaml, and what it renders to. */
export interface Example {
  readonly name: string;
  readonly file: string;
  readonly expectedFile: string;
  /** Undefined where it isn't noted yet. */
  readonly expected: string | undefined;
}

/** The examples of a feature's folder, in the order of their names. */
export async function readExamples(folder: string): Promise<Example[]> {
  const home = join(folder, 'examples');
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const expectedFile = join(home, name, 'expected.yaml');
      const expected = await readFile(expectedFile, 'utf8').catch(() => undefined);
      return { name, file: join(home, name, 'paas.yaml'), expectedFile, expected };
    }),
  );
}
