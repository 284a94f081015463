import type { Changes } from '../changes/changes.ts';
import { keyOf, type State } from '../changes/read-state.ts';
import { describeRef } from '../cluster/cluster.ts';
import { labelKeys } from '../plan/names.ts';
import { type Manifest, manifestsOf, type PhaseName, type Plan } from '../plan/plan.ts';
import { isAwaitedObject } from '../readiness/object.ts';
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
  return manifestsOf(plan)
    .filter((manifest) => manifest.kind === 'Job')
    .filter((manifest) => made.has(refKey(keyOf(manifest))) || state.live.has(refKey(keyOf(manifest))))
    .map(({ kind, metadata }) => ({
      component: metadata.labels?.[labelKeys.component] ?? metadata.name,
      kind,
      name: metadata.name,
      replicas: 1,
    }));
}

/**
 * What else must work, by its controller's word: routes, addresses, objects of kinds that the cluster has got from
 * others. Only what is applied; all of it where it isn't known to have worked.
 */
export function awaitedObjects(
  plan: Plan,
  state: State,
  changes: Changes,
  phases: readonly PhaseName[],
): Awaited[] {
  const made = new Set(changes.apply.map(({ manifest }) => refKey(keyOf(manifest))));
  const worked = state.releases[0]?.summary.outcome === 'succeeded';
  return plan.phases
    .filter(({ name }) => phases.includes(name))
    .flatMap(({ manifests }) => manifests)
    .filter((manifest) => isAwaitedObject(manifest) && (!worked || made.has(refKey(keyOf(manifest)))))
    .map((manifest) => {
      const { apiVersion, kind, metadata } = manifest;
      const of = metadata.labels?.[labelKeys.component] ?? componentBehind(manifest, plan);
      const component = describeRef(keyOf(manifest));
      return { component, apiVersion, kind, name: metadata.name, replicas: 1, ...(of && { of }) };
    });
}

/** The component that a route leads to first: routes belong to a host, which several components may share. */
function componentBehind({ spec }: Manifest, plan: Plan): string | undefined {
  const { rules = [] } = (spec ?? {}) as { rules?: { backendRefs?: { name: string }[] }[] };
  const service = rules.flatMap(({ backendRefs = [] }) => backendRefs)[0]?.name;
  return manifestsOf(plan).find(({ kind, metadata }) => kind === 'Service' && metadata.name === service)
    ?.metadata.labels?.[labelKeys.component];
}
