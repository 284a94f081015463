import { unknownKind } from '../problems/cluster.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { isStatus } from './api-error.ts';
import type { Cluster, ObjectRef } from './cluster.ts';
import { request } from './request.ts';

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What every cluster has: these need no question. */
const builtIn: Readonly<Record<string, Resource>> = {
  'v1/Namespace': { plural: 'namespaces', namespaced: false },
  'v1/ConfigMap': { plural: 'configmaps', namespaced: true },
  'v1/Secret': { plural: 'secrets', namespaced: true },
  'v1/Service': { plural: 'services', namespaced: true },
  'v1/ServiceAccount': { plural: 'serviceaccounts', namespaced: true },
  'v1/Pod': { plural: 'pods', namespaced: true },
  'v1/Event': { plural: 'events', namespaced: true },
  'v1/ResourceQuota': { plural: 'resourcequotas', namespaced: true },
  'v1/LimitRange': { plural: 'limitranges', namespaced: true },
  'v1/Node': { plural: 'nodes', namespaced: false },
  'v1/PersistentVolumeClaim': { plural: 'persistentvolumeclaims', namespaced: true },
  'storage.k8s.io/v1/StorageClass': { plural: 'storageclasses', namespaced: false },
  'networking.k8s.io/v1/Ingress': { plural: 'ingresses', namespaced: true },
  'apps/v1/Deployment': { plural: 'deployments', namespaced: true },
  'apps/v1/StatefulSet': { plural: 'statefulsets', namespaced: true },
  'apps/v1/ReplicaSet': { plural: 'replicasets', namespaced: true },
  'batch/v1/Job': { plural: 'jobs', namespaced: true },
  'batch/v1/CronJob': { plural: 'cronjobs', namespaced: true },
  'policy/v1/PodDisruptionBudget': { plural: 'poddisruptionbudgets', namespaced: true },
  'autoscaling/v2/HorizontalPodAutoscaler': { plural: 'horizontalpodautoscalers', namespaced: true },
  'coordination.k8s.io/v1/Lease': { plural: 'leases', namespaced: true },
};

const discovered = new WeakMap<Cluster, Map<string, Resource>>();

/** The path of the objects of a kind; of all namespaces where none is given. */
export async function kindPath(
  cluster: Cluster,
  { apiVersion, kind, namespace }: { apiVersion: string; kind: string; namespace?: string | undefined },
): Promise<string> {
  const { plural, namespaced } =
    builtIn[`${apiVersion}/${kind}`] ?? (await discover(cluster, apiVersion, kind));
  const within = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(apiVersion)}${within}/${plural}`;
}

export async function objectPath(cluster: Cluster, ref: ObjectRef): Promise<string> {
  return `${await kindPath(cluster, ref)}/${encodeURIComponent(ref.name)}`;
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** The resources of a group and version. Source: Kubernetes API, meta/v1 APIResourceList. */
export interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export async function listResources(cluster: Cluster, apiVersion: string): Promise<readonly ApiResource[]> {
  const list = await request<{ resources?: ApiResource[] }>(cluster, { path: groupPath(apiVersion) });
  return list.resources ?? [];
}

/** Whether a request failed because the cluster doesn't know the kind, or no longer does. */
export const isUnknownKind = (error: unknown): boolean =>
  error instanceof PaasError && error.problems[0]?.code === 'unknown-kind';

async function discover(cluster: Cluster, apiVersion: string, kind: string): Promise<Resource> {
  const known = discovered.get(cluster) ?? new Map<string, Resource>();
  discovered.set(cluster, known);
  if (!known.has(`${apiVersion}/${kind}`)) {
    try {
      for (const { name, kind: its, namespaced } of await listResources(cluster, apiVersion)) {
        if (!name.includes('/')) known.set(`${apiVersion}/${its}`, { plural: name, namespaced });
      }
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
    }
  }
  return known.get(`${apiVersion}/${kind}`) ?? fail(unknownKind(apiVersion, kind));
}
