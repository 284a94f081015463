import type { Cluster } from './cluster.ts';
import { kindPath } from './kinds.ts';
import { request } from './request.ts';

/** Something that may be done to the objects of a kind in a namespace. */
export interface Access {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'update' | 'delete';
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
}

/** Asks the cluster whether its user may do this. Source: Kubernetes API, authorization.k8s.io/v1. */
export async function mayDo(cluster: Cluster, access: Access): Promise<boolean> {
  const { verb, apiVersion, namespace } = access;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const resource = await resourceOf(cluster, access);
  const answer = await request<{ status?: { allowed?: boolean } }>(cluster, {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, version, resource, namespace } },
    },
  });
  return answer.status?.allowed ?? false;
}

/** As rules of access name a kind: `deployments.apps`. */
export async function describeResource(cluster: Cluster, access: Access): Promise<string> {
  const group = access.apiVersion.includes('/') ? `.${access.apiVersion.split('/')[0]}` : '';
  return `${await resourceOf(cluster, access)}${group}`;
}

async function resourceOf(cluster: Cluster, { apiVersion, kind }: Access): Promise<string> {
  const path = await kindPath(cluster, { apiVersion, kind });
  return path.slice(path.lastIndexOf('/') + 1);
}
