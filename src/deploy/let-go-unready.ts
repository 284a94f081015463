import { setTimeout as sleep } from 'node:timers/promises';
import { refOf } from '../changes/read-state.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { deleteObject, getObject, listObjects } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import { labelKeys } from '../plan/names.ts';
import { manifestsOf, type Plan } from '../plan/plan.ts';

/** Milliseconds: how often it is asked whether the cluster has taken notice, and how long at most. */
const askAgainAfter = 200;
const patience = 10_000;
const revision = 'controller-revision-hash';

/**
 * Removes instances of a revision that failed, where Kubernetes itself would wait for them for ever: a StatefulSet
 * with ordered start renews nothing while one isn't ready, what it is told next included. They come back as they should
 * be. Source: Kubernetes, StatefulSets, "Forced rollback".
 */
export async function* letGoUnready(
  cluster: Cluster,
  plan: Plan,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const ordered = manifestsOf(plan).filter(({ kind, spec }) => {
    const policy = (spec as { podManagementPolicy?: string } | undefined)?.podManagementPolicy;
    return kind === 'StatefulSet' && policy !== 'Parallel';
  });
  for (const manifest of ordered) {
    const set = await noticed(cluster, manifest as KubeObject, signal);
    if (!set) continue;
    const { items } = await listObjects(cluster, {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: plan.namespace,
      labelSelector: `${labelKeys.app}=${plan.app},${labelKeys.environment}=${plan.environment}`,
    });
    for (const pod of items.filter((one) => isStuck(one, set))) {
      const { uid } = pod.metadata;
      if (await deleteObject(cluster, refOf(pod), { uid })) {
        yield { type: 'done', action: 'delete', object: `pod/${pod.metadata.name}` };
      }
    }
  }
}

/** The StatefulSet once its controller knows what it was told last. */
async function noticed(
  cluster: Cluster,
  manifest: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const until = performance.now() + patience;
  for (;;) {
    const set = await getObject(cluster, refOf(manifest));
    const seen = set && (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
    if (!set || seen || performance.now() > until) return set;
    await sleep(askAgainAfter, undefined, { signal });
  }
}

function isStuck(pod: KubeObject, set: KubeObject): boolean {
  const conditions = (pod.status?.conditions ?? []) as { type: string; status: string }[];
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const own = pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) ?? false;
  return (
    own &&
    !ready &&
    !pod.metadata.deletionTimestamp &&
    pod.metadata.labels?.[revision] !== set.status?.updateRevision
  );
}
