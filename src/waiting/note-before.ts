import type { KubeObject } from '../cluster/cluster.ts';
import { activityOf } from '../readiness/activity.ts';
import type { ContainerStatus } from '../readiness/container.ts';
import { isStuck } from '../readiness/deployment.ts';
import { type Before, containerKey, type Facts, findingKey } from '../readiness/facts.ts';
import { restartBudget } from '../readiness/patience.ts';

/** What a wait remembers: how all was when it began, and since when each thing is as it is. */
export interface Notes {
  readonly before: Before;
  /** Takes notice of what is new. `now`: milliseconds. */
  readonly see: (facts: Facts, now: number) => void;
  /** What these instances did until now doesn't count any more. */
  readonly forgive: (pods: readonly KubeObject[], now: number) => void;
  /** For how many milliseconds nothing has changed of a component with these instances. */
  readonly quietFor: (component: string, pods: readonly KubeObject[], facts: Facts, now: number) => number;
  /** Time in which the cluster didn't answer is nobody's. */
  readonly leaveOut: (milliseconds: number) => void;
}

/** Notes of a wait that begins with these facts. */
export function takeNotes(facts: Facts): Notes {
  const restarts = new Map<string, number>();
  const spent = new Set<string>();
  const running = new Map<string, number>();
  const quiet = new Map<string, { activity: string; since: number }>();
  const each = (
    pods: readonly KubeObject[],
    act: (pod: KubeObject, status: ContainerStatus) => void,
  ): void => {
    for (const pod of pods) for (const status of statusesOf(pod)) act(pod, status);
  };
  each(facts.pods, (pod, { name, restartCount }) => {
    if (restartCount < restartBudget) return;
    restarts.set(containerKey(pod, name), restartCount);
    spent.add(containerKey(pod, name));
  });
  const before: Before = {
    restarts,
    spent,
    running,
    gone: new Set(
      facts.pods
        .filter(({ status }) => status?.phase === 'Failed' || status?.phase === 'Succeeded')
        .map(({ metadata }) => metadata.uid ?? ''),
    ),
    stuck: new Set(facts.workloads.filter(isStuck).map(({ metadata }) => metadata.uid ?? '')),
    // Of instances that are there their events still tell something; of what makes them they may be long outdated.
    events: new Map(
      facts.events
        .filter(({ involvedObject }) => involvedObject?.kind !== 'Pod')
        .map(({ metadata }) => [metadata.uid ?? '', metadata.resourceVersion ?? '']),
    ),
  };
  return {
    before,
    see: ({ pods }, now) =>
      each(pods, (pod, { name, restartCount, state }) => {
        const key = findingKey(pod, name, restartCount);
        if (state?.running && !running.has(key)) running.set(key, now);
      }),
    forgive: (pods, now) =>
      each(pods, (pod, { name, restartCount }) => {
        restarts.set(containerKey(pod, name), restartCount);
        spent.delete(containerKey(pod, name));
        running.set(findingKey(pod, name, restartCount), now);
      }),
    quietFor: (component, pods, all, now) => {
      const activity = activityOf(pods, all);
      const last = quiet.get(component);
      if (last?.activity === activity) return now - last.since;
      quiet.set(component, { activity, since: now });
      return 0;
    },
    leaveOut: (milliseconds) => {
      for (const [key, since] of running) running.set(key, since + milliseconds);
      for (const last of quiet.values()) last.since += milliseconds;
    },
  };
}

function statusesOf({ status }: KubeObject): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}
