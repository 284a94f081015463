import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { getObject } from '../cluster/objects.ts';

/** Whether a namespace is being deleted, or is gone. What may not be read isn't known to be. */
export async function namespaceEnds(cluster: Cluster, name: string): Promise<boolean> {
  try {
    const namespace = await getObject(cluster, { apiVersion: 'v1', kind: 'Namespace', name });
    return namespace?.metadata.deletionTimestamp !== undefined || namespace === undefined;
  } catch (error) {
    if (isStatus(error, 403)) return false;
    throw error;
  }
}
