import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { deploymentReadiness, newestPods } from './deployment.ts';
import type { Facts } from './facts.ts';
import { jobReadiness, podsOfJob } from './job.ts';
import { newestPodsOfSet, statefulSetReadiness } from './stateful-set.ts';

export type { Facts };

/** What is waited for: the workload of a component. */
export interface Awaited {
  readonly component: string;
  readonly kind: string;
  readonly name: string;
  /** How many instances it is to have; of a job one. */
  readonly replicas: number;
  /** Other components that it uses. */
  readonly uses?: readonly string[];
}

/** Whether a workload does what it was last told. */
export function workloadReadiness({ kind, name, replicas }: Awaited, facts: Facts, now: number): Readiness {
  const workload = facts.workloads.find((one) => one.kind === kind && one.metadata.name === name);
  if (!workload) return { state: 'progressing', ready: 0, wanted: replicas, message: 'is not there' };
  if (kind === 'Job') return jobReadiness(workload, facts, now);
  if (kind === 'StatefulSet') return statefulSetReadiness(workload, facts, now);
  return deploymentReadiness({ deployment: workload, ...facts }, now);
}

/** The instances of a workload that count: those of its newest revision. */
export function instancesOf({ kind, name }: Pick<Awaited, 'kind' | 'name'>, facts: Facts): KubeObject[] {
  const workload = facts.workloads.find((one) => one.kind === kind && one.metadata.name === name);
  if (!workload) return [];
  if (kind === 'Job') return podsOfJob(workload, facts.pods);
  if (kind === 'StatefulSet') return newestPodsOfSet(workload, facts.pods);
  return newestPods({ deployment: workload, ...facts });
}
