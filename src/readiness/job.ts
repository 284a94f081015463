import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import type { ContainerStatus } from './container.ts';
import { describeExit } from './ended-container.ts';
import { podCause } from './pod.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Whether a job has ended, and why it failed. */
export function jobReadiness(
  job: KubeObject,
  facts: { readonly pods: readonly KubeObject[]; readonly events: readonly KubeObject[] },
  now: number,
): Readiness {
  const holds = (...types: string[]): Condition | undefined =>
    ((job.status?.conditions ?? []) as Condition[]).find(
      ({ type, status }) => types.includes(type) && status === 'True',
    );
  if (holds('Complete')) return { state: 'ready', ready: 1, wanted: 1, message: 'has ended well' };
  const pods = facts.pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid),
  );
  const failed = holds('Failed', 'FailureTarget');
  if (failed) {
    const cause = pods.map(endOf).find((found) => found !== undefined);
    const message = cause?.message ?? failed.message ?? 'It failed.';
    const known: Cause = cause ?? { code: 'not-ready', class: 'hopeless', message };
    return { state: 'failed', ready: 0, wanted: 1, message, cause: known };
  }
  // What has ended well is about to be noted as complete.
  const unended = pods.filter(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running');
  const causes = unended
    .map((pod) => podCause(pod, facts.events, now))
    .filter((found) => found !== undefined && found.cause.code !== 'exited');
  const hopeless = causes.find((found) => found?.failed && found.cause.class === 'hopeless');
  if (hopeless) {
    return { state: 'failed', ready: 0, wanted: 1, message: hopeless.cause.message, cause: hopeless.cause };
  }
  const runs = pods.some(({ status }) => status?.phase === 'Running');
  const cause = causes[0]?.cause;
  return {
    state: 'progressing',
    ready: 0,
    wanted: 1,
    message: runs ? 'runs' : 'is starting',
    ...(cause && { cause }),
  };
}

/** How a pod's program ended, where it ended badly. */
function endOf(pod: KubeObject): Cause | undefined {
  for (const status of (pod.status?.containerStatuses ?? []) as ContainerStatus[]) {
    const ended = status.state?.terminated;
    if (ended && ended.exitCode !== 0) {
      return {
        ...describeExit(ended, status, { pod: pod.metadata.name, container: status.name }),
        previous: false,
      };
    }
  }
  return undefined;
}
