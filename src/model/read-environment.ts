import { without } from '../document/overlay.ts';
import { countValues, type MapValue, valueAt } from '../document/value.ts';
import { expandsTooFar } from '../problems/model.ts';
import type { NearestOf } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { App, Environment, Resources, Service } from './app.ts';
import { buildComponent } from './build-component.ts';
import { checkApp } from './check-app.ts';
import { checkShape, type Language } from './check-shape.ts';
import { complete } from './complete.ts';
import { forEnvironment, ownKeys } from './environment.ts';
import type { FileInput, ServiceInput } from './input.ts';
import type { Platform, PlatformFile } from './platform.ts';
import { platformDefaults, withPlatformDefaults } from './platform-defaults.ts';
import { checkRules, findNotYet } from './rules.ts';
import { writeOut } from './shorthands.ts';
import { buildResources, defaultUnit } from './units.ts';

/** A file as it is in some of its environments: in those that say nothing of the app it is the same. */
export interface Reading {
  readonly environments: readonly string[];
  /** The app without the environment that it is for. */
  readonly app: Omit<App, 'environment'>;
  readonly document: MapValue;
  readonly problems: readonly Problem[];
  readonly notYet: readonly Problem[];
}

/** What is read of a file: it, its language, and how misspelt names are looked up. */
export interface Reader {
  readonly root: MapValue;
  readonly language: Language;
  readonly meant: NearestOf;
  readonly platform: PlatformFile | undefined;
  /** Laid over each environment: what the command line says. */
  readonly over?: MapValue | undefined;
}

/** Each environment is a whole file again: what all of them expand to has a limit, as what aliases expand to. */
const mostValues = 50_000;

/** The file in each of some environments. Those beyond what is worth the time are a problem, and left out. */
export function readEnvironments(reader: Reader, names: readonly string[]): Reading[] {
  const readings: Reading[] = [];
  /** Those without an overlay, by what the platform says for them. */
  const plain = new Map<MapValue | undefined, number>();
  let values = 0;
  for (const name of names) {
    const own = valueAt(reader.root, ['environments', name]);
    const overlaid = own?.kind === 'map' && without(own, ownKeys).entries.size > 0;
    const defaults = reader.platform && platformDefaults(reader.platform.document, name);
    const known = overlaid ? undefined : plain.get(defaults);
    if (known !== undefined) {
      const before = readings[known]!;
      readings[known] = { ...before, environments: [...before.environments, name] };
      continue;
    }
    const document = forEnvironment(reader.root, name, reader.over);
    values += countValues(document);
    if (values > mostValues && readings.length > 0) {
      const problem = expandsTooFar(own?.at ?? reader.root.at, mostValues);
      const last = readings.at(-1)!;
      readings[readings.length - 1] = { ...last, problems: [...last.problems, problem] };
      return readings;
    }
    if (!overlaid) plain.set(defaults, readings.length);
    readings.push(
      readEnvironment(reader, withPlatformDefaults(document, defaults, reader.language.schema), name),
    );
  }
  return readings;
}

function readEnvironment({ language, meant, platform }: Reader, merged: MapValue, name: string): Reading {
  const { schema } = language;
  const unit = platform?.platform.unit ?? defaultUnit;
  const written = writeOut(merged, schema, schema) as MapValue;
  const { sound: document, problems: shape } = checkShape(written, language, false);
  const problems = [...shape, ...checkRules(document, schema)];
  const input = complete(document, schema, schema, [], problems) as FileInput;
  const app: Reading['app'] = {
    name: input.app ?? '',
    registry: input.registry,
    components: Object.entries(input.components ?? {}).map(([component, said]) =>
      buildComponent(component, said, { file: input, unit, root: document, meant }, problems),
    ),
    services: Object.entries(input.services ?? {}).map(([service, said]) =>
      buildService(service, said, unit),
    ),
  };
  return {
    environments: [name],
    app,
    document,
    problems: [...problems, ...checkApp(app, document, meant)],
    notYet: findNotYet(document, schema),
  };
}

function buildService(name: string, input: ServiceInput, unit: Resources): Service {
  const { units, resources, type = '', high_availability = false, ...rest } = input;
  return { name, type, high_availability, ...rest, resources: buildResources(units, resources, unit) };
}

/** What the file says of an environment itself, and where it doesn't the platform. */
export function environmentOf({ root, platform }: Reader, name: string, whole: FileInput): Environment {
  const own =
    whole.environments && Object.hasOwn(whole.environments, name) ? whole.environments[name] : undefined;
  const { defaults } = platform?.platform ?? {};
  const others = defaults && (Object.hasOwn(defaults, name) ? defaults[name] : defaults['*']);
  const says = (key: string): boolean => valueAt(root, ['environments', name, key]) !== undefined;
  return {
    name,
    cluster: own?.cluster ?? others?.cluster,
    namespace: own?.namespace,
    protected: (says('protected') ? own?.protected : others?.protected) ?? false,
    ...(platform && partsOf(platform.platform)),
  };
}

function partsOf({ namespaces, routing, domains, monitoring, prometheus }: Platform): Partial<Environment> {
  return { namespaces, routing, domains, monitoring, ...(prometheus && { prometheus }) };
}
