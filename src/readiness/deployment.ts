import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import { conditionsOf } from './condition.ts';
import type { Facts } from './facts.ts';
import { failedOf, instanceCauses } from './instances.ts';
import { madeBy } from './lookup.ts';
import { replicaFailure } from './refused.ts';

const revision = 'deployment.kubernetes.io/revision';

/** What is known of a Deployment and of what it made. */
export interface DeploymentFacts extends Omit<Facts, 'workloads'> {
  readonly deployment: KubeObject;
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
  const newest = newestReplicaSet(facts);
  const old = (status.replicas ?? 0) - updated;
  // The Deployment counts old instances too: what of them serves is not what was asked for.
  const available: number =
    newest?.status?.availableReplicas ?? Math.max(0, (status.availableReplicas ?? 0) - Math.max(0, old));
  const ready = Math.min(updated, available);
  const progressing = (message: string, cause?: Cause): Readiness => ({
    state: 'progressing',
    ready,
    wanted,
    ...(old > 0 && { old }),
    message,
    ...(cause && { cause }),
  });
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { ...progressing('waits for the cluster to take notice'), unnoticed: true };
  }
  const causes = instanceCauses(newestPods(facts), { ...facts, workloads: [] }, now);
  const refused = newest && replicaFailure(newest);
  const failed = causes.failed ?? (refused?.class === 'hopeless' ? refused : undefined);
  if (failed && ready < wanted) return failedOf(failed, ready, wanted);
  const cause = refused ?? causes.first;
  if (stuck(facts)) {
    const message = 'Its instances did not become ready in time.';
    return failedOf(cause ?? { code: 'not-ready', class: 'budgeted', message }, ready, wanted);
  }
  if (updated < wanted) return progressing(`${updated} of ${wanted} instances started`, cause);
  if (ready < wanted) return progressing(`${ready} of ${wanted} instances ready`, cause);
  if (old > 0) return progressing(`${old} old ${old === 1 ? 'instance is' : 'instances are'} ending`);
  return { state: 'ready', ready, wanted, message: wanted === 0 ? 'no instances asked for' : 'ready' };
}

function newestReplicaSet({
  deployment,
  replicaSets,
}: Pick<DeploymentFacts, 'deployment' | 'replicaSets'>): KubeObject | undefined {
  const number = deployment.metadata.annotations?.[revision];
  return madeBy(replicaSets, deployment.metadata.uid).find(
    ({ metadata }) => metadata.annotations?.[revision] === number,
  );
}

/** The pods of the newest revision. */
export function newestPods(
  facts: Pick<DeploymentFacts, 'deployment' | 'replicaSets' | 'pods'>,
): readonly KubeObject[] {
  return madeBy(facts.pods, newestReplicaSet(facts)?.metadata.uid);
}

/**
 * What Kubernetes itself calls stuck, by its own clock: nothing has changed for the deployment's progress deadline.
 * Where it was so before anybody waited, that is an old verdict.
 */
function stuck({ deployment, before }: DeploymentFacts): boolean {
  return isStuck(deployment) && !before?.stuck.has(deployment.metadata.uid ?? '');
}

export function isStuck(deployment: KubeObject): boolean {
  return conditionsOf(deployment).some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
}
