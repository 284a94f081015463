import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause } from './cause.ts';
import type { ContainerStatus } from './container.ts';
import { describeExit } from './ended-container.ts';
import { probeBudget, probeFailing } from './probe.ts';
import { describeWaiting } from './waiting-container.ts';

/** Restarts that are forgiven. */
const restartBudget = 2;
/** Beyond what its probes allow, how long in milliseconds an instance may run without becoming ready. */
const patience = 180_000;

/** What keeps an instance from being ready, if anything does, and whether that is a failure by now. */
export function podCause(
  pod: KubeObject,
  events: readonly KubeObject[],
  now: number,
): { cause: Cause; failed: boolean } | undefined {
  // One that was evicted or lost its node is replaced by another.
  if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Failed') return undefined;
  const unscheduled = unschedulable(pod);
  if (unscheduled) return { cause: unscheduled, failed: false };
  const statuses = (pod.status?.containerStatuses ?? []) as ContainerStatus[];
  for (const status of statuses.filter((candidate) => !candidate.ready)) {
    const found = containerCause(pod, status, events, now);
    if (found) return found;
  }
  return undefined;
}

function containerCause(
  pod: KubeObject,
  status: ContainerStatus,
  events: readonly KubeObject[],
  now: number,
): { cause: Cause; failed: boolean } | undefined {
  const at = { pod: pod.metadata.name, container: status.name };
  const { waiting, running, terminated } = status.state ?? {};
  const last = terminated ?? status.lastState?.terminated;
  const waitingCause = waiting && describeWaiting(waiting, at);
  if (waitingCause) return { cause: waitingCause, failed: waitingCause.class === 'hopeless' };
  if (last && !running) {
    const cause = describeExit(last, status, at);
    return { cause, failed: cause.class === 'hopeless' || status.restartCount >= restartBudget };
  }
  if (running) {
    const cause = probeFailing(pod, events, at);
    const since = Date.parse(running.startedAt ?? '');
    return cause && { cause, failed: now - since > probeBudget(pod, status.name) + patience };
  }
  return undefined;
}

function unschedulable(pod: KubeObject): Cause | undefined {
  const conditions = (pod.status?.conditions ?? []) as {
    type: string;
    status: string;
    reason?: string;
    message?: string;
  }[];
  const found = conditions.find(
    ({ type, status, reason }) => type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
  );
  return (
    found && {
      code: 'unschedulable',
      class: 'waiting',
      message: `No node has room for it: ${found.message ?? ''}`,
      pod: pod.metadata.name,
      key: 'resources',
    }
  );
}
