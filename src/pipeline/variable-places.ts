import type { Component } from '../model/app.ts';
import type { BuiltApp } from '../model/build-app.ts';
import type { Place } from '../problems/problem.ts';
import { placeIfSaid, placeOfKeys } from './places.ts';

/** Where the file says a variable of a component, and by which key; undefined where it doesn't. */
export function placeOfVariable(
  built: BuiltApp,
  { name: component, port, uses }: Component,
  variable: string,
): { readonly key: string; readonly at: Place } | undefined {
  const said = placeIfSaid(built.document, ['components', component, 'env', variable]);
  if (said) return { key: `env.${variable}`, at: said };
  const key =
    variable === 'PORT' && port !== undefined ? 'port' : isOfUse(uses, variable) ? 'uses' : undefined;
  const at = key && placeOfKeys(built, component, key === 'port' ? ['port', 'ports'] : [key]);
  return key && at ? { key, at } : undefined;
}

/** Variables of what it uses begin with its name, or have the names that the file gives them. */
function isOfUse(uses: Component['uses'], variable: string): boolean {
  return uses.some(({ name, variables }) =>
    variables
      ? Object.hasOwn(variables, variable)
      : variable.startsWith(`${name.toUpperCase().replaceAll('-', '_')}_`),
  );
}
