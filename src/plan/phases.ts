import { type Manifest, type Phase, type PhaseName, phaseNames } from './plan.ts';

/** A workload and its Service come together: components reach one another before all of them are ready. */
const phaseOf: Readonly<Record<string, PhaseName>> = {
  ServiceAccount: 'identity',
  ConfigMap: 'config',
  Secret: 'config',
  Service: 'workloads',
  PodDisruptionBudget: 'workloads',
  Deployment: 'workloads',
};

/** The order within a phase: what others need first. */
const kindOrder = ['ServiceAccount', 'ConfigMap', 'Secret', 'Service', 'PodDisruptionBudget', 'Deployment'];

/** Manifests in the order in which they are applied. Phases with nothing in them are left out. */
export function intoPhases(manifests: readonly Manifest[]): Phase[] {
  const order = (manifest: Manifest): number => kindOrder.indexOf(manifest.kind);
  return phaseNames
    .map((name) => ({
      name,
      manifests: manifests
        .filter((manifest) => (phaseOf[manifest.kind] ?? 'workloads') === name)
        .sort((a, b) => order(a) - order(b) || compare(a.metadata.name, b.metadata.name)),
    }))
    .filter((phase) => phase.manifests.length > 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
