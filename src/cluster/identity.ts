import { createHash } from 'node:crypto';
import { isStatus } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { getObject } from './objects.ts';

/** What tells one cluster from another, whatever its name and address. */
export interface ClusterIdentity {
  /** The uid of the namespace kube-system; undefined where it may not be read. */
  readonly uid: string | undefined;
  /** The hash of the certificate authority that signs its API's certificate. */
  readonly ca: string | undefined;
}

/** Reads the identity of a cluster, as far as one may. `namespace`: one that the reader has rights in. */
export async function readIdentity(cluster: Cluster, namespace: string): Promise<ClusterIdentity> {
  const certificate = (within: string) =>
    getObject(cluster, { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt', namespace: within });
  const [kubeSystem, root] = await Promise.all([
    unlessForbidden(getObject(cluster, { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' })),
    unlessForbidden(certificate('kube-system')),
  ]);
  const text = (root ?? (await unlessForbidden(certificate(namespace))))?.data?.['ca.crt'];
  return {
    uid: kubeSystem?.metadata.uid,
    ca: typeof text === 'string' ? createHash('sha256').update(text.trim()).digest('hex') : undefined,
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
