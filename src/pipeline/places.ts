import { keyPlaceAt, type MapValue, placeAt, valueAt } from '../document/value.ts';
import type { BuiltApp } from '../model/build-app.ts';
import type { Place } from '../problems/problem.ts';

// Where an app's file says what others ask of it.

/** A stored secret that an app refers to: where first, and in which components. */
export interface SecretUse {
  readonly name: string;
  readonly at: Place;
  readonly by: readonly string[];
}

/** The stored secrets that an app refers to. */
export function neededSecrets({ app, document }: BuiltApp): SecretUse[] {
  const uses = app.components.flatMap(({ name: component, secretEnv, files }) => [
    ...secretEnv.flatMap(({ name, secret, key }) =>
      key === undefined ? [{ secret, component, path: ['env', name, 'secret'] }] : [],
    ),
    ...files.flatMap(({ path, from }) =>
      from.type === 'secret' ? [{ secret: from.secret, component, path: ['files', path, 'secret'] }] : [],
    ),
  ]);
  return [...Map.groupBy(uses, ({ secret }) => secret)].map(([name, all]) => ({
    name,
    at: placeAt(document, ['components', all[0]!.component, ...all[0]!.path]),
    by: [...new Set(all.map(({ component }) => component))],
  }));
}

/** Where the file says a key of a component, such as `env.MODE`, or what is around it; at least the component. */
export function placeOfComponent(
  { document }: BuiltApp,
  component: string,
  key: string | undefined,
): Place | undefined {
  const path = ['components', component];
  if (!valueAt(document, path)) return undefined;
  const steps = key?.split('.') ?? [];
  while (steps.length > 0 && !valueAt(document, [...path, ...steps])) steps.pop();
  return keyPlaceAt(document, [...path, ...steps]);
}

/** Where the file says the first of some keys of a component that it does; else where it says the component. */
export function placeOfKeys(
  { document }: BuiltApp,
  component: string,
  keys: readonly string[],
): Place | undefined {
  const path = ['components', component];
  const said = keys.map((key) => [...path, ...key.split('.')]).find((one) => valueAt(document, one));
  if (said) return placeAt(document, said);
  return placeIfSaid(document, path);
}

/** Where a document says a key, if it does. */
export function placeIfSaid(document: MapValue, path: readonly string[]): Place | undefined {
  return valueAt(document, path) && keyPlaceAt(document, path);
}
