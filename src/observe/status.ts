import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import { awaitedWorkloads } from '../deploy/awaited.ts';
import { makeRedactor } from '../deploy/redact.ts';
import { readinessOf, redacted } from '../deploy/wait.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys } from '../plan/names.ts';
import { type AutoscalerState, autoscalerState } from '../readiness/autoscaler.ts';
import type { Readiness } from '../readiness/cause.ts';
import type { Freeze } from '../releases/freeze.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { listRecords, readRelease } from '../releases/store.ts';

export interface ComponentStatus extends Readiness {
  readonly name: string;
  /** What scales it, where it hasn't a fixed number of instances. */
  readonly autoscaler?: AutoscalerState;
}

/** What is true now. */
export interface Status {
  /** The newest release, however it ended; undefined when there is none. */
  readonly release: ReleaseSummary | undefined;
  readonly components: readonly ComponentStatus[];
  /** Somebody wants nothing to be changed for a while. */
  readonly freeze?: Freeze;
}

/** Reads how an app is: the components of its newest release as they are in the cluster. */
export async function readStatus(cluster: Cluster, owner: Owner, now: number): Promise<Status> {
  const { releases, freeze: frozen } = await listRecords(cluster, owner);
  const freeze = frozen && { freeze: frozen.freeze };
  const newest = releases[0]?.summary;
  const release = newest && (await readRelease(cluster, owner, newest.number));
  if (!release) return { release: newest, components: [], ...freeze };
  const labelSelector = `${labelKeys.app}=${owner.app},${labelKeys.environment}=${owner.environment}`;
  const list = async (apiVersion: string, kind: string, selector?: string) => {
    const options = {
      apiVersion,
      kind,
      namespace: owner.namespace,
      ...(selector && { labelSelector: selector }),
    };
    return (await listObjects(cluster, options)).items;
  };
  const optional = (error: unknown): KubeObject[] => {
    if (isStatus(error, 403)) return [];
    throw error;
  };
  const [deployments, statefulSets, replicaSets, pods, events, claims] = await Promise.all([
    list('apps/v1', 'Deployment', labelSelector),
    list('apps/v1', 'StatefulSet', labelSelector),
    list('apps/v1', 'ReplicaSet', labelSelector),
    list('v1', 'Pod', labelSelector),
    // Events only say why a probe fails; the rest stands without the right to read them.
    list('v1', 'Event').catch(optional),
    list('v1', 'PersistentVolumeClaim').catch(optional),
  ]);
  const autoscaled = release.plan.scale.filter(({ autoscaler }) => autoscaler);
  const kinds = new Set(autoscaled.map(({ autoscaler }) => autoscaler!.kind));
  // KEDA's objects make others of Kubernetes' own kind.
  const autoscalers = (
    await Promise.all([
      kinds.size > 0 ? list('autoscaling/v2', 'HorizontalPodAutoscaler', labelSelector) : [],
      kinds.has('ScaledObject') ? list('keda.sh/v1alpha1', 'ScaledObject', labelSelector) : [],
    ])
  ).flat();
  const autoscalerOf = new Map(
    autoscaled.map(({ component, autoscaler }) => [component, autoscalerState(autoscaler!, autoscalers)]),
  );
  const facts = { workloads: [...deployments, ...statefulSets], replicaSets, pods, events, claims };
  const found = readinessOf(awaitedWorkloads(release.plan), facts, now);
  // What a check got may be in the program's own words.
  const redact = [...found.values()].some(({ cause }) => cause)
    ? await makeRedactor(cluster, owner.namespace)(pods)
    : undefined;
  const readiness = new Map([...found].map(([name, one]) => [name, redact ? redacted(one, redact) : one]));
  return {
    release: release.summary,
    ...freeze,
    components: [...readiness].map(([name, component]) => {
      const autoscaler = autoscalerOf.get(name);
      return { name, ...component, ...(autoscaler && { autoscaler }) };
    }),
  };
}
