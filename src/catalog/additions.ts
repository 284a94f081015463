import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toPlain } from '../document/value.ts';
import type { Template } from './feature.ts';
import { readYaml } from './read-yaml.ts';

/** What a person adds to an app by hand, beside paas.yaml. One object in each file. */
export interface Additions {
  /** `.paas/manifests/*.yaml`: whole objects. */
  readonly manifests: readonly Template[];
  /** `.paas/patches/*.yaml`: what changes in objects that are there, by kind and name. */
  readonly patches: readonly Template[];
}

/** Reads what stands in `.paas/manifests` and `.paas/patches` of a folder. Throws a PaasError. */
export async function readAdditions(folder: string, shownAs: (path: string) => string): Promise<Additions> {
  const [manifests, patches] = await Promise.all(
    ['manifests', 'patches'].map((name) => readTemplates(join(folder, '.paas', name), shownAs)),
  );
  return { manifests: manifests!, patches: patches! };
}

/** The YAML files of a folder, in the order of their names; none where it isn't there. */
export async function readTemplates(folder: string, shownAs: (path: string) => string): Promise<Template[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const read = files.map(async (name) => readTemplate(join(folder, name), shownAs));
  return (await Promise.all(read)).filter((template) => template !== undefined);
}

async function readTemplate(path: string, shownAs: (path: string) => string): Promise<Template | undefined> {
  const root = await readYaml(path, shownAs(path));
  return root && { file: shownAs(path), root, template: toPlain(root) };
}
