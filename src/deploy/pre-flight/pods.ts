import { labelKeys } from '../../plan/names.ts';
import { type Manifest, manifestsOf, type Plan } from '../../plan/plan.ts';
import { readQuantity } from '../../plan/quantity.ts';

/** What a workload starts: its pods, as far as a check needs to know them. */
export interface PlannedPod {
  readonly component: string;
  /** `deployment/web`. */
  readonly object: string;
  readonly manifest: Manifest;
  // biome-ignore lint/suspicious/noExplicitAny: a pod spec as Kubernetes has it; readers check what they use.
  readonly spec: any;
  /** How many run at once, whatever happens. */
  readonly instances: number;
}

/** The pods that a plan asks for: those that run for good, and one for each job. */
export function plannedPods(plan: Plan): PlannedPod[] {
  return manifestsOf(plan).flatMap((manifest) => {
    const { kind, metadata, spec } = manifest as Manifest & { spec?: Record<string, never> };
    const template = spec?.template ?? (spec?.jobTemplate as { spec?: object } | undefined)?.spec;
    const pod = ((template as { template?: object } | undefined)?.template ?? template) as
      | { spec?: { containers?: unknown } }
      | undefined;
    if (!pod?.spec?.containers) return [];
    const scale = plan.scale.find((one) => one.kind === kind && one.name === metadata.name);
    const component = metadata.labels?.[labelKeys.component] ?? metadata.name;
    const object = `${kind.toLowerCase()}/${metadata.name}`;
    return [{ component, object, manifest, spec: pod.spec, instances: scale?.replicas ?? 0 }];
  });
}

/** What all containers of a pod together ask for; undefined where one of them doesn't say. */
export function askedOf(
  { spec }: PlannedPod,
  part: 'requests' | 'limits',
  resource: string,
): number | undefined {
  const all: (number | undefined)[] = spec.containers.map(
    ({ resources }: { resources?: Record<string, Record<string, string>> }) => {
      // A limit without a request is both.
      const text =
        resources?.[part]?.[resource] ?? (part === 'requests' ? resources?.limits?.[resource] : undefined);
      return text === undefined ? undefined : readQuantity(String(text));
    },
  );
  return all.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
}
