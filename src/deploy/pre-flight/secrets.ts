import { isStatus } from '../../cluster/api-error.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { getObject } from '../../cluster/objects.ts';
import { manifestsOf, type Plan } from '../../plan/plan.ts';
import { foreignSecretMissing } from '../../problems/pre-flight.ts';
import type { Problem } from '../../problems/problem.ts';
import type { PlaceOf } from '../failure.ts';
import type { PlannedPod } from './pods.ts';

/** A secret that is not stored by this app, and what of it a component needs. */
export interface ForeignSecret {
  readonly name: string;
  readonly key: string | undefined;
  readonly component: string;
}

/** The secrets that pods need and that neither the plan nor `paas secrets` makes. */
export function foreignSecrets(
  plan: Plan,
  pods: readonly PlannedPod[],
  stored: ReadonlySet<string>,
): ForeignSecret[] {
  const made = new Set(
    manifestsOf(plan)
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata }) => metadata.name),
  );
  const found = pods.flatMap(({ component, spec }) =>
    secretsOf(spec).map(({ name, key }) => ({ name, key, component })),
  );
  const foreign = found.filter(({ name }) => !made.has(name) && !stored.has(name));
  return [...new Map(foreign.map((one) => [`${one.name}/${one.key}`, one])).values()];
}

/** Whether a plan has objects that may make secrets, such as an ExternalSecret: then nobody knows which there will be. */
export function mayMakeSecrets(plan: Plan): boolean {
  const own =
    /^(v1|apps\/v1|batch\/v1|policy\/v1|autoscaling\/v2|networking\.k8s\.io\/.+|.*\.istio\.io\/.+|keda\.sh\/.+|monitoring\.coreos\.com\/.+|gateway\.networking\.k8s\.io\/.+)$/;
  return plan.phases.some(({ manifests }) => manifests.some(({ apiVersion }) => !own.test(apiVersion)));
}

// biome-ignore lint/suspicious/noExplicitAny: a pod spec as Kubernetes has it.
function secretsOf(spec: any): { name: string; key: string | undefined }[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const ofContainers = containers.flatMap(({ env = [], envFrom = [] }) => [
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    ...env.map(({ valueFrom }: any) => valueFrom?.secretKeyRef),
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    ...envFrom.map(({ secretRef }: any) => secretRef),
  ]);
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const ofVolumes = (spec.volumes ?? []).flatMap(({ secret }: any) =>
    secret
      ? (secret.items ?? [{}]).map(({ key }: { key?: string }) => ({
          name: secret.secretName,
          key,
          optional: secret.optional,
        }))
      : [],
  );
  return [...ofContainers, ...ofVolumes]
    .filter((ref) => ref && !ref.optional)
    .map(({ name, key }) => ({ name, key }));
}

export interface SecretsChecked {
  readonly problems: readonly Problem[];
  /** Secrets that may not be read. */
  readonly unread: readonly string[];
}

/** Looks whether foreign secrets are there, with their keys. A request for each. */
export async function checkSecrets(
  cluster: Cluster,
  namespace: string,
  wanted: readonly ForeignSecret[],
  placeOf: PlaceOf,
): Promise<SecretsChecked> {
  const names = [...new Set(wanted.map(({ name }) => name))];
  const keys = new Map<string, ReadonlySet<string> | 'absent' | 'unread'>();
  await Promise.all(
    names.map(async (name) => {
      try {
        const secret = await getObject(cluster, { apiVersion: 'v1', kind: 'Secret', name, namespace });
        keys.set(name, secret ? new Set(Object.keys(secret.data ?? {})) : 'absent');
      } catch (error) {
        if (!isStatus(error, 403)) throw error;
        keys.set(name, 'unread');
      }
    }),
  );
  const problems = wanted.flatMap(({ name, key, component }) => {
    const has = keys.get(name);
    if (has === 'unread' || has === undefined) return [];
    if (has !== 'absent' && (key === undefined || has.has(key))) return [];
    const there = has === 'absent' ? undefined : [...has];
    return [foreignSecretMissing(name, key, there, component, namespace, placeOf(component, 'env'))];
  });
  return { problems, unread: names.filter((name) => keys.get(name) === 'unread') };
}
