import type { KubeObject } from '../cluster/cluster.ts';
import { ownContainer } from '../instances/own-container.ts';
import { labelKeys } from '../plan/names.ts';
import type { ContainerStatus } from '../readiness/container.ts';

/** The newest run of an instance's program: a container that was started again has a log of its own. */
export interface LogRun {
  /** Counted from 0; -1 where it has never begun. */
  readonly number: number;
  readonly ended: boolean;
  /** Whether the log of the run before this one is still there. */
  readonly hasPrevious: boolean;
}

export function componentOf(pod: KubeObject): string {
  return pod.metadata.labels?.[labelKeys.component] ?? '';
}

/** The container of the component's own program. */
export function containerOf(pod: KubeObject): string {
  return ownContainer(pod, componentOf(pod)) ?? '';
}

/** The newest run that has begun. */
export function runOf(pod: KubeObject): LogRun {
  const container = containerOf(pod);
  const statuses = (pod.status?.containerStatuses ?? []) as ContainerStatus[];
  const status = statuses.find(({ name }) => name === container);
  const { state, lastState, restartCount = 0 } = status ?? {};
  if (state?.running || state?.terminated)
    return { number: restartCount, ended: !state.running, hasPrevious: Boolean(lastState?.terminated) };
  // Between two runs the last one is the newest.
  if (lastState?.terminated) return { number: restartCount, ended: true, hasPrevious: false };
  return { number: -1, ended: true, hasPrevious: false };
}
