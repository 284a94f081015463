import type { KubeObject } from '../cluster/cluster.ts';
import type { Readiness } from './cause.ts';
import { deploymentReadiness } from './deployment.ts';
import { jobReadiness } from './job.ts';
import { statefulSetReadiness } from './stateful-set.ts';

/** What readiness is read from: the workloads of an app, what they made, and what happened to it. */
export interface Facts {
  /** Deployments, StatefulSets and Jobs. */
  readonly workloads: readonly KubeObject[];
  readonly replicaSets: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
  readonly events: readonly KubeObject[];
}

/** What is waited for: the workload of a component. */
export interface Awaited {
  readonly component: string;
  readonly kind: string;
  readonly name: string;
  /** How many instances it is to have; of a job one. */
  readonly replicas: number;
}

/** Whether a workload does what it was last told. */
export function workloadReadiness({ kind, name, replicas }: Awaited, facts: Facts, now: number): Readiness {
  const workload = facts.workloads.find((one) => one.kind === kind && one.metadata.name === name);
  if (!workload) return { state: 'progressing', ready: 0, wanted: replicas, message: 'is not there' };
  if (kind === 'Job') return jobReadiness(workload, facts, now);
  if (kind === 'StatefulSet') return statefulSetReadiness(workload, facts, now);
  return deploymentReadiness({ deployment: workload, ...facts }, now);
}
