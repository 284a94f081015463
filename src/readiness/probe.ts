import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import type { ContainerPlace } from './container.ts';

/** What the last failed probe of an instance got, as the kubelet's event says it; undefined when none has failed. */
export function probeFailing(
  pod: KubeObject,
  events: readonly KubeObject[],
  at: ContainerPlace,
): Cause | undefined {
  const unhealthy = events
    .filter((event) => event.reason === 'Unhealthy' && event.involvedObject?.uid === pod.metadata.uid)
    .sort((a, b) => eventTime(a) - eventTime(b))
    .at(-1);
  const words = (unhealthy?.message as string | undefined)?.trim();
  if (!words) return undefined;
  return {
    code: 'probe-failing',
    class: 'budgeted',
    message: `It runs, but isn't ready: ${words}.`,
    key: 'health',
    ...at,
  };
}

function eventTime(event: KubeObject): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '');
}

/** How long the probes of a container allow it to become ready, in milliseconds. */
export function probeBudget(pod: KubeObject, container: string): number {
  const containers = (pod.spec?.containers ?? []) as {
    name: string;
    startupProbe?: ProbeSpec;
    readinessProbe?: ProbeSpec;
  }[];
  const spec = containers.find(({ name }) => name === container);
  return [spec?.startupProbe, spec?.readinessProbe].reduce(
    (sum, probe) =>
      sum +
      ((probe?.initialDelaySeconds ?? 0) + (probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0)) *
        1000,
    0,
  );
}

interface ProbeSpec {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}
