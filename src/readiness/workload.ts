import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { beingDeleted } from './deleted.ts';
import { deploymentReadiness, newestPods } from './deployment.ts';
import type { Facts } from './facts.ts';
import { hasEnded, jobReadiness, podsOfJob } from './job.ts';
import { named } from './lookup.ts';
import { objectReadiness } from './object.ts';
import { isReady } from './object-state.ts';
import { newestPodsOfSet, statefulSetReadiness } from './stateful-set.ts';

export type { Facts };

/** What is waited for: the workload of a component, a job, or another object, such as a route. */
export interface Awaited {
  /** By which it is told: of another object `httproute/web`. */
  readonly component: string;
  /** Only of an object that is no workload. */
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name: string;
  /** How many instances it is to have; of a job one. */
  readonly replicas: number;
  /** Of another object: the component that it belongs to, where it does to one. */
  readonly of?: string;
  /** Other components that it uses. */
  readonly uses?: readonly string[];
}

/** Whether a workload does what it was last told. */
export function workloadReadiness(awaited: Awaited, facts: Facts, now: number): Readiness {
  const { kind, replicas } = awaited;
  if (facts.unwatched?.has(kind)) return isReady('may not be watched');
  const workload = awaitedObject(awaited, facts);
  if (!workload) return { state: 'progressing', ready: 0, wanted: replicas, message: 'is not there' };
  const readiness = readinessByKind(workload, facts, now);
  // A job that has ended has done its work, whoever removes it then.
  const isEnding = workload.metadata.deletionTimestamp && !(kind === 'Job' && hasEnded(workload));
  return isEnding ? beingDeleted(workload, readiness) : readiness;
}

function readinessByKind(workload: KubeObject, facts: Facts, now: number): Readiness {
  const { kind } = workload;
  if (kind === 'Job') return jobReadiness(workload, facts, now);
  if (kind === 'StatefulSet') return statefulSetReadiness(workload, facts, now);
  if (kind === 'Deployment') return deploymentReadiness({ deployment: workload, ...facts }, now);
  return objectReadiness(workload, facts);
}

/** Whether it isn't there, as far as that may be seen. */
export function isAbsent(awaited: Awaited, facts: Facts): boolean {
  return !facts.unwatched?.has(awaited.kind) && !awaitedObject(awaited, facts);
}

function awaitedObject(
  { apiVersion, kind, name }: Omit<Awaited, 'component' | 'replicas'>,
  { workloads }: Facts,
) {
  return named(workloads, `${kind}/${name}`).find(
    (one) => apiVersion === undefined || one.apiVersion === apiVersion,
  );
}

/** What an awaited object is known by to change: its instances, or itself where it has none. */
export function watchedOf(awaited: Awaited, facts: Facts): readonly KubeObject[] {
  return isWorkload(awaited.kind)
    ? instancesOf(awaited, facts)
    : [awaitedObject(awaited, facts) ?? []].flat();
}

const isWorkload = (kind: string): boolean => ['Deployment', 'StatefulSet', 'Job'].includes(kind);

/** The instances of a workload that count: those of its newest revision. */
export function instancesOf(awaited: Pick<Awaited, 'kind' | 'name'>, facts: Facts): readonly KubeObject[] {
  const { kind } = awaited;
  const workload = awaitedObject(awaited, facts);
  if (!workload || !isWorkload(kind)) return [];
  if (kind === 'Job') return podsOfJob(workload, facts.pods);
  if (kind === 'StatefulSet') return newestPodsOfSet(workload, facts.pods);
  return newestPods({ deployment: workload, ...facts });
}
