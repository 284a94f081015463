import { keyPlaceAt, type MapValue, type Path, placeAt, valueAt } from '../document/value.ts';
import { missingKey, onlyWith, sameRoute, wrongValue } from '../problems/model.ts';
import type { Place, Problem } from '../problems/problem.ts';
import { notOverUdp } from '../problems/routing.ts';
import type { App, Component, Route } from './app.ts';
import { mapAt } from './incomplete.ts';
import { describePath } from './paths.ts';

export function checkRoutes(app: Pick<App, 'components'>, root: MapValue): Problem[] {
  const seen = new Map<string, { component: string; at: Place }>();
  const problems: Problem[] = [];
  for (const component of app.components) {
    component.routes.forEach((route, index) => {
      const path = ['components', component.name, 'routes', index];
      const [key, shown] = routeKey(route);
      if (!key) {
        const map = mapAt(root, path);
        if (map && !map.incomplete && !map.entries.has('host'))
          problems.push(
            missingKey(
              placeAt(root, path),
              'host',
              describePath(path),
              'For example host: shop.example.com. For what is not HTTP: tcp or node_port.',
            ),
          );
        return;
      }
      problems.push(
        ...checkKeys(key, path, root),
        ...checkUdp(component, route, path, key, root),
        ...checkTcp(route.tcp, path, root),
      );
      const at = placeAt(root, [...path, key]);
      const id = JSON.stringify([shown, route.match ?? null]);
      const before = seen.get(id);
      if (before) problems.push(sameRoute(at, shown, before.component, before.at));
      else seen.set(id, { component: component.name, at });
    });
  }
  return problems;
}

/** What only HTTP knows, or what a port of a node knows nothing of. */
function checkKeys(key: string, path: Path, root: MapValue): Problem[] {
  const httpOnly = ['path', 'rewrite', 'match', 'rate_limit'];
  const without = { host: [], tcp: httpOnly, node_port: [...httpOnly, 'tls', 'certificate'] }[key] ?? [];
  return without
    .filter((one) => valueAt(root, [...path, one]) !== undefined)
    .map((one) => onlyWith(keyPlaceAt(root, [...path, one]), one, 'host'));
}

function checkUdp(component: Component, route: Route, path: Path, key: string, root: MapValue): Problem[] {
  const leadsTo = route.port ?? component.port;
  const port = component.ports.find((one) => one.port === leadsTo);
  if (port?.protocol !== 'udp' || key === 'node_port') return [];
  return [notOverUdp(placeAt(root, [...path, route.port === undefined ? key : 'port']), port.port)];
}

/** The ports on which the gateway itself speaks HTTP. */
const ofHttp = [80, 443];

function checkTcp(port: number | undefined, path: Path, root: MapValue): Problem[] {
  if (port === undefined || !ofHttp.includes(port)) return [];
  const at = placeAt(root, [...path, 'tcp']);
  const hint = 'For HTTP say host: shop.example.com.';
  return [wrongValue(at, describePath([...path, 'tcp']), 'another port than 80 and 443', { hint })];
}

function routeKey(route: Route): ['host' | 'tcp' | 'node_port' | undefined, string] {
  if (route.host !== undefined)
    return ['host', `${route.host}${(route.path ?? '/').replace(/(.)\/+$/, '$1')}`];
  if (route.tcp !== undefined) return ['tcp', `TCP port ${route.tcp}`];
  if (route.node_port !== undefined) return ['node_port', `Node port ${route.node_port}`];
  return [undefined, ''];
}
