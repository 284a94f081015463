import type { App, Component, UsePart } from '../model/app.ts';
import { isShared } from './labels.ts';
import { objectName } from './names.ts';

/** The variables in which a component finds the other components that it uses. */
export function usedAddresses(app: App, component: Component): { name: string; value: string }[] {
  return component.uses.flatMap((use) => {
    const used = app.components.find(({ name }) => name === use.name);
    if (use.kind !== 'component' || used?.port === undefined) return [];
    const parts = addressOf(objectName(app.name, used.name, isShared(app)), used);
    if (use.variables) {
      return Object.entries(use.variables).flatMap(([name, part]) => variable(name, parts[part]));
    }
    const prefix = use.name.toUpperCase().replaceAll('-', '_');
    return Object.entries(parts).flatMap(([part, value]) =>
      variable(`${prefix}_${part.toUpperCase()}`, value),
    );
  });
}

function variable(name: string, value: string | undefined): { name: string; value: string }[] {
  return value === undefined ? [] : [{ name, value }];
}

function addressOf(host: string, { port, ports }: Component): Partial<Record<UsePart, string>> {
  const scheme = { http: 'http', http2: 'http', grpc: 'grpc', tcp: 'tcp', udp: 'udp' }[
    ports[0]?.protocol ?? 'http'
  ];
  return { url: `${scheme}://${host}:${port}`, host, port: String(port) };
}
