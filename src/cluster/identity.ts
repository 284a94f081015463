import { createHash } from 'node:crypto';
import { isStatus } from './api-error.ts';
import type { Cluster, KubeObject } from './cluster.ts';
import { getObject } from './objects.ts';

/** What tells one cluster from another, whatever its name and address. */
export interface ClusterIdentity {
  /** The uid of the namespace kube-system; undefined where it may not be read. */
  readonly uid: string | undefined;
  /** The hash of the certificate authority that signs its API's certificate. */
  readonly ca: string | undefined;
}

export async function readIdentity(cluster: Cluster, namespace: string): Promise<ClusterIdentity> {
  const kubeSystem = await unlessForbidden(
    getObject(cluster, { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }),
  );
  let root: KubeObject | undefined;
  for (const within of ['kube-system', 'default', namespace]) {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt', namespace: within };
    root = await unlessForbidden(getObject(cluster, ref));
    if (root) break;
  }
  const certificate = root?.data?.['ca.crt'] as string | undefined;
  return {
    uid: kubeSystem?.metadata.uid,
    ca: certificate && createHash('sha256').update(certificate.trim()).digest('hex'),
  };
}

async function unlessForbidden<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    throw error;
  }
}
