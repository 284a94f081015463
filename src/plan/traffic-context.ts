import type { App, Component } from '../model/app.ts';
import { routingOf } from '../model/routing.ts';
import { durationText } from './duration-text.ts';
import { nodePortName } from './names.ts';
import type { Context } from './template.ts';
import { destinationOf, isTreated, treatmentOf } from './treatment.ts';

const httpProtocols: readonly string[] = ['http', 'http2', 'grpc'];

/** What templates know of a component's traffic: where it goes, how it is treated, and who shares it out. */
export function trafficContext(app: App, component: Component): Context {
  const { traffic } = component;
  const { load_balancing: balancing, circuit_breaker: breaker, eject } = traffic ?? {};
  const http = component.ports.filter(({ protocol }) => httpProtocols.includes(protocol));
  return {
    destination: destinationOf(app, component.name),
    treatment: treatmentOf(app, component),
    // Of the mesh: at the gateway the routes carry it.
    treated_ports: isTreated(component) ? http.map(({ port }) => port) : [],
    balancing:
      balancing || breaker || eject
        ? {
            policy: balancing?.policy ?? null,
            hash: balancing?.consistent_hash
              ? {
                  cookie: balancing.consistent_hash.cookie ?? null,
                  header: balancing.consistent_hash.header ?? null,
                  source: balancing.consistent_hash.source ?? false,
                }
              : null,
            connections: breaker?.connections ?? null,
            waiting: breaker?.waiting_requests ?? null,
            eject: eject
              ? {
                  failures: eject.failures,
                  interval: durationText(eject.interval),
                  duration: durationText(eject.duration),
                  at_most: Math.floor(eject.at_most),
                }
              : null,
          }
        : null,
    node_ports: nodePorts(app, component),
    node_port_name: nodePortName(destinationOf(app, component.name).service),
  };
}

/**
 * Ports of the nodes that lead to a component: those that it asks for and, where the platform has no other way in,
 * one for each of its routes. `number` null: Kubernetes chooses one.
 */
function nodePorts(app: App, component: Component): Context[] {
  const only = routingOf(app.environment).type === 'node_port';
  const found = new Map<string, Context>();
  for (const route of component.routes) {
    const leadsTo = component.ports.find(({ port }) => port === (route.port ?? component.port));
    const number = route.node_port ?? (only ? route.tcp : undefined);
    if (!leadsTo || (number === undefined && !(only && route.host !== undefined))) continue;
    // Two numbers may lead to one port; the ports of a Service itself must differ.
    const port = number ?? leadsTo.port;
    found.set(String(port), {
      name: `port-${port}`,
      port,
      target: leadsTo.port,
      number: number ?? null,
      protocol: leadsTo.protocol === 'udp' ? 'UDP' : 'TCP',
    });
  }
  return [...found.values()];
}
