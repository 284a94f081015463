import { comesFrom, readImageReference } from './image-reference.ts';
import { pullSecretName, pullSecretSource } from './names.ts';
import { type Manifest, manifestsOf, type Plan } from './plan.ts';
import { containersOf, podSpecOf, withPodSpec } from './pod-spec.ts';

/**
 * Registries by host (and path), with the Secret that instances pull with: one of their namespace, or as
 * `NAMESPACE/NAME` one that is copied into it.
 */
export type PullSecrets = Readonly<Record<string, { readonly pull_secret?: string }>>;

/** A plan in which instances pull their images with the credentials of the platform's registries. */
export function withPullSecrets(plan: Plan, registries: PullSecrets): Plan {
  const phases = plan.phases.map((phase) => ({
    ...phase,
    manifests: phase.manifests.map((manifest) => withSecretsOf(manifest, registries, plan)),
  }));
  return { ...plan, phases };
}

/** The copies that a plan pulls with, and what they are copies of. */
export function copiedPullSecrets(plan: Plan): {
  readonly name: string;
  readonly source: { readonly namespace: string; readonly name: string };
}[] {
  const names = manifestsOf(plan).flatMap(
    (one) => podSpecOf(one)?.imagePullSecrets?.map(({ name }) => name) ?? [],
  );
  return [...new Set(names)].flatMap((name) => {
    const source = pullSecretSource(plan.app, plan.environment, name);
    return source ? [{ name, source }] : [];
  });
}

/** The same of one manifest. */
export function withSecretsOf(
  manifest: Manifest,
  registries: PullSecrets,
  { app, environment }: Pick<Plan, 'app' | 'environment'>,
): Manifest {
  const spec = podSpecOf(manifest);
  const secrets = registriesOf(manifest, registries).map((registry) => {
    const secret = registries[registry]!.pull_secret!;
    return secret.includes('/') ? pullSecretName(app, environment, secret) : secret;
  });
  const said = spec?.imagePullSecrets?.map(({ name }) => name) ?? [];
  // What is copied is the platform's to say: an app that names a copy by hand would get any Secret that a deploy may read.
  const known = said.filter((name) => pullSecretSource(app, environment, name) === undefined);
  const names = [...new Set([...known, ...secrets])];
  if (!spec || (names.length === said.length && known.length === said.length)) return manifest;
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
