import { isOwn, keyOf } from '../changes/read-state.ts';
import { isStatus } from '../cluster/api-error.ts';
import { type Cluster, describeRef, type KubeObject } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import { type ApiResource, isUnknownKind, listResources } from '../cluster/kinds.ts';
import { createObject, listObjects } from '../cluster/objects.ts';
import { request } from '../cluster/request.ts';
import { type Owner, ownerLabels } from '../plan/labels.ts';
import { managerName } from '../plan/names.ts';

/** Creates the namespace. One that is there is left as it is, whoever made it. */
export async function createNamespace(cluster: Cluster, owner: Owner): Promise<void> {
  const metadata = { name: owner.namespace, labels: ownerLabels(owner) };
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata };
  await createObject(cluster, namespace, managerName(owner.app, owner.environment));
}

/** Kubernetes and Istio put these into every namespace. */
const standing = new Set([
  'serviceaccount/default',
  'configmap/kube-root-ca.crt',
  'configmap/istio-ca-root-cert',
  'configmap/istio-ca-crl',
]);
/** Made by the cluster from other objects, or about them. */
const derived = new Set(['Event', 'Endpoints', 'EndpointSlice', 'PodMetrics']);

/** Measured values, served by a program in the cluster: nobody makes such objects, and the program may be away. */
const measured = /(^|\.)metrics\.k8s\.io\//;

/**
 * What is in a namespace besides what stands in every one: names such as `configmap/notes`, in order. Where a kind
 * can't be looked at, that stands there too: nobody knows what would be lost.
 */
export async function foreignContents(cluster: Cluster, owner: Owner): Promise<string[]> {
  const { namespace } = owner;
  const found: string[] = [];
  const unknown: string[] = [];
  const kinds = await namespacedKinds(cluster, unknown);
  for await (const items of concurrently(kinds, (kind) => listAll(cluster, namespace, kind, unknown))) {
    for (const item of items) {
      const owned = item.metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
      const name = describeRef(keyOf(item));
      // Our own lock is still there; a volume of ours is not passed over.
      const lock = item.kind === 'Lease' && isOwn(item, owner);
      if (!owned && !lock && !item.metadata.deletionTimestamp && !standing.has(name)) found.push(name);
    }
  }
  return [...found.sort(), ...describeUnknown(unknown.sort())];
}

/** Who has rights to a few kinds alone may not look at dozens: one of them says enough. */
function describeUnknown(unknown: readonly string[]): string[] {
  const [first] = unknown;
  if (unknown.length <= 1) return unknown.map((name) => `what can't be looked at (${name})`);
  return [`what can't be looked at (${unknown.length} kinds, such as ${first})`];
}

async function listAll(
  cluster: Cluster,
  namespace: string,
  kind: { apiVersion: string; kind: string },
  unknown: string[],
): Promise<KubeObject[]> {
  try {
    return (await listObjects(cluster, { ...kind, namespace, metadataOnly: true })).items;
  } catch (error) {
    // The kind has gone meanwhile, and with it all that was of it.
    if (isStatus(error, 404) || isUnknownKind(error)) return [];
    if (!isStatus(error, 403, 429, 500, 503)) throw error;
    unknown.push(`${kind.kind} of ${kind.apiVersion}`);
    return [];
  }
}

/** Every kind of object that one can make in a namespace of this cluster. */
async function namespacedKinds(
  cluster: Cluster,
  unknown: string[],
): Promise<{ apiVersion: string; kind: string }[]> {
  const { groups } = await request<{ groups: { preferredVersion: { groupVersion: string } }[] }>(cluster, {
    path: '/apis',
  });
  const versions = ['v1', ...groups.map((group) => group.preferredVersion.groupVersion)];
  const kinds: { apiVersion: string; kind: string }[] = [];
  for await (const { apiVersion, resources } of concurrently(
    versions.filter((version) => !measured.test(version)),
    async (version) => ({ apiVersion: version, resources: await resourcesOf(cluster, version, unknown) }),
  )) {
    for (const { name, kind, namespaced, verbs } of resources) {
      const listed = ['list', 'create', 'delete'].every((verb) => verbs.includes(verb));
      if (namespaced && listed && !name.includes('/') && !derived.has(kind)) kinds.push({ apiVersion, kind });
    }
  }
  return kinds;
}

async function resourcesOf(
  cluster: Cluster,
  apiVersion: string,
  unknown: string[],
): Promise<readonly ApiResource[]> {
  try {
    return await listResources(cluster, apiVersion);
  } catch (error) {
    if (isStatus(error, 404)) return [];
    if (!isStatus(error, 403, 429, 500, 503)) throw error;
    unknown.push(apiVersion);
    return [];
  }
}
