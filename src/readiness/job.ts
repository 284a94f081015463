import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import { holds } from './condition.ts';
import type { ContainerSpec, ContainerStatus } from './container.ts';
import { describeExit } from './ended-container.ts';
import { type Facts, findingKey } from './facts.ts';
import { failedOf } from './instances.ts';
import { madeBy } from './lookup.ts';
import { ousted } from './node-trouble.ts';
import { podCause } from './pod.ts';
import { creationRefused } from './refused.ts';

/** Whether a job has ended, and why it failed. */
export function jobReadiness(
  job: KubeObject,
  facts: Omit<Facts, 'workloads' | 'replicaSets'>,
  now: number,
): Readiness {
  if (holds(job, 'Complete')) return { state: 'ready', ready: 1, wanted: 1, message: 'has ended well' };
  const pods = podsOfJob(job, facts.pods);
  const failed = holds(job, 'Failed', 'FailureTarget');
  if (failed) {
    const cause = pods.map((pod) => endOf(pod, facts)).find((found) => found !== undefined);
    return failedOf(cause ?? jobFailed(failed.reason, failed.message), 0, 1);
  }
  // What has ended well is about to be noted as complete.
  const unended = pods.filter(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running');
  const causes = unended
    .map((pod) => podCause(pod, facts, now))
    .filter((found) => found !== undefined && found.cause.code !== 'exited');
  const refused = pods.length === 0 ? creationRefused(job, facts) : undefined;
  const hopeless =
    causes.find((found) => found?.failed && found.cause.class === 'hopeless')?.cause ??
    (refused?.class === 'hopeless' ? refused : undefined);
  if (hopeless) return failedOf(hopeless, 0, 1);
  const runs = pods.some(({ status }) => status?.phase === 'Running');
  const cause = refused ?? causes[0]?.cause;
  return {
    state: 'progressing',
    ready: 0,
    wanted: 1,
    message: runs ? 'runs' : 'is starting',
    ...(cause && { cause }),
  };
}

/** Whether nothing becomes of a job any more, well or badly. */
export function hasEnded(job: KubeObject): boolean {
  return holds(job, 'Complete', 'Failed') !== undefined;
}

export function podsOfJob(job: KubeObject, pods: readonly KubeObject[]): readonly KubeObject[] {
  return madeBy(pods, job.metadata.uid);
}

/** A job of which no instance says why. Source: Kubernetes, batch/v1 JobReason constants. */
function jobFailed(reason: string | undefined, words: string | undefined): Cause {
  const late = reason === 'DeadlineExceeded';
  const message = late ? 'The job ran longer than it may.' : `The job failed: ${words ?? 'nobody says why'}.`;
  return { code: 'job-failed', class: 'hopeless', message };
}

/** How a pod's program ended, where it ended badly. */
function endOf(pod: KubeObject, facts: Pick<Facts, 'events' | 'before' | 'findings'>): Cause | undefined {
  const specs = (pod.spec?.containers ?? []) as ContainerSpec[];
  for (const status of (pod.status?.containerStatuses ?? []) as ContainerStatus[]) {
    const ended = status.state?.terminated;
    if (ended && ended.exitCode !== 0) {
      const at = { pod: pod.metadata.name, container: status.name };
      const spec = specs.find(({ name }) => name === status.name);
      const lines = facts.findings?.get(findingKey(pod, status.name, status.restartCount))?.lines ?? [];
      return { ...describeExit(ended, status, at, spec, lines), previous: false };
    }
  }
  return ousted(pod, facts);
}
