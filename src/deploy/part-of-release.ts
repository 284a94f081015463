import { type Manifest, manifestsOf, type Phase, type Plan } from '../plan/plan.ts';
import type { RollbackPart } from '../releases/release.ts';

// A release brought back in part. `image`: what is live, with the images of the old release. `config`: what is live,
// with its variables, its files and its versions of secrets. Components that only one of them has stay as they are.

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom?: readonly unknown[];
  readonly volumeMounts?: readonly Mount[];
}

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

interface Volume {
  readonly name: string;
  readonly configMap?: unknown;
  readonly secret?: unknown;
  readonly projected?: unknown;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

/** What is live, with a part of an old release. */
export function combinePlans(live: Plan, old: Plan, part: RollbackPart): Plan {
  const before = new Map(manifestsOf(old).map((manifest) => [idOf(manifest), manifest]));
  const phases = live.phases.map((phase) => ({
    ...phase,
    manifests: phase.manifests.map((manifest) => {
      const other = before.get(idOf(manifest));
      const [pod, otherPod] = [podOf(manifest), other && podOf(other)];
      if (!pod || !otherPod) return manifest;
      return withPod(manifest, part === 'image' ? withImages(pod, otherPod) : withConfig(pod, otherPod));
    }),
  }));
  return { ...live, phases: part === 'image' ? phases : withNamedConfig(phases, old) };
}

function withImages(pod: PodSpec, old: PodSpec): PodSpec {
  return eachContainer(pod, old, (container, { image }) => ({ ...container, ...(image && { image }) }));
}

function withConfig(pod: PodSpec, old: PodSpec): PodSpec {
  const names = (spec: PodSpec): Set<string> =>
    new Set((spec.volumes ?? []).filter(isConfig).map(({ name }) => name));
  const [now, then] = [names(pod), names(old)];
  const volumes = [
    ...(pod.volumes ?? []).filter((volume) => !isConfig(volume)),
    ...(old.volumes ?? []).filter(isConfig),
  ];
  const mounts = (container: Container, other: Container): Mount[] => [
    ...(container.volumeMounts ?? []).filter(({ name }) => !now.has(name)),
    ...(other.volumeMounts ?? []).filter(({ name }) => then.has(name)),
  ];
  const changed = eachContainer(pod, old, (container, other) => {
    const { env: _, envFrom: __, volumeMounts: ___, ...rest } = container;
    const env = oldVariables(container, other);
    const mounted = mounts(container, other);
    return {
      ...rest,
      ...(env.length > 0 && { env }),
      ...(other.envFrom && { envFrom: other.envFrom }),
      ...(mounted.length > 0 && { volumeMounts: mounted }),
    };
  });
  const { volumes: _, ...rest } = changed;
  return { ...rest, ...(volumes.length > 0 && { volumes }) };
}

/** PORT follows the port, which is no configuration: the Service leads there. */
function oldVariables(container: Container, other: Container): { readonly name: string }[] {
  const isPort = ({ name }: { readonly name: string }): boolean => name === 'PORT';
  return [
    ...(container.env ?? []).filter(isPort),
    ...(other.env ?? []).filter((variable) => !isPort(variable)),
  ];
}

/** The objects that hold configuration: those of the old release that are named now, without those that no longer are. */
function withNamedConfig(phases: readonly Phase[], old: Plan): Phase[] {
  const planned = manifestsOf({ phases });
  const rest = JSON.stringify(planned.filter((one) => !holdsConfig(one)));
  const isNamed = ({ metadata }: Manifest): boolean => rest.includes(`"${metadata.name}"`);
  const mine = planned.filter(holdsConfig);
  const theirs = manifestsOf(old).filter(holdsConfig);
  const known = new Set(theirs.map(idOf));
  const added = theirs.filter((one) => isNamed(one) && !mine.some((other) => idOf(other) === idOf(one)));
  const kept = phases.map((phase) => ({
    ...phase,
    manifests: phase.manifests.filter((one) => !holdsConfig(one) || known.has(idOf(one)) || isNamed(one)),
  }));
  if (added.length === 0) return kept;
  const has = kept.some(({ name }) => name === 'config');
  const all = has ? kept : [{ name: 'config' as const, manifests: [] }, ...kept];
  return all.map((phase) =>
    phase.name === 'config' ? { ...phase, manifests: [...phase.manifests, ...added] } : phase,
  );
}

const holdsConfig = ({ kind }: Manifest): boolean => kind === 'ConfigMap' || kind === 'Secret';
const isConfig = (volume: Volume): boolean =>
  'configMap' in volume || 'secret' in volume || 'projected' in volume;
const idOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

function eachContainer(
  pod: PodSpec,
  old: PodSpec,
  change: (container: Container, other: Container) => Container,
): PodSpec {
  const others = new Map([...old.containers, ...(old.initContainers ?? [])].map((one) => [one.name, one]));
  const changed = (container: Container): Container => {
    const other = others.get(container.name);
    return other ? change(container, other) : container;
  };
  return {
    ...pod,
    containers: pod.containers.map(changed),
    ...(pod.initContainers && { initContainers: pod.initContainers.map(changed) }),
  };
}

interface Templated {
  readonly template?: { readonly spec: PodSpec };
  readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
}

/** The pods of what runs; jobs of a release don't run again. */
function podOf({ kind, spec }: Manifest): PodSpec | undefined {
  if (kind === 'Job') return undefined;
  const { template, jobTemplate } = (spec ?? {}) as Templated;
  return (template ?? jobTemplate?.spec.template)?.spec;
}

function withPod(manifest: Manifest, pod: PodSpec): Manifest {
  const spec = manifest.spec as Templated;
  if (spec.template) return { ...manifest, spec: { ...spec, template: { ...spec.template, spec: pod } } };
  const job = spec.jobTemplate!;
  const template = { ...job.spec.template, spec: pod };
  return { ...manifest, spec: { ...spec, jobTemplate: { ...job, spec: { ...job.spec, template } } } };
}
