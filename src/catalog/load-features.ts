import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from '../document/parse.ts';
import { toPlain } from '../document/value.ts';
import { fail } from '../problems/problem.ts';
import type { Feature } from './feature.ts';

/** The features of a folder, in the order of their names. Throws a PaasError where a file is not valid YAML. */
export async function loadFeatures(folder: string): Promise<Feature[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => loadFeature(join(folder, name), name)));
}

async function loadFeature(folder: string, name: string): Promise<Feature> {
  const about = (await readYaml(join(folder, 'feature.yaml'))) as { description: string };
  const files = (await readdir(join(folder, 'objects'))).filter((file) => file.endsWith('.yaml')).sort();
  const objects = await Promise.all(files.map((file) => readYaml(join(folder, 'objects', file))));
  return { name, description: about.description, objects };
}

async function readYaml(path: string): Promise<unknown> {
  const { root, problems } = parseDocument({ path, text: await readFile(path, 'utf8') });
  if (problems.length > 0) fail(...problems);
  return root ? toPlain(root) : {};
}
