import type { App, Component } from '../model/app.ts';
import { tlsOf } from '../model/routing.ts';

/** The addresses at which the routes of a component are reached from outside, as far as they have a host. */
export function publicAddresses({ components, environment }: App, component: Component): string[] {
  const all = components.flatMap(({ routes }) => routes);
  return component.routes.flatMap(({ host, path, tcp }) => {
    if (host === undefined) return [];
    if (tcp !== undefined) return [`tcp://${host}:${tcp}`];
    const { tls } = tlsOf(
      all.filter((route) => route.host === host),
      environment,
    );
    return [`${tls ? 'https' : 'http'}://${host}${path}`];
  });
}
