import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject } from '../cluster/cluster.ts';
import { getObject } from '../cluster/objects.ts';
import { namespaceEnding } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { conditionsOf } from '../readiness/condition.ts';

/** Where the namespace may not be read, it is taken to be there: its maker gave out rights inside it. */
export async function readNamespace(cluster: Cluster, name: string): Promise<KubeObject | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  try {
    return await getObject(cluster, ref);
  } catch (error) {
    if (isStatus(error, 403)) return { ...ref, metadata: { name } };
    throw error;
  }
}

/**
 * Throws a PaasError where a namespace is being deleted: nothing can be made in it, and what is there goes. All of its
 * conditions that hold say what it waits for. Source: Kubernetes API, core/v1 NamespaceCondition.
 */
export function refuseEnding(namespace: KubeObject | undefined): void {
  if (!namespace?.metadata.deletionTimestamp) return;
  const holding = conditionsOf(namespace).flatMap(({ status, message }) =>
    status === 'True' && message ? [message] : [],
  );
  fail(namespaceEnding(namespace.metadata.name, holding));
}

/**
 * What something finds in a namespace. Where that is being deleted, this is said in place of all that is lacking in it
 * by then. Asked at once.
 */
export async function inLastingNamespace<T>(
  cluster: Cluster,
  name: string,
  look: () => Promise<T>,
): Promise<T> {
  const [namespace, found] = await Promise.allSettled([readNamespace(cluster, name), look()]);
  if (namespace.status === 'fulfilled') refuseEnding(namespace.value);
  if (found.status === 'rejected') throw found.reason;
  if (namespace.status === 'rejected') throw namespace.reason;
  return found.value;
}
