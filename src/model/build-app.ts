import type { MapValue, Value } from '../document/value.ts';
import { limitProblems, mostProblems } from '../problems/limit.ts';
import { emptyFile, wrongType } from '../problems/model.ts';
import { fewNearest } from '../problems/nearest.ts';
import { fail, type Problem, type Source } from '../problems/problem.ts';
import type { App } from './app.ts';
import { checkEnvironment } from './check-environment.ts';
import { checkShape, type Language } from './check-shape.ts';
import { complete } from './complete.ts';
import { chooseEnvironment, environmentNames, withoutRemovals } from './environment.ts';
import { gatherProblems, inOrder, once } from './gather-problems.ts';
import type { FileInput } from './input.ts';
import type { PlatformFile } from './platform.ts';
import { environmentOf, type Reader, type Reading, readEnvironments } from './read-environment.ts';
import { rootSchema, type SchemaNode } from './schema.ts';
import { writeOut } from './shorthands.ts';
import { validate } from './validator.ts';

/** An app, and the document of its environment, in which every value of the app has its place. */
export interface BuiltApp {
  readonly app: App;
  readonly document: MapValue;
}

/** Everything that is to be known of a file: its app in each environment that was asked for, and what is wrong. */
export interface ReadFile {
  readonly apps: readonly BuiltApp[];
  /** What is wrong, in the order of the file. The apps can't be used then. */
  readonly problems: readonly Problem[];
  /** What can be said and not done yet, in the order of the file. The apps say it. */
  readonly notYet: readonly Problem[];
}

/** What a document is read with. */
export interface ReadWith {
  readonly platform?: PlatformFile | undefined;
  readonly language?: Language;
  /** Laid over the document of the environment: what the command line says. */
  readonly over?: MapValue | undefined;
}

/** The language without what features add to it. */
export const builtInLanguage: Language = { schema: rootSchema, validate };

/**
 * The app that a document describes, in one environment, and what of it can't be done yet.
 * Throws a PaasError with every problem of the file.
 */
export function buildApp(
  root: Value | undefined,
  source: Source,
  asked: string | undefined,
  around: ReadWith = {},
): BuiltApp & Pick<ReadFile, 'notYet'> {
  const { apps, problems, notYet } = readApps(
    root,
    source,
    (known) => [chooseEnvironment(known, asked)],
    around.platform,
    around.language,
    around.over,
  );
  if (problems.length > 0) fail(...limitProblems(inOrder([...problems, ...notYet], source.path)));
  return { ...apps[0]!, notYet };
}

/**
 * The apps that a document describes, one for each of the environments that `choose` picks from those it has.
 * What is wrong in one place is left out and the rest is still looked at, so that all of a file comes in one go.
 */
export function readApps(
  root: Value | undefined,
  source: Source,
  choose: (known: readonly string[]) => readonly string[],
  platform?: PlatformFile,
  language: Language = builtInLanguage,
  over?: MapValue,
): ReadFile {
  const { schema } = language;
  const map = asMap(root, source);
  if ('code' in map) return { apps: [], problems: [map], notYet: [] };
  const shape = checkShape(withoutRemovals(map), language, true);
  // Removals of the overlays are needed for merging, and are no mistakes: only what is wrong is left out.
  const sound = shape.problems.length > 0 ? shape.sound : map;
  const problems: Problem[] = [...shape.problems];
  // A file without environments is its only one: what is in it is read there.
  const whole = sound.entries.has('environments') ? readWhole(sound, schema, problems) : {};
  const names = choose(environmentNames(sound));
  const reader: Reader = { root: sound, language, meant: fewNearest(mostProblems), platform, over };
  const readings = readEnvironments(reader, names);
  const apps = new Map(
    readings.flatMap(({ app, document, environments }) =>
      environments.map((name): [string, BuiltApp] => [
        name,
        { app: withEnvironment(app, environmentOf(reader, name, whole)), document },
      ]),
    ),
  );
  const found = gatherProblems(readings);
  const ofEnvironments = gatherProblems(
    [...apps].map(([name, { app, document }]) => ({
      environments: [name],
      problems: checkEnvironment(app, document, platform?.document),
    })),
  );
  const later = gatherProblems(
    readings.map(({ environments, notYet }) => ({ environments, problems: notYet })),
  );
  return {
    apps: names.map((name) => apps.get(name)).filter((one) => one !== undefined),
    problems: limitProblems(inOrder(once([...problems, ...found, ...ofEnvironments]), source.path)),
    notYet: limitProblems(inOrder(once(later), source.path)),
  };
}

/** The file as it is written, with all of its overlays. */
function readWhole(root: MapValue, schema: SchemaNode, problems: Problem[]): FileInput {
  const written = writeOut(withoutRemovals(root), schema, schema);
  return complete(written, schema, schema, [], problems) as FileInput;
}

function withEnvironment({ name, ...parts }: Reading['app'], environment: App['environment']): App {
  return { name, environment, ...parts };
}

function asMap(root: Value | undefined, source: Source): MapValue | Problem {
  const least = 'The least it can say: app: NAME, and under components: one with an image.';
  const start = { source, start: 0, end: 0 };
  if (!root || (root.kind === 'scalar' && root.value === null)) return emptyFile(start, least);
  if (root.kind === 'map') return root.entries.size > 0 ? root : emptyFile(start, least);
  const colon = root.kind === 'scalar' && /^\w+:\S/.test(root.text);
  const hint = colon ? 'A space must follow the colon: app: shop.' : least;
  const found = root.kind === 'list' ? 'a list' : 'one text';
  return wrongType({ ...root.at, end: root.at.start }, 'The file', 'a map', found, { hint });
}
