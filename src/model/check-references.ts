import { keyPlaceAt, type MapValue, type Path, placeAt } from '../document/value.ts';
import { needsPort, unknownPort, unknownReference, usesItself, variableTwice } from '../problems/model.ts';
import type { NearestOf } from '../problems/nearest.ts';
import type { Place, Problem } from '../problems/problem.ts';
import { needsHttp } from '../problems/routing.ts';
import type { Component, Use } from './app.ts';
import { isIncomplete, mapAt } from './incomplete.ts';

// Names and ports that a component refers to must be there.

export interface Names {
  readonly components: readonly string[];
  readonly services: readonly string[];
  /** The components that take no requests. */
  readonly withoutPort: ReadonlySet<string>;
  /** Components and services. */
  readonly known: ReadonlySet<string>;
  /** Which of the known names was meant by one that isn't. */
  readonly meant: NearestOf;
}

export function checkUses(component: Component, names: Names, root: MapValue): Problem[] {
  const path = ['components', component.name, 'uses'];
  if (component.uses.length === 0) return [];
  const complete = !isIncomplete(root, 'services') && !isIncomplete(root, 'components');
  let others: readonly string[] | undefined;
  const problems: Problem[] = [];
  const own = [...component.env, ...component.secretEnv];
  const variables = new Map<string, Place>();
  for (const { name, variables: uses } of component.uses) {
    const at = keyPlaceAt(root, [...path, name]);
    if (name === component.name) problems.push(usesItself(at, name));
    else if (!names.known.has(name) && complete) {
      others ??= [...names.known].filter((one) => one !== component.name);
      const meant = names.meant(name, others);
      problems.push(
        unknownReference(
          at,
          name,
          'service or component',
          others,
          meant ? { hint: `Did you mean ${meant}?` } : {},
        ),
      );
    }
    if (own.length > 0)
      for (const variable of variablesOf(name, uses))
        if (!variables.has(variable)) variables.set(variable, at);
  }
  for (const { name } of own) {
    const from = variables.get(name);
    if (from)
      problems.push(variableTwice(keyPlaceAt(root, ['components', component.name, 'env', name]), name, from));
  }
  return problems;
}

/** The variables that what is used comes with: those of the app's own names, else the usual ones. */
function variablesOf(name: string, own: Use['variables']): string[] {
  if (own) return Object.keys(own);
  const prefix = name.toUpperCase().replaceAll('-', '_');
  return ['URL', 'HOST', 'PORT', 'USER', 'PASSWORD', 'DATABASE'].map((part) => `${prefix}_${part}`);
}

/** What of traffic knows requests; the rest is about connections too. */
const httpOnly = ['timeout', 'retries', 'faults', 'mirror'] as const;

export function checkTraffic(component: Component, all: Names, root: MapValue): Problem[] {
  const path: Path = ['components', component.name];
  const problems: Problem[] = [];
  const names = all.components;
  const refer = (at: Place, name: string, what: string, known: readonly string[]): void => {
    if (known.includes(name) || isIncomplete(root, `${what}s`)) return;
    const meant = all.meant(name, known);
    problems.push(unknownReference(at, name, what, known, meant ? { hint: `Did you mean ${meant}?` } : {}));
  };
  const jobs = component.run.type !== 'always';
  if (
    component.routes.length > 0 &&
    component.ports.length === 0 &&
    !jobs &&
    !mapAt(root, path)?.incomplete
  ) {
    problems.push(needsPort(keyPlaceAt(root, [...path, 'routes']), 'routes', component.name));
  }
  if (component.ports.length === 0 && !jobs && !mapAt(root, path)?.incomplete) {
    for (const key of ['traffic', 'metrics'] as const) {
      if (key === 'metrics' ? component.metrics && !component.metrics.port : component.traffic)
        problems.push(needsPort(keyPlaceAt(root, [...path, key]), key, component.name));
    }
  }
  const http = component.ports.some(({ protocol }) => protocol !== 'tcp' && protocol !== 'udp');
  for (const key of httpOnly) {
    if (http || component.ports.length === 0 || component.traffic?.[key] === undefined) continue;
    problems.push(needsHttp(keyPlaceAt(root, [...path, 'traffic', key]), key, component.name));
  }
  component.routes.forEach(({ port }, index) => {
    if (port === undefined || component.ports.length === 0) return;
    const known = component.ports.map((one) => one.port);
    const at = placeAt(root, [...path, 'routes', index, 'port']);
    if (!known.includes(port)) problems.push(unknownPort(at, port, component.name, known));
  });
  const mirror = component.traffic?.mirror?.to;
  if (mirror !== undefined) {
    const at = placeAt(root, [...path, 'traffic', 'mirror', 'to']);
    refer(at, mirror, 'component', names);
    if (all.withoutPort.has(mirror) && !mapAt(root, ['components', mirror])?.incomplete)
      problems.push(needsPort(at, 'The mirror', mirror));
  }
  for (const key of ['near', 'apart'] as const) {
    component.placement[key].forEach((name, index) => {
      refer(placeAt(root, [...path, 'placement', key, index]), name, 'component', names);
    });
  }
  component.scaling?.metrics.forEach(({ service }, index) => {
    if (service === undefined) return;
    const at = placeAt(root, [...path, 'scaling_policy', 'metrics', index, 'service']);
    refer(at, service, 'service', all.services);
  });
  return problems;
}
