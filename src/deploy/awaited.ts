import type { Changes } from '../changes/changes.ts';
import { keyOf, type State } from '../changes/read-state.ts';
import { labelKeys } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { Awaited } from '../readiness/workload.ts';
import { refKey } from '../releases/inventory.ts';

// What a deploy waits for.

/** What keeps running. */
export function awaitedWorkloads(plan: Pick<Plan, 'scale'>): Awaited[] {
  return plan.scale.map(({ component, kind, name, replicas, uses }) => ({
    component,
    kind,
    name,
    replicas,
    ...(uses && { uses }),
  }));
}

/** The jobs that must end well before the rest; one that ran in an earlier life and is gone has done so. */
export function awaitedJobs(plan: Plan, state: State, changes: Changes): Awaited[] {
  const made = new Set(changes.apply.map(({ manifest }) => refKey(keyOf(manifest))));
  return plan.phases
    .flatMap(({ manifests }) => manifests)
    .filter((manifest) => manifest.kind === 'Job')
    .filter((manifest) => made.has(refKey(keyOf(manifest))) || state.live.has(refKey(keyOf(manifest))))
    .map(({ kind, metadata }) => ({
      component: metadata.labels?.[labelKeys.component] ?? metadata.name,
      kind,
      name: metadata.name,
      replicas: 1,
    }));
}
