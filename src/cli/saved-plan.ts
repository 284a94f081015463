import { resolve } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import { readIdentity } from '../cluster/identity.ts';
import { checkIdentity } from '../deploy/check-identity.ts';
import type { SavedPlan } from '../deploy/saved-plan.ts';
import { appNameIn } from '../host/app-name.ts';
import { clustersFile, readClusters } from '../host/clusters-file.ts';
import { otherCluster } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { noteIdentity } from './session.ts';

/** The cluster that a plan was made for, by its server; a context that is asked for wins. */
export function connectForPlan({ cluster }: SavedPlan, context: string | undefined): Cluster {
  return connect({
    context,
    cluster: 'the cluster of the plan',
    address: { server: cluster.server },
    kubeconfig: process.env.KUBECONFIG,
    inPod: process.env.KUBERNETES_SERVICE_HOST !== undefined,
  });
}

/**
 * Refuses another cluster than the one that the plan was made for, or in a checkout of its app than the one that its
 * environment was deployed to. Gives what is to be done before the first write: the cluster is noted there, as every
 * deploy does. `file`: the app's, if this is a checkout of it.
 */
export async function guardPlan(
  { cluster: noted, plan }: SavedPlan,
  path: string,
  cluster: Cluster,
  file: string,
): Promise<() => Promise<void>> {
  const found = await readIdentity(cluster, plan.namespace);
  const comparable = (noted.uid && found.uid) || (noted.ca && found.ca);
  // Where neither may be read, only its address tells one from another.
  const problem = comparable
    ? checkIdentity(noted, found, plan.environment, path)
    : noted.server === cluster.server
      ? undefined
      : otherCluster(plan.environment, path, noted.server, cluster.server);
  if (problem)
    fail({ ...problem, hint: 'A plan is for one cluster only. Is this the right context (--context)?' });
  // A plan may be done anywhere; what lies beside another app's file is of that app.
  if ((await appNameIn(file)) !== plan.app) return async () => {};
  const { environment } = plan;
  const before = (await readClusters(clustersFile(resolve(file))))[environment];
  const moved = checkIdentity(before, found, environment, '.paas/clusters.yaml');
  if (moved) fail(moved);
  return () => noteIdentity(environment, cluster, found, file);
}
