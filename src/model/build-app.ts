import { keyPlaceAt, type MapValue, type Value, valueAt } from '../document/value.ts';
import { emptyFile, missingKey, reservedVariable, wrongType } from '../problems/model.ts';
import { fail, type Problem, type Source } from '../problems/problem.ts';
import type { App, Component } from './app.ts';
import { checkShape } from './check-shape.ts';
import { complete } from './complete.ts';
import { chooseEnvironment, forEnvironment, withoutRemovals } from './environment.ts';
import { buildHealth, type HealthInput } from './probes.ts';
import { rootSchema } from './schema.ts';

/** How namespaces are named where nothing else is said; the plan owns the form (`plan/names.ts`). */
export type NamespaceOf = (app: string, environment: string) => string;

/** An app, and the document of its environment, in which every value of the app has its place. */
export interface BuiltApp {
  readonly app: App;
  readonly document: MapValue;
}

interface FileInput {
  readonly app: string;
  readonly components: Readonly<Record<string, ComponentInput>>;
  readonly environments?: Readonly<Record<string, EnvironmentInput>>;
}

interface EnvironmentInput {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly protected: boolean;
}

interface ComponentInput {
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly instances: number;
  readonly resources: { readonly cpu: string; readonly memory: string };
  readonly health?: HealthInput;
}

/** The app that a document describes, in one environment. Throws a PaasError with every problem of the file. */
export function buildApp(
  root: Value | undefined,
  source: Source,
  asked: string | undefined,
  namespaceOf: NamespaceOf,
): BuiltApp {
  if (!root) fail(emptyFile({ source, start: 0, end: 0 }));
  if (root.kind !== 'map') fail(wrongType(root.at, 'The file', 'a map', 'something else'));
  const shape = checkShape(withoutRemovals(root));
  if (shape.length > 0) fail(...shape);

  const problems: Problem[] = [];
  const whole = complete(withoutRemovals(root), rootSchema, [], problems) as FileInput;
  if (problems.length > 0) fail(...inOrder(problems));

  const name = chooseEnvironment(root, asked);
  const document = forEnvironment(root, name);
  const merged = complete(document, rootSchema, [], problems) as FileInput;
  const own = whole.environments?.[name];
  const components = Object.entries(merged.components).map(([component, input]) =>
    buildComponent(component, input, document, problems),
  );
  if (problems.length > 0) fail(...inOrder(problems));
  const environment = {
    name,
    cluster: own?.cluster,
    namespace: own?.namespace ?? namespaceOf(merged.app, name),
    protected: own?.protected ?? false,
  };
  return { app: { name: merged.app, environment, components }, document };
}

function buildComponent(name: string, input: ComponentInput, root: MapValue, problems: Problem[]): Component {
  const path = ['components', name];
  if (input.image === undefined) problems.push(missingKey(keyPlaceAt(root, path), 'image', path.join('.')));
  if (input.port !== undefined && valueAt(root, [...path, 'env', 'PORT'])) {
    problems.push(reservedVariable(keyPlaceAt(root, [...path, 'env', 'PORT']), 'PORT'));
  }
  return {
    name,
    image: input.image ?? '',
    entrypoint: input.entrypoint,
    command: input.command,
    port: input.port,
    env: Object.entries(input.env ?? {}).map(([variable, value]) => ({ name: variable, value })),
    instances: input.instances,
    resources: input.resources,
    health: buildHealth(input.health, input.port, root, [...path, 'health'], problems),
  };
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0));
}
