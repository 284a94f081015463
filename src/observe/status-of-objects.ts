import { describeRef, type KubeObject } from '../cluster/cluster.ts';
import { labelKeys } from '../plan/names.ts';
import { type Manifest, manifestsOf, type Plan } from '../plan/plan.ts';
import type { Cause } from '../readiness/cause.ts';
import { type CronJobState, cronJobState } from '../readiness/cron-job.ts';
import type { Facts } from '../readiness/facts.ts';
import { isAwaitedObject, objectReadiness } from '../readiness/object.ts';

/** A component that runs by the clock. */
export interface ScheduledStatus extends CronJobState {
  readonly name: string;
}

/** What is neither a workload nor a job, by the word of its controller: a route, an address, a certificate. */
export interface ObjectStatus {
  /** `httproute/shop.example.com` */
  readonly object: string;
  readonly state: 'ready' | 'progressing' | 'failed';
  readonly message: string;
  readonly cause?: Cause;
}

export const isScheduled = ({ kind, spec }: Manifest): boolean =>
  kind === 'CronJob' && (spec as { suspend?: boolean } | undefined)?.suspend !== true;

/** The scheduled jobs of a plan, as their last runs went. */
export function scheduledOf(
  plan: Plan,
  objects: readonly KubeObject[],
  facts: Omit<Facts, 'replicaSets'>,
  now: number,
): ScheduledStatus[] {
  return manifestsOf(plan)
    .filter(isScheduled)
    .map((manifest) => {
      const name = manifest.metadata.labels?.[labelKeys.component] ?? manifest.metadata.name;
      const found = find(manifest, objects);
      if (found) return { name, ...cronJobState(found, facts, now) };
      return { name, state: 'absent', schedule: (manifest.spec as { schedule: string }).schedule };
    });
}

/** The other objects of a plan that somebody has to make work. */
export function objectsOf(plan: Plan, objects: readonly KubeObject[], facts: Facts): ObjectStatus[] {
  return manifestsOf(plan)
    .filter(isAwaitedObject)
    .map((manifest) => {
      const object = describeRef({ kind: manifest.kind, name: manifest.metadata.name });
      const found = find(manifest, objects);
      if (!found) return { object, state: 'failed', message: 'is not there' };
      const { state, settles, message, cause } = objectReadiness(found, facts);
      // Here nobody waits for more to be said.
      return { object, state: settles ?? state, message, ...(cause && { cause }) };
    });
}

function find(
  { apiVersion, kind, metadata }: Manifest,
  objects: readonly KubeObject[],
): KubeObject | undefined {
  return objects.find(
    (one) => one.apiVersion === apiVersion && one.kind === kind && one.metadata.name === metadata.name,
  );
}
