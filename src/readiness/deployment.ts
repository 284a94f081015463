import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import { podCause } from './pod.ts';

const revision = 'deployment.kubernetes.io/revision';

/** What is known of a Deployment and of what it made. */
export interface DeploymentFacts {
  readonly deployment: KubeObject;
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly events: readonly KubeObject[];
}

/**
 * Whether a Deployment serves what it was last told. Only instances of its newest revision count: an old one that
 * still serves says nothing of the new one.
 */
export function deploymentReadiness(facts: DeploymentFacts, now: number): Readiness {
  const { deployment } = facts;
  const status = deployment.status ?? {};
  const wanted: number = deployment.spec?.replicas ?? 1;
  const updated: number = status.updatedReplicas ?? 0;
  const ready = Math.min(updated, status.availableReplicas ?? 0);
  const progressing = (message: string, cause?: Cause): Readiness => ({
    state: 'progressing',
    ready,
    wanted,
    message,
    ...(cause && { cause }),
  });
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return progressing('waits for the cluster to take notice');
  }
  const causes = newestPods(facts)
    .map((pod) => podCause(pod, facts.events, now))
    .filter((found) => found !== undefined);
  const failed = causes.find((found) => found.failed);
  if (failed) return { state: 'failed', ready, wanted, message: failed.cause.message, cause: failed.cause };

  const refused = replicaFailure(deployment);
  if (refused) return progressing(refused.message, refused);
  const cause = causes[0]?.cause;
  if (stuck(deployment)) {
    const message = 'Its instances did not become ready in time.';
    return {
      state: 'failed',
      ready,
      wanted,
      message,
      cause: cause ?? { code: 'not-ready', class: 'budgeted', message },
    };
  }
  if (updated < wanted) return progressing(`${updated} of ${wanted} instances started`, cause);
  if (ready < wanted) return progressing(`${ready} of ${wanted} instances ready`, cause);
  const old = (status.replicas ?? 0) - updated;
  if (old > 0) return progressing(`${old} old ${old === 1 ? 'instance is' : 'instances are'} ending`);
  return { state: 'ready', ready, wanted, message: wanted === 0 ? 'no instances asked for' : 'ready' };
}

/** The pods of the newest revision. */
export function newestPods({ deployment, replicaSets, pods }: DeploymentFacts): KubeObject[] {
  const number = deployment.metadata.annotations?.[revision];
  const newest = replicaSets.find(
    (set) =>
      set.metadata.annotations?.[revision] === number &&
      set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid),
  );
  return pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid }) => uid === newest?.metadata.uid));
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Pods that may not even be created: a quota, an admission rule. */
function replicaFailure(deployment: KubeObject): Cause | undefined {
  const conditions = (deployment.status?.conditions ?? []) as Condition[];
  const found = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (!found) return undefined;
  const words = found.message ?? '';
  const quota = /exceeded quota|quota/.test(words);
  return {
    code: quota ? 'quota' : 'instances-refused',
    class: 'waiting',
    message: quota ? `The namespace's quota has no room: ${words}` : `Its instances are refused: ${words}`,
    ...(quota && { key: 'resources' }),
  };
}

function stuck(deployment: KubeObject): boolean {
  const conditions = (deployment.status?.conditions ?? []) as Condition[];
  return conditions.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
}
