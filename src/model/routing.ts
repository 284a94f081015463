import type { Domain, Environment, Monitoring, Route, Routing } from './app.ts';

// What a platform says of the ways into the cluster, and what follows from it for a route.

/** Without a platform file. */
export const defaultRouting: Routing = { type: 'istio', selector: { istio: 'ingressgateway' } };
/** Annotations do no harm where nobody reads them; an object of a kind that the cluster doesn't know fails. */
export const defaultMonitoring: Monitoring = { type: 'annotations' };

export const routingOf = ({ routing }: Environment): Routing => routing ?? defaultRouting;
export const monitoringOf = ({ monitoring }: Environment): Monitoring => monitoring ?? defaultMonitoring;

/** The domain of the platform that a host is in: the closest. */
export function domainOf(
  host: string,
  { domains = {} }: Environment,
): { readonly name: string; readonly domain: Domain } | undefined {
  const plain = host.replace(/^\*\./, '');
  const [name] = Object.keys(domains)
    .filter((one) => plain === one || plain.endsWith(`.${one}`))
    .sort((a, b) => b.length - a.length);
  return name === undefined ? undefined : { name, domain: domains[name]! };
}

/** Whether a host or a TCP port is served over TLS, and with which certificate where that isn't the gateway's matter. */
export interface EdgeTls {
  readonly tls: boolean;
  /** A Secret in the namespace of the gateway. */
  readonly certificate: string | undefined;
}

/** Of all routes of one host, or of the one route of a TCP port: what one of them says counts for the host. */
export function tlsOf(routes: readonly Route[], environment: Environment): EdgeTls {
  const { type, gateway } = routingOf(environment);
  const host = routes.find((route) => route.host !== undefined)?.host;
  const said = routes.find(({ tls }) => tls !== undefined)?.tls;
  if (type !== 'istio' || gateway !== undefined) {
    return { tls: said ?? host !== undefined, certificate: undefined };
  }
  const ofDomain = host === undefined ? undefined : domainOf(host, environment)?.domain.certificate;
  const own = routes.find(({ certificate }) => certificate !== undefined)?.certificate;
  const certificate = own ?? ofDomain?.split('/').at(-1);
  const tls = said ?? (certificate !== undefined || (environment.protected && host !== undefined));
  return { tls, certificate: tls ? certificate : undefined };
}
