import type { MapValue, Value } from '../document/value.ts';
import { limitProblems } from '../problems/limit.ts';
import { emptyFile, wrongType } from '../problems/model.ts';
import { fail, type Problem, type Source } from '../problems/problem.ts';
import type { App, Resources, Service } from './app.ts';
import { buildComponent } from './build-component.ts';
import { checkApp } from './check-app.ts';
import { checkShape, type Language } from './check-shape.ts';
import { complete } from './complete.ts';
import { chooseEnvironment, environmentNames, forEnvironment, withoutRemovals } from './environment.ts';
import type { FileInput, ServiceInput } from './input.ts';
import { checkRules, findNotYet } from './rules.ts';
import { rootSchema } from './schema.ts';
import { writeOut } from './shorthands.ts';
import { buildResources, defaultUnit } from './units.ts';
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

const language: Language = { schema: rootSchema, validate };

/**
 * The app that a document describes, in one environment, and what of it can't be done yet.
 * Throws a PaasError with every problem of the file.
 */
export function buildApp(
  root: Value | undefined,
  source: Source,
  asked: string | undefined,
): BuiltApp & Pick<ReadFile, 'notYet'> {
  const { apps, problems, notYet } = readApps(root, source, (known) => [chooseEnvironment(known, asked)]);
  if (problems.length > 0) fail(...limitProblems(inOrder([...problems, ...notYet])));
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
): ReadFile {
  const map = asMap(root, source);
  if ('code' in map) return { apps: [], problems: [map], notYet: [] };
  const shape = checkShape(withoutRemovals(map), language, true);
  // Removals of the overlays are needed for merging, and are no mistakes: only what is wrong is left out.
  const sound = shape.problems.length > 0 ? shape.sound : map;
  const problems: Problem[] = [...shape.problems];
  const whole = complete(
    writeOut(withoutRemovals(sound), rootSchema, rootSchema),
    rootSchema,
    rootSchema,
    [],
    problems,
  );
  const names = choose(environmentNames(sound));
  const found = names.map((name) => readEnvironment(sound, name, whole as FileInput));
  const perEnvironment = (of: (one: (typeof found)[number]) => readonly Problem[]): Problem[] =>
    gather(names, found.map(of));
  return {
    apps: found.map(({ built }) => built),
    problems: limitProblems(inOrder(once([...problems, ...perEnvironment((one) => one.problems)]))),
    notYet: limitProblems(inOrder(once(perEnvironment((one) => one.notYet)))),
  };
}

/** The problems of several environments: what isn't wrong in all of them says in which. */
function gather(names: readonly string[], found: readonly (readonly Problem[])[]): Problem[] {
  const where = new Map<string, string[]>();
  for (const [index, problems] of found.entries()) {
    for (const id of new Set(problems.map(identity)))
      where.set(id, [...(where.get(id) ?? []), names[index]!]);
  }
  return found.flat().map((problem) => {
    const environments = where.get(identity(problem)) ?? [];
    if (environments.length === names.length) return problem;
    return { ...problem, message: `In ${environments.join(' and ')}: ${problem.message}` };
  });
}

function readEnvironment(
  root: MapValue,
  name: string,
  whole: FileInput,
): { built: BuiltApp; problems: Problem[]; notYet: Problem[] } {
  const merged = writeOut(forEnvironment(root, name), rootSchema, rootSchema) as MapValue;
  const { sound: document, problems: shape } = checkShape(merged, language, false);
  const problems = [...shape, ...checkRules(document, rootSchema)];
  const input = complete(document, rootSchema, rootSchema, [], problems) as FileInput;
  const own =
    whole.environments && Object.hasOwn(whole.environments, name) ? whole.environments[name] : undefined;
  const appName = input.app ?? '';
  const app: App = {
    name: appName,
    environment: {
      name,
      cluster: own?.cluster,
      namespace: own?.namespace,
      protected: own?.protected ?? false,
    },
    registry: input.registry,
    components: Object.entries(input.components ?? {}).map(([component, said]) =>
      buildComponent(component, said, input, defaultUnit, document, problems),
    ),
    services: Object.entries(input.services ?? {}).map(([service, said]) =>
      buildService(service, said, defaultUnit),
    ),
  };
  return {
    built: { app, document },
    problems: [...problems, ...checkApp(app, document)],
    notYet: findNotYet(document, rootSchema),
  };
}

function buildService(name: string, input: ServiceInput, unit: Resources): Service {
  const { units, resources, type = '', high_availability = false, ...rest } = input;
  return { name, type, high_availability, ...rest, resources: buildResources(units, resources, unit) };
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

/** One mistake is met again through each anchor and in each environment. */
function once(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => !seen.has(identity(problem)) && seen.add(identity(problem)));
}

/** Of the same kind in the same place; several keys can be missing in one place. */
function identity({ code, at, message }: Problem): string {
  return `${code} ${at?.start} ${code === 'missing-key' || !at ? message : ''}`;
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0));
}
