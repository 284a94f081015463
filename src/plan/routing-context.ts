import type { App, Component, Route } from '../model/app.ts';
import { routingOf, tlsOf } from '../model/routing.ts';
import { cookiePattern } from './cookie-pattern.ts';
import { ownerOfApp } from './labels.ts';
import { gatewayName, hostRouteName, redirectName, routePartName, tcpRouteName } from './names.ts';
import type { Context } from './template.ts';
import { destinationOf, treatmentOf } from './treatment.ts';

// The ways into an app, by host: several components may share one, and of several objects for one host nobody says
// which comes first.

interface Way {
  readonly component: Component;
  readonly route: Route;
}

/** What templates know of an app's routes. */
export function routingContext(app: App): Context {
  const { type, selector, gateway, listeners } = routingOf(app.environment);
  const ways = app.components.flatMap((component): Way[] =>
    component.ports.length > 0 ? component.routes.map((route) => ({ component, route })) : [],
  );
  const hosts = [...Map.groupBy(ways, ({ route }) => route.host)]
    .flatMap(([host, of]) => (host === undefined ? [] : [hostContext(app, host, of)]))
    .sort((a, b) => (a.host < b.host ? -1 : 1));
  const tcp = ways.flatMap(({ component, route }) =>
    route.tcp === undefined
      ? []
      : [
          {
            name: tcpRouteName(route.tcp),
            port: route.tcp,
            certificate: tlsOf([route], app.environment).certificate ?? null,
            destination: { ...destinationOf(app, component.name), port: route.port ?? component.port },
          },
        ],
  );
  const own = type === 'istio' && gateway === undefined && hosts.length + tcp.length > 0;
  const [namespace, name] = (gateway ?? `${ownerOfApp(app).namespace}/${gatewayName(app.name)}`).split('/');
  return {
    type,
    selector,
    gateway: { namespace, name, own },
    listeners: listeners ?? null,
    servers: own ? serversOf(hosts, tcp) : [],
    hosts,
    http_routes: hosts.flatMap(httpRoutes),
    tcp,
  };
}

interface HostContext {
  readonly name: string;
  readonly redirect_name: string;
  readonly host: string;
  readonly tls: boolean;
  readonly certificate: string | null;
  readonly rules: readonly RuleContext[];
}

function hostContext(app: App, host: string, ways: readonly Way[]): HostContext {
  const routes = ways.map(({ route }) => route);
  const { tls, certificate } = tlsOf(routes, app.environment);
  return {
    name: hostRouteName(host),
    redirect_name: redirectName(host),
    host,
    tls,
    certificate: certificate ?? null,
    rules: [...ways].sort(closerFirst).map((way) => ruleContext(app, way)),
  };
}

/** The longest path first; of the same path the one that asks for more. Else as the file has them. */
function closerFirst(a: Way, b: Way): number {
  return plainPath(b.route).length - plainPath(a.route).length || asks(b.route) - asks(a.route);
}

const plainPath = ({ path }: Route): string => path.replace(/\/+$/, '');

function asks({ match }: Route): number {
  const { headers = {}, cookies = {}, methods } = match ?? {};
  return Object.keys(headers).length + Object.keys(cookies).length + (methods ? 1 : 0);
}

interface RuleContext extends Context {
  readonly rewrite: string | null;
  readonly methods: readonly string[];
}

function ruleContext(app: App, { component, route }: Way): RuleContext {
  const { headers = {}, cookies, methods = [] } = route.match ?? {};
  return {
    path: plainPath(route) || '/',
    rewrite: route.rewrite ?? null,
    steps: stepsOf(route),
    // Headers have no capitals on their way, and Istio wants them so.
    headers: Object.entries(headers).map(([name, value]) => ({ name: name.toLowerCase(), value })),
    cookies: cookies ? cookiePattern(cookies) : null,
    methods,
    destination: { ...destinationOf(app, component.name), port: route.port ?? component.port },
    treatment: treatmentOf(app, component),
  };
}

/**
 * Istio's prefixes are of texts: `/api` would take `/apis` too. So a path is itself, or it and a slash begin one;
 * and these two are rewritten differently.
 */
function stepsOf(route: Route): Context[] {
  const path = plainPath(route);
  const below = { prefix: `${path}/` };
  const uris = path === '' ? [below] : [{ exact: path }, below];
  if (route.rewrite === undefined) return [{ uris, rewrite: null }];
  const rewrite = route.rewrite.replace(/\/+$/, '');
  return uris.map((uri) => ({
    uris: [uri],
    rewrite: 'exact' in uri ? rewrite || '/' : `${rewrite}/`,
  }));
}

/** An HTTPRoute has few rules; the Gateway API orders those of all objects of a host alike. */
const mostRules = 16;

function httpRoutes({ name, host, tls, rules: ofIstio }: HostContext): Context[] {
  const rules = ofIstio.flatMap(oneMatchEach);
  return Array.from({ length: Math.ceil(rules.length / mostRules) }, (_, part) => ({
    name: routePartName(name, part),
    host,
    tls,
    rules: rules.slice(part * mostRules, (part + 1) * mostRules),
  }));
}

/** There a rule that rewrites a path has one match. Source: Gateway API, HTTPRouteRule, the rules of the kind itself. */
function oneMatchEach(rule: RuleContext): RuleContext[] {
  if (rule.rewrite === null || rule.methods.length < 2) return [rule];
  return rule.methods.map((method) => ({ ...rule, methods: [method] }));
}

/** The ports of a Gateway of Istio's: by host plain or sent to TLS, by certificate, and the TCP ports. */
function serversOf(hosts: readonly HostContext[], tcp: readonly Context[]): Context[] {
  const names = (of: readonly HostContext[]): string[] => of.map(({ host }) => host);
  const plain = hosts.filter(({ tls }) => !tls);
  const secured = hosts.filter(({ tls }) => tls);
  const server = { redirect: false, certificate: null };
  return [
    ...(plain.length > 0
      ? [{ ...server, name: 'http', port: 80, protocol: 'HTTP', hosts: names(plain) }]
      : []),
    ...(secured.length > 0
      ? [
          {
            ...server,
            name: 'http-to-https',
            port: 80,
            protocol: 'HTTP',
            hosts: names(secured),
            redirect: true,
          },
        ]
      : []),
    ...[...Map.groupBy(secured, ({ certificate }) => certificate)].map(([certificate, of]) => ({
      ...server,
      name: `https-${certificate}`,
      port: 443,
      protocol: 'HTTPS',
      hosts: names(of),
      certificate,
    })),
    ...tcp.map(({ port, certificate }) => ({
      ...server,
      name: `tcp-${port}`,
      port,
      protocol: certificate === null ? 'TCP' : 'TLS',
      hosts: ['*'],
      certificate,
    })),
  ];
}
