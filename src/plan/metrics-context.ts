import type { App, Component } from '../model/app.ts';
import { monitoringOf } from '../model/routing.ts';
import { durationText } from './duration-text.ts';
import { isShared } from './labels.ts';
import type { Context } from './template.ts';

/** What templates know of how an app is watched. */
export function monitoringContext(app: App): Context {
  const { type, labels = {} } = monitoringOf(app.environment);
  return { type, labels };
}

/** Where a component's own metrics are; null where it doesn't say. */
export function metricsContext({ metrics, port, ports }: Component): Context | null {
  const number = metrics?.port ?? port;
  if (!metrics || number === undefined) return null;
  const declared = ports.find((one) => one.port === number);
  return {
    port: number,
    port_name: declared?.name ?? `metrics-${number}`,
    declared: declared !== undefined,
    path: metrics.path,
    interval: durationText(metrics.interval),
  };
}

/**
 * What selects the series of a component's containers (kube-state-metrics): the container has the component's name,
 * and in a shared namespace the names of pods begin with the app's. Kubernetes may cut the end of long ones.
 */
export function seriesSelector(app: App, component: Component, namespace: string, name: string): string {
  const pods = isShared(app) ? `,pod=~"${name.slice(0, 40)}.*"` : '';
  return `namespace="${namespace}",container="${component.name}"${pods}`;
}
