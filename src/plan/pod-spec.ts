import type { Manifest } from './plan.ts';

/** What instances are made of, as far as this program looks into it. */
export interface PodSpec {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: SecurityContext;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: SecurityContext;
  readonly [field: string]: unknown;
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly [field: string]: unknown;
}

/** Where the pod's spec stands in each kind of workload. */
const paths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The spec of the instances that a manifest makes; undefined where it makes none. */
export function podSpecOf(manifest: Manifest): PodSpec | undefined {
  let at: unknown = manifest;
  for (const step of paths[manifest.kind] ?? ['']) at = (at as Record<string, unknown> | undefined)?.[step];
  return at as PodSpec | undefined;
}

/** A manifest with another spec of its instances. */
export function withPodSpec(manifest: Manifest, spec: PodSpec): Manifest {
  const put = (value: unknown, [step, ...rest]: readonly string[]): unknown =>
    step === undefined
      ? spec
      : { ...(value as object), [step]: put((value as Record<string, unknown>)[step], rest) };
  return put(manifest, paths[manifest.kind] ?? []) as Manifest;
}

/** Every container of a pod, those that run first included. */
export function containersOf({ initContainers = [], containers = [] }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}
