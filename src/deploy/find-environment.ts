import type { Cluster } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, namespaceName } from '../plan/names.ts';
import { fail } from '../problems/problem.ts';
import { noRelease, severalEnvironments } from '../problems/releases.ts';
import { listReleases, readRelease } from '../releases/store.ts';

/** What is known of an app without its file. */
export interface AppByName {
  readonly app: string;
  readonly environment: string | undefined;
  readonly namespace: string | undefined;
}

/**
 * Whose records are meant, without the app's file: those of an environment, in its namespace; or where only the
 * namespace is said, the one environment that has records there.
 */
export async function findEnvironment(
  cluster: Cluster,
  { app, environment, namespace }: AppByName,
): Promise<Owner> {
  if (namespace === undefined) {
    const name = environment ?? 'default';
    return { app, environment: name, namespace: namespaceName(app, name, undefined) };
  }
  if (environment !== undefined) return { app, environment, namespace };
  const { items } = await listObjects(cluster, {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    labelSelector: `${labelKeys.app}=${app},${labelKeys.record}`,
    metadataOnly: true,
  });
  const known = [...new Set(items.map(({ metadata }) => metadata.labels?.[labelKeys.environment] ?? ''))];
  if (known.length > 1) fail(severalEnvironments(app, namespace, known.sort()));
  return { app, environment: known[0] ?? fail(noRelease(app, 'any environment', namespace)), namespace };
}

/** Whether what an environment runs may be changed only with a yes, as its newest release has it. */
export async function isProtected(cluster: Cluster, owner: Owner): Promise<boolean> {
  const newest = (await listReleases(cluster, owner))[0];
  const release = newest && (await readRelease(cluster, owner, newest.summary.number));
  return release?.plan.protected ?? false;
}
