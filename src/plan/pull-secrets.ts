import { comesFrom, readImageReference } from './image-reference.ts';
import type { Manifest, Plan } from './plan.ts';
import { containersOf, podSpecOf, withPodSpec } from './pod-spec.ts';

/** Registries by host (and path), with the Secret that instances pull with. */
export type PullSecrets = Readonly<Record<string, { readonly pull_secret?: string }>>;

/** A plan in which instances pull their images with the credentials of the platform's registries. */
export function withPullSecrets(plan: Plan, registries: PullSecrets): Plan {
  const phases = plan.phases.map((phase) => ({
    ...phase,
    manifests: phase.manifests.map((manifest) => withSecretsOf(manifest, registries)),
  }));
  return { ...plan, phases };
}

/** The registries of a platform that a plan needs the credentials of, in the platform's order. */
export function registriesWithSecret(plan: Plan, registries: PullSecrets): string[] {
  const used = new Set(
    plan.phases.flatMap(({ manifests }) => manifests.flatMap((one) => registriesOf(one, registries))),
  );
  return Object.keys(registries).filter((registry) => used.has(registry));
}

/** The same of one manifest. */
export function withSecretsOf(manifest: Manifest, registries: PullSecrets): Manifest {
  const spec = podSpecOf(manifest);
  const secrets = registriesOf(manifest, registries).map((registry) => registries[registry]!.pull_secret!);
  const known = spec?.imagePullSecrets?.map(({ name }) => name) ?? [];
  const names = [...new Set([...known, ...secrets])];
  if (!spec || names.length === known.length) return manifest;
  return withPodSpec(manifest, { ...spec, imagePullSecrets: names.map((name) => ({ name })) });
}

function registriesOf(manifest: Manifest, registries: PullSecrets): string[] {
  const spec = podSpecOf(manifest);
  const images = spec
    ? containersOf(spec).flatMap(({ image }) => (image ? [readImageReference(image)] : []))
    : [];
  return Object.keys(registries).filter(
    (registry) =>
      registries[registry]?.pull_secret !== undefined && images.some((image) => comesFrom(image, registry)),
  );
}
