import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toPlain } from '../document/value.ts';
import { badFeature } from '../problems/catalog.ts';
import { fail } from '../problems/problem.ts';
import { readTemplates } from './additions.ts';
import type { Feature, Layer, Patch, Role, Template } from './feature.ts';
import { roles } from './feature.ts';
import { readYaml } from './read-yaml.ts';

/** What `feature.yaml` says. Everything but the description may be left out. */
interface About {
  readonly description?: string;
  readonly for?: 'component' | 'app';
  readonly keys?: readonly string[];
  readonly after?: readonly string[];
  readonly when?: string;
  readonly phase?: string;
  readonly let?: Readonly<Record<string, unknown>>;
}

const aboutKeys: readonly string[] = ['description', 'for', 'keys', 'after', 'when', 'phase', 'let'];

/** In a folder of features, the folder of runtimes: no feature can have that name. */
export const runtimesFolder = 'runtimes';

/** How a path is shown to people: as seen from where they are. */
export type ShownAs = (path: string) => string;

const asItIs: ShownAs = (path) => path;

/** The features of a folder, in the order of their names. Throws a PaasError where one can't be read. */
export async function loadFeatures(
  folder: string,
  layer: Layer,
  shownAs: ShownAs = asItIs,
): Promise<Feature[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    // What lies there is no feature: load-runtimes.ts reads it.
    .filter((entry) => entry.isDirectory() && entry.name !== runtimesFolder)
    .map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => loadFeature(join(folder, name), name, layer, shownAs)));
}

/** One feature. Throws a PaasError where it can't be read. */
export async function loadFeature(
  folder: string,
  name: string,
  layer: Layer,
  shownAs: ShownAs = asItIs,
): Promise<Feature> {
  const file = join(folder, 'feature.yaml');
  const [about, objects, patches, schema] = await Promise.all([
    readAbout(file, shownAs(file)),
    readTemplates(join(folder, 'objects'), shownAs),
    readTemplates(join(folder, 'patches'), shownAs),
    readYaml(join(folder, 'schema.yaml'), shownAs(join(folder, 'schema.yaml'))),
  ]);
  return {
    name,
    description: about.description ?? '',
    layer,
    folder: shownAs(folder),
    keys: about.keys ?? (schema?.kind === 'map' ? [...schema.entries.keys()] : []),
    after: about.after ?? [],
    for: about.for ?? 'component',
    when: about.when,
    phase: about.phase,
    let: Object.entries(about.let ?? {}).map(([name, template]) => ({ name, template })),
    objects,
    patches: patches.map(asPatch).sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role)),
    schema,
  };
}

async function readAbout(file: string, shown: string): Promise<About> {
  const root = await readYaml(file, shown);
  const source = root?.at.source ?? { path: shown, text: '' };
  const at = root?.at ?? { source, start: 0, end: 0 };
  if (root?.kind !== 'map') fail(badFeature(at, 'It needs a feature.yaml that says its description.'));
  for (const [key, entry] of root.entries) {
    if (!aboutKeys.includes(key)) {
      fail(badFeature(entry.key, `feature.yaml doesn't know ${key}; it knows ${aboutKeys.join(', ')}.`));
    }
  }
  const about = toPlain(root) as About;
  if (typeof about.description !== 'string')
    fail(badFeature({ ...at, end: at.start }, 'It needs a description.'));
  return about;
}

/** The file's name says what a patch changes: `patches/pod.yaml`, or `patches/pod-volumes.yaml` where there are several. */
function asPatch(template: Template): Patch {
  const name = template.file
    .split('/')
    .at(-1)!
    .replace(/\.ya?ml$/, '');
  const role = roles.find((one) => name === one || name.startsWith(`${one}-`)) as Role | undefined;
  if (role) return { ...template, role };
  const { at } = template.root;
  return fail(
    badFeature({ ...at, end: at.start }, `A patch is called after what it changes: ${roles.join(', ')}.`),
  );
}
