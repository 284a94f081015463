import type { KubeObject } from '../cluster/cluster.ts';
import type { Cause, Readiness } from './cause.ts';
import type { Facts } from './facts.ts';
import { failedOf, instanceCauses } from './instances.ts';
import { madeBy } from './lookup.ts';
import { creationRefused } from './refused.ts';

/** The label by which the pods of a revision are known. Source: Kubernetes API, apps/v1 ControllerRevision. */
const revision = 'controller-revision-hash';

/**
 * Whether a StatefulSet serves what it was last told. It has no deadline of its own: what keeps a pod of the newest
 * revision from being ready is all there is to know.
 */
export function statefulSetReadiness(
  set: KubeObject,
  facts: Omit<Facts, 'workloads' | 'replicaSets'>,
  now: number,
): Readiness {
  const status = set.status ?? {};
  const wanted: number = set.spec?.replicas ?? 1;
  const isCurrent = status.currentRevision === status.updateRevision;
  const updated: number = isCurrent ? (status.replicas ?? 0) : (status.updatedReplicas ?? 0);
  const old = Math.min(wanted, (status.replicas ?? 0) - updated);
  const ready = Math.min(updated, status.availableReplicas ?? 0);
  const progressing = (message: string, cause?: Cause): Readiness => ({
    state: 'progressing',
    ready,
    wanted,
    ...(old > 0 && { old }),
    message,
    ...(cause && { cause }),
  });
  if ((status.observedGeneration ?? 0) < (set.metadata.generation ?? 0)) {
    return { ...progressing('waits for the cluster to take notice'), unnoticed: true };
  }
  const own = newestPodsOfSet(set, facts.pods);
  const causes = instanceCauses(own, { ...facts, workloads: [], replicaSets: [] }, now);
  const refused = own.length < wanted ? creationRefused(set, facts) : undefined;
  const failed = causes.failed ?? (refused?.class === 'hopeless' ? refused : undefined);
  if (failed && ready < wanted) return failedOf(failed, ready, wanted);
  const cause = refused ?? causes.first;
  if (updated < wanted) return progressing(`${updated} of ${wanted} instances started`, cause);
  if (ready < wanted) return progressing(`${ready} of ${wanted} instances ready`, cause);
  const over = (status.replicas ?? 0) - wanted;
  if (over > 0) return progressing(`${over} ${over === 1 ? 'instance is' : 'instances are'} ending`);
  return { state: 'ready', ready, wanted, message: wanted === 0 ? 'no instances asked for' : 'ready' };
}

/** The pods of the newest revision. */
export function newestPodsOfSet(set: KubeObject, pods: readonly KubeObject[]): readonly KubeObject[] {
  return madeBy(pods, set.metadata.uid).filter(
    ({ metadata }) => metadata.labels?.[revision] === set.status?.updateRevision,
  );
}
