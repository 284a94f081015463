import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapValue, Value } from '../document/value.ts';
import { badRuntime } from '../problems/catalog.ts';
import { fail } from '../problems/problem.ts';
import type { Layer } from './feature.ts';
import { runtimesFolder, type ShownAs } from './load-features.ts';
import { readAnswers, readConditions, readDependencySource } from './read-clues.ts';
import { read, readEach, readMap, readText, readTexts, readWhole, type Shape } from './read-shape.ts';
import { readYaml } from './read-yaml.ts';
import type { Framework, Need, Runtime, Sayings, ServiceClue } from './runtime.ts';

/** The runtimes of a folder of features (`<folder>/runtimes`), in the order of their names; none where it has none. */
export async function loadRuntimes(
  features: string,
  layer: Layer,
  shownAs: ShownAs = (path) => path,
): Promise<Runtime[]> {
  const folder = join(features, runtimesFolder);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const runtimes = names.sort().map((name) => loadRuntime(join(folder, name), name, layer, shownAs));
  return Promise.all(runtimes);
}

async function loadRuntime(folder: string, name: string, layer: Layer, shownAs: ShownAs): Promise<Runtime> {
  const file = join(folder, 'runtime.yaml');
  const root = await readYaml(file, shownAs(file));
  if (root?.kind !== 'map') {
    const source = root?.at.source ?? { path: shownAs(file), text: '' };
    return fail(badRuntime({ source, start: 0, end: 0 }, 'It needs a runtime.yaml that says its title.'));
  }
  const get = readMap(root, runtimeKeys);
  return {
    name,
    layer,
    folder: shownAs(folder),
    title: read(get('title') ?? missing(root, 'a title: what people call it'), readText),
    detect: readConditions(get('detect') ?? missing(root, 'detect: what tells a source of it')),
    workspace: readConditions(get('workspace')),
    strength: read(get('strength'), readWhole) ?? 20,
    tool: readAnswers(get('tool')),
    version: readAnswers(get('version')),
    dependencies: readEach(get('dependencies'), readDependencySource),
    services: readEach(get('services'), readService),
    names: namesOf(get('names')),
    frameworks: readEach(get('frameworks'), readFramework),
    ...readSayings(get),
  };
}

const sayingKeys = [
  'port',
  'command',
  'build',
  'output',
  'health',
  'release',
  'writable',
  'needs',
  'advice',
] as const;

const runtimeKeys: Shape = [
  'title',
  'description',
  'detect',
  'workspace',
  'strength',
  'tool',
  'version',
  'dependencies',
  'services',
  'names',
  'frameworks',
  ...sayingKeys,
];

function readSayings(get: (key: string) => Value | undefined): Sayings {
  const said = sayingKeys.flatMap((key) => {
    const value = get(key);
    if (!value) return [];
    return [[key, key === 'needs' ? readEach(value, readNeed) : readAnswers(value)]];
  });
  return Object.fromEntries(said);
}

function readFramework(value: Value): Framework {
  const get = readMap(value, ['name', 'title', 'strength', 'when', 'variables', ...sayingKeys]);
  const name = read(get('name') ?? missing(value, 'a name'), readText);
  const variables = get('variables');
  return {
    name,
    title: read(get('title'), readText) ?? name,
    strength: read(get('strength'), readWhole) ?? 50,
    when: readConditions(get('when') ?? missing(value, 'when: what tells it')),
    variables: variables
      ? Object.fromEntries(
          [...mapOf(variables).entries].map(([type, entry]) => [type, readTexts(entry.value)]),
        )
      : {},
    ...readSayings(get),
  };
}

function readService(value: Value): ServiceClue {
  const get = readMap(value, ['type', 'dependencies', 'when', 'variables']);
  const names = read(get('dependencies'), readTexts) ?? [];
  const clue = {
    kind: 'dependency',
    names,
    path: [],
    match: undefined,
    without: undefined,
  } as const;
  return {
    type: read(get('type') ?? missing(value, 'a type of the language'), readText),
    when: [...(names.length > 0 ? [{ clue }] : []), ...readConditions(get('when'))],
    variables: read(get('variables'), readTexts) ?? [],
  };
}

function readNeed(value: Value): Need {
  const get = readMap(value, ['variable', 'why', 'when']);
  return {
    variable: read(get('variable') ?? missing(value, 'a variable'), readText),
    why: read(get('why') ?? missing(value, 'why, in a few words'), readText),
    when: readConditions(get('when')),
  };
}

function namesOf(value: Value | undefined): Runtime['names'] {
  if (!value) return {};
  return Object.fromEntries(
    [...mapOf(value).entries].map(([name, entry]) => [name, readAnswers(entry.value)]),
  );
}

function mapOf(value: Value): MapValue {
  return value.kind === 'map' ? value : fail(badRuntime(value.at, 'This is a map.'));
}

function missing(value: Value, what: string): never {
  return fail(badRuntime({ ...value.at, end: value.at.start }, `It needs ${what}.`));
}
