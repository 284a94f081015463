import type { KubeObject } from '../cluster/cluster.ts';
import { conditionsOf } from './condition.ts';
import type { ContainerStatus } from './container.ts';
import { eventsAbout, type Facts } from './facts.ts';

/** Events that come again and again while nothing gets further. */
const repeated = new Set([
  'BackOff',
  'Unhealthy',
  'FailedScheduling',
  'FailedMount',
  'FailedCreatePodSandBox',
]);

/**
 * Everything about instances, or an object that has none, that changes when they get further, as a text to compare: which there are, the state of
 * their containers, and what happened to them, but for what only repeats itself.
 */
export function activityOf(pods: readonly KubeObject[], facts: Facts): string {
  return JSON.stringify(
    pods.map((pod) => [
      pod.metadata.uid,
      pod.status?.phase,
      // Of other objects: what their controllers say.
      [pod.status?.observedGeneration, pod.status?.parents, pod.status?.listeners, pod.status?.loadBalancer],
      conditionsOf(pod).map(({ type, status }) => `${type} ${status}`),
      statusesOf(pod).map(({ name, ready, restartCount, state }) => [
        name,
        ready,
        restartCount,
        Object.keys(state ?? {})[0],
      ]),
      eventsAbout(pod, facts)
        .filter(({ reason }) => !repeated.has(reason as string))
        .map(({ reason, message }) => `${reason} ${message}`),
    ]),
  );
}

function statusesOf({ status }: KubeObject): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
