import type { App, Component, Probe } from '../model/app.ts';
import { objectName, selectorLabels, stableTrack } from './names.ts';

/** Longest time in which one instance may become ready before Kubernetes calls a rollout stuck. */
const leastProgressDeadline = 600;

/** What templates know of a component: its values as the file says them, and what follows from them. */
export function componentContext(app: App, component: Component): Record<string, unknown> {
  return {
    name: component.name,
    object_name: objectName(app.name, component.name, app.environment.namespaces?.shared ?? false),
    selector: selectorLabels(app.name, component.name, app.environment.name, stableTrack),
    image: component.image,
    entrypoint: component.entrypoint?.map(literal) ?? null,
    command: component.command?.map(literal) ?? null,
    port: component.port ?? null,
    env: component.env.map(({ name, value }) => ({ name, value: literal(value) })),
    instances: component.instances,
    resources: component.resources,
    health: {
      startup: probe(component.health.startup),
      readiness: probe(component.health.readiness),
      liveness: probe(component.health.liveness),
    },
    progress_deadline: leastProgressDeadline + timeToReady(component),
  };
}

/**
 * Kubernetes replaces `$(NAME)` in variables and arguments, and `$$` by `$`; here both are taken as they are written.
 * Source: Kubernetes API, EnvVar.value and Container.args.
 */
function literal(value: string): string {
  return /\$[$(]/.test(value) ? value.replaceAll('$', '$$$$') : value;
}

/** The longest time in seconds that the probes allow an instance until it is ready. */
function timeToReady(component: Component): number {
  const { startup, readiness } = component.health;
  return [startup, readiness].reduce(
    (sum, asked) => sum + (asked ? asked.delay + asked.interval * asked.failures : 0),
    0,
  );
}

function probe(asked: Probe | undefined): Record<string, unknown> | null {
  if (!asked) return null;
  return {
    ...handler(asked.check),
    initialDelaySeconds: asked.delay,
    periodSeconds: asked.interval,
    timeoutSeconds: asked.timeout,
    failureThreshold: asked.failures,
  };
}

function handler(check: Probe['check']): Record<string, unknown> {
  switch (check.type) {
    case 'http':
      return { httpGet: { path: check.path, port: check.port, scheme: 'HTTP' } };
    case 'tcp':
      return { tcpSocket: { port: check.port } };
    case 'grpc':
      return { grpc: { port: check.port } };
    case 'command':
      return { exec: { command: check.command } };
  }
}
