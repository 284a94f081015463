import { type Manifest, type Phase, type PhaseName, phaseNames } from './plan.ts';

/** By kind: the phase, and within it what others need first. A workload comes with its Service: components reach one another before all of them are ready. */
const kinds: readonly (readonly [kind: string, phase: PhaseName])[] = [
  ['ServiceAccount', 'identity'],
  ['Role', 'identity'],
  ['RoleBinding', 'identity'],
  ['NetworkPolicy', 'identity'],
  ['ConfigMap', 'config'],
  ['Secret', 'config'],
  ['PersistentVolumeClaim', 'volumes'],
  ['Job', 'jobs'],
  ['Service', 'workloads'],
  ['PodDisruptionBudget', 'workloads'],
  ['Deployment', 'workloads'],
  ['StatefulSet', 'workloads'],
  ['CronJob', 'workloads'],
  ['HorizontalPodAutoscaler', 'autoscalers'],
  ['ScaledObject', 'autoscalers'],
  ['TriggerAuthentication', 'config'],
  ['Gateway', 'traffic'],
  ['DestinationRule', 'traffic'],
  ['VirtualService', 'traffic'],
  ['HTTPRoute', 'traffic'],
  ['GRPCRoute', 'traffic'],
  ['TCPRoute', 'traffic'],
  ['EnvoyFilter', 'traffic'],
  ['ServiceMonitor', 'monitors'],
  ['PodMonitor', 'monitors'],
  ['PrometheusRule', 'monitors'],
];
const orderOf = new Map(kinds.map(([kind], index) => [kind, index]));
const phaseOf = new Map(kinds);

/** Manifests in the order in which they are applied. Phases with nothing in them are left out. */
export function intoPhases(
  manifests: readonly { readonly manifest: Manifest; readonly phase: string | undefined }[],
): Phase[] {
  const order = (manifest: Manifest): number => orderOf.get(manifest.kind) ?? -1;
  const byPhase = Map.groupBy(manifests, ({ manifest, phase }) => phaseFor(manifest.kind, phase));
  return phaseNames
    .map((name) => ({
      name,
      manifests: (byPhase.get(name) ?? [])
        .map(({ manifest }) => manifest)
        .sort(
          (a, b) =>
            order(a) - order(b) || compare(a.kind, b.kind) || compare(a.metadata.name, b.metadata.name),
        ),
    }))
    .filter((phase) => phase.manifests.length > 0);
}

/** Of a kind that nobody said anything of: before the workloads, which may need it. */
function phaseFor(kind: string, said: string | undefined): PhaseName {
  return phaseNames.find((name) => name === said) ?? phaseOf.get(kind) ?? 'config';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
