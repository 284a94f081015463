import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toPlain, type Value } from '../document/value.ts';
import { badRecipe } from '../problems/build.ts';
import { fail } from '../problems/problem.ts';
import { readYaml } from './read-yaml.ts';
import type { Recipe } from './recipe.ts';

const keys: Readonly<Record<string, 'text' | 'map' | 'list' | 'number'>> = {
  description: 'text',
  version: 'text',
  base: 'map',
  tools: 'map',
  port: 'number',
  command: 'list',
  build: 'text',
  output: 'text',
  output_to: 'text',
  refuses: 'list',
  lacks: 'list',
  single_page: 'list',
  ignore: 'list',
  assembly: 'map',
};

/** The recipe in a runtime's folder; undefined where it has none. Throws a PaasError where it can't be read. */
export async function loadRecipe(
  folder: string,
  shownAs: (path: string) => string = (path) => path,
): Promise<Recipe | undefined> {
  const file = join(folder, 'recipe.yaml');
  const root = await readYaml(file, shownAs(file));
  if (!root) return undefined;
  checkKeys(root);
  const said = toPlain(root) as Partial<Recipe>;
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.yaml'))
    .map((entry) => entry.name)
    .sort();
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  );
  const isTemplate = ([name]: readonly [string, string]): boolean => /^Dockerfile(\.|$)/.test(name);
  const dockerfiles = texts
    .filter(isTemplate)
    .map(([name, text]) => [name.slice('Dockerfile.'.length), text] as const);
  if (dockerfiles.length === 0)
    fail(badRecipe(root.at, 'It needs a Dockerfile template beside recipe.yaml.'));
  return {
    tools: {},
    port: 8080,
    command: undefined,
    build: undefined,
    output: undefined,
    output_to: undefined,
    refuses: [],
    lacks: [],
    single_page: [],
    ignore: [],
    description: '',
    version: '',
    ...said,
    base: said.base!,
    assembly: said.assembly && { ...said.assembly, env: said.assembly.env ?? {} },
    name: basename(folder),
    dockerfiles: Object.fromEntries(dockerfiles),
    files: Object.fromEntries(texts.filter((text) => !isTemplate(text))),
  };
}

function checkKeys(root: Value): void {
  if (root.kind !== 'map') fail(badRecipe(root.at, 'recipe.yaml is a map.'));
  for (const [key, { key: at, value }] of root.entries) {
    const kind = keys[key];
    if (!kind)
      fail(badRecipe(at, `recipe.yaml doesn't know ${key}; it knows ${Object.keys(keys).join(', ')}.`));
    const plain = toPlain(value);
    const right =
      kind === 'map' || kind === 'list'
        ? value.kind === kind
        : typeof plain === (kind === 'text' ? 'string' : 'number');
    if (!right) fail(badRecipe(value.at, `${key} is a ${kind}.`));
  }
  const base = root.entries.get('base')?.value;
  for (const key of ['build', 'run']) {
    if (base?.kind !== 'map' || !base.entries.has(key))
      fail(badRecipe((base ?? root).at, `base names two images, build and run.`));
  }
}
