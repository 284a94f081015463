import { keyPlaceAt, type MapValue, type Path, placeAt, valueAt } from '../document/value.ts';
import type { Place, Problem } from '../problems/problem.ts';
import {
  certificateNeeded,
  domainNotAllowed,
  faultsInProtected,
  hostInTwoWays,
  notWithRouting,
} from '../problems/routing.ts';
import type { App, Component, Route } from './app.ts';
import { beyondRouting } from './beyond-routing.ts';
import { domainOf, routingOf, tlsOf } from './routing.ts';

// What must fit the environment that an app is for, and what the platform has for it.

/** Everything of an app that its environment doesn't allow. `platform` is the platform's own document. */
export function checkEnvironment(app: App, root: MapValue, platform: MapValue | undefined): Problem[] {
  return [
    ...app.components.flatMap((component) => [
      ...checkFaults(app, component, root),
      ...checkDomains(app, component, root, platform),
      ...checkWay(app, component, root, platform),
    ]),
    ...checkCertificates(app, root),
    ...checkHosts(app, root),
  ];
}

function checkFaults({ environment }: App, { name, traffic }: Component, root: MapValue): Problem[] {
  if (!environment.protected || !traffic?.faults) return [];
  const at = keyPlaceAt(root, ['components', name, 'traffic', 'faults']);
  return [faultsInProtected(at, environment.name)];
}

function checkDomains(
  { environment }: App,
  component: Component,
  root: MapValue,
  platform: MapValue | undefined,
): Problem[] {
  const { domains = {} } = environment;
  if (Object.keys(domains).length === 0) return [];
  const known = Object.entries(domains)
    .filter(([, { environments }]) => environments?.includes(environment.name) ?? true)
    .map(([name]) => name);
  return component.routes.flatMap(({ host }, index) => {
    if (host === undefined) return [];
    const name = domainOf(host, environment)?.name;
    if (name !== undefined && known.includes(name)) return [];
    const at = placeAt(root, [...routePath(component, index), 'host']);
    return [domainNotAllowed(at, ruleAt(platform, 'domains'), host, known)];
  });
}

/** TLS needs a certificate; where the gateway isn't the app's, that is the gateway's matter. */
function checkCertificates({ components, environment }: App, root: MapValue): Problem[] {
  const { type, gateway } = routingOf(environment);
  if (type !== 'istio' || gateway !== undefined) return [];
  return edges(components).flatMap((ways) => {
    const routes = ways.map(({ route }) => route);
    const { tls, certificate } = tlsOf(routes, environment);
    if (!tls || certificate !== undefined) return [];
    const said = ways.find(({ route }) => route.tls !== undefined);
    const { path, route } = said ?? ways[0]!;
    const at = said ? keyPlaceAt(root, [...path, 'tls']) : placeAt(root, [...path, 'host']);
    const name = route.host ?? `TCP port ${route.tcp}`;
    return [certificateNeeded(at, name, said ? undefined : environment.name)];
  });
}

/** A gateway knows the host before it knows the path: what one route says of TLS counts for all of the host. */
function checkHosts({ components }: App, root: MapValue): Problem[] {
  return edges(components).flatMap((ways) =>
    (['tls', 'certificate'] as const).flatMap((key) => {
      const [first, ...others] = ways.filter(({ route }) => route[key] !== undefined);
      const other = others.find(({ route }) => route[key] !== first?.route[key]);
      if (!first || !other) return [];
      const difference = key === 'tls' ? 'over TLS and without it' : 'with two certificates';
      const [before, at] = [first, other].map(({ path }) => keyPlaceAt(root, [...path, key]));
      return [hostInTwoWays(at!, other.route.host ?? '', difference, before!)];
    }),
  );
}

/** A route, and where it stands. */
interface Way {
  readonly route: Route;
  readonly path: Path;
}

/** The routes of each host, and each route of a TCP port. */
function edges(components: readonly Component[]): Way[][] {
  const ways = components.flatMap((component) =>
    component.routes.map((route, index) => ({ route, path: routePath(component, index) })),
  );
  const ofHosts = Map.groupBy(
    ways.filter(({ route }) => route.host !== undefined),
    ({ route }) => route.host,
  );
  return [...ofHosts.values(), ...ways.filter(({ route }) => route.tcp !== undefined).map((way) => [way])];
}

function checkWay(
  { environment }: App,
  component: Component,
  root: MapValue,
  platform: MapValue | undefined,
): Problem[] {
  return beyondRouting(component, routingOf(environment)).map(({ way, what, keys }) => {
    const path: Path = ['components', component.name, ...keys];
    return notWithRouting(keyPlaceAt(root, path), ruleAt(platform, 'routing'), way, what);
  });
}

const routePath = ({ name }: Component, index: number): Path => ['components', name, 'routes', index];

function ruleAt(platform: MapValue | undefined, key: string): Place | undefined {
  return platform && valueAt(platform, [key]) && keyPlaceAt(platform, [key]);
}
