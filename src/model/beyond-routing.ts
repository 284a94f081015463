import type { Path } from '../document/value.ts';
import type { Component, Routing, Traffic } from './app.ts';

/** Something that a component asks for and the platform's way in can't express. */
export interface Beyond {
  /** The way in, in words. */
  readonly way: string;
  readonly what: string;
  /** Where the component says it. */
  readonly keys: Path;
}

/** What of a component's routes and traffic is beyond the platform's way in. Istio's can express all of it. */
export function beyondRouting(component: Component, routing: Routing): Beyond[] {
  if (routing.type === 'gateway_api') return beyondGatewayApi(component);
  if (routing.type === 'node_port') return beyondNodePorts(component);
  return routing.gateway === undefined ? [] : ownCertificates(component, 'a gateway of its own');
}

/** Source: Gateway API 1.6, HTTPRoute, the fields of the standard channel. TCPRoute is in the experimental one. */
function beyondGatewayApi(component: Component): Beyond[] {
  const way = 'the Gateway API';
  const { routes, traffic = {} } = component;
  const hosts = routes.some(({ host }) => host !== undefined);
  const found = ownCertificates(component, way);
  routes.forEach(({ tcp }, index) => {
    if (tcp !== undefined) found.push({ way, what: 'TCP ports', keys: ['routes', index, 'tcp'] });
  });
  for (const key of Object.keys(traffic) as (keyof Traffic)[]) {
    if (traffic[key] === undefined) continue;
    const ofRoutes = key === 'timeout' || key === 'mirror';
    if (ofRoutes && hosts) continue;
    const what = ofRoutes ? `${words[key]} between components` : words[key];
    found.push({ way, what, keys: ['traffic', key] });
  }
  return found;
}

function beyondNodePorts({ routes, traffic = {} }: Component): Beyond[] {
  const way = 'ports of the nodes';
  const found: Beyond[] = [];
  routes.forEach((route, index) => {
    const add = (what: string, key: string): void => {
      found.push({ way, what, keys: ['routes', index, key] });
    };
    if (route.host !== undefined) {
      if (route.path !== '/') add('paths', 'path');
      if (route.rewrite !== undefined) add('rewriting of paths', 'rewrite');
      if (route.match !== undefined) add('headers, cookies and methods', 'match');
      if (route.tls === true) add('TLS', 'tls');
    }
    if (route.certificate !== undefined) add('certificates', 'certificate');
    if (route.tcp !== undefined && (route.tcp < 30_000 || route.tcp > 32_767))
      add('a port below 30000 or above 32767', 'tcp');
  });
  for (const key of Object.keys(traffic) as (keyof Traffic)[]) {
    if (traffic[key] !== undefined) found.push({ way, what: words[key], keys: ['traffic', key] });
  }
  return found;
}

/** The certificates of a gateway that isn't the app's are its own matter. */
function ownCertificates({ routes }: Component, way: string): Beyond[] {
  return routes.flatMap(({ certificate }, index) =>
    certificate === undefined
      ? []
      : [{ way, what: "a certificate of the app's own", keys: ['routes', index, 'certificate'] }],
  );
}

const words: Readonly<Record<keyof Traffic, string>> = {
  timeout: 'a timeout',
  retries: 'retries',
  load_balancing: 'load balancing',
  circuit_breaker: 'limits of connections',
  eject: 'leaving out instances that fail',
  faults: 'faults on purpose',
  mirror: 'a mirror',
};
