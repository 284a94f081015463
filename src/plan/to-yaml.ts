import { stringify } from 'yaml';
import { masked } from './compare-plans.ts';
import { type Manifest, manifestsOf, type Plan } from './plan.ts';

/**
 * A plan as YAML documents in the order in which they are applied, readable by `kubectl apply`: there the number of
 * instances stands in its workload, since nobody else would write it. Where an autoscaler does, it is left out: applying
 * the same once more would take back what that has added.
 */
export function planToYaml(plan: Plan): string {
  const documents = manifestsOf(plan).map((manifest) => {
    const scale = plan.scale.find(
      ({ kind, name }) => kind === manifest.kind && name === manifest.metadata.name,
    );
    if (!scale || scale.autoscaler) return manifest;
    const { spec, ...rest } = manifest;
    return { ...rest, spec: { replicas: scale.replicas, ...(spec as object) } };
  });
  return documents.map((document) => `---\n${stringify(document, style)}`).join('');
}

/** The plan to be looked at: what its Secrets hold is left out. */
export function withoutSecretValues(plan: Plan): Plan {
  const hide = (data: unknown): object =>
    Object.fromEntries(Object.keys((data ?? {}) as object).map((key) => [key, masked]));
  const phases = plan.phases.map((phase) => ({
    ...phase,
    manifests: phase.manifests.map((manifest): Manifest => {
      const { data, stringData, ...rest } = manifest;
      if (manifest.kind !== 'Secret') return manifest;
      return {
        ...rest,
        ...(data !== undefined && { data: hide(data) }),
        ...(stringData !== undefined && { stringData: hide(stringData) }),
      };
    }),
  }));
  return { ...plan, phases };
}

/** Differences as a YAML list. */
export function differencesToYaml(differences: readonly object[]): string {
  return stringify(differences, style);
}

/** kubectl reads YAML 1.1, in which yes and 1:30 are no texts. Source: sigs.k8s.io/yaml. */
const style = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;
