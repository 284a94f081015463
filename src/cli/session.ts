import { resolve } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import { type ClusterIdentity, readIdentity } from '../cluster/identity.ts';
import { checkIdentity } from '../deploy/check-identity.ts';
import type { TargetEvent } from '../events.ts';
import { clustersFile, readClusters, writeClusters } from '../host/clusters-file.ts';
import type { App } from '../model/app.ts';
import type { LoadedApp } from '../pipeline/load-app.ts';
import { ownerOfApp } from '../plan/labels.ts';
import { confirmationNeeded } from '../problems/deploy.ts';
import { otherClusterThanPlatform } from '../problems/platform.ts';
import { fail } from '../problems/problem.ts';

// What commands that speak to a cluster have in common: which one, is it the right one, may it be changed.

/** The cluster of an app's environment. Nothing is sent yet. `signal` ends what is only read of it, at once. */
export function connectFor(
  { app, platform }: LoadedApp,
  context: string | undefined,
  signal?: AbortSignal,
): Cluster {
  const { cluster } = app.environment;
  const connected = connect({
    context,
    cluster,
    address: platformClusterOf({ app, platform }),
    kubeconfig: process.env.KUBECONFIG,
    inPod: process.env.KUBERNETES_SERVICE_HOST !== undefined,
  });
  return signal ? { ...connected, signal } : connected;
}

/** What the platform file says of the cluster of an environment; one that it doesn't know is the kubeconfig's. */
function platformClusterOf({ app, platform }: Pick<LoadedApp, 'app' | 'platform'>) {
  const { cluster } = app.environment;
  const clusters = platform?.platform.clusters ?? {};
  return cluster !== undefined && Object.hasOwn(clusters, cluster) ? clusters[cluster] : undefined;
}

export function targetOf(app: App, cluster: Cluster): TargetEvent {
  return {
    type: 'target',
    app: app.name,
    environment: app.environment.name,
    cluster: cluster.name,
    context: cluster.context,
    server: cluster.server,
    namespace: ownerOfApp(app).namespace,
  };
}

/**
 * Refuses a cluster that isn't the one this environment was deployed to. What the platform file says of it wins over
 * what was noted, and can't be waved through.
 */
export async function guardCluster(
  { app, platform }: LoadedApp,
  cluster: Cluster,
  file: string,
  acceptNew: boolean,
): Promise<ClusterIdentity> {
  const path = clustersFile(resolve(file));
  const [noted, found] = await Promise.all([
    readClusters(path),
    readIdentity(cluster, ownerOfApp(app).namespace),
  ]);
  const { name, cluster: clusterName } = app.environment;
  const { uid } = platformClusterOf({ app, platform }) ?? {};
  if (uid && found.uid) {
    const path = platform?.path ?? '';
    if (found.uid !== uid) fail(otherClusterThanPlatform(clusterName ?? '', path, uid, found.uid));
    return found;
  }
  const problem = checkIdentity(noted[name], found, name, '.paas/clusters.yaml');
  if (problem && !acceptNew) fail(problem);
  return found;
}

/**
 * Notes the cluster of an environment beside paas.yaml, where it isn't noted yet or is another by now. What the platform
 * file says needs no note.
 */
export async function noteCluster(
  { app, platform }: LoadedApp,
  cluster: Cluster,
  identity: ClusterIdentity,
  file: string,
): Promise<void> {
  if (identity.uid !== undefined && platformClusterOf({ app, platform })?.uid !== undefined) return;
  await noteIdentity(app.environment.name, cluster, identity, file);
}

/** The same of an environment of which no platform file is known. */
export async function noteIdentity(
  environment: string,
  cluster: Cluster,
  identity: ClusterIdentity,
  file: string,
): Promise<void> {
  const path = clustersFile(resolve(file));
  const noted = await readClusters(path);
  const before = noted[environment];
  if (identity.uid === undefined && identity.ca === undefined) return;
  // What one may not read now stays as it was noted.
  const uid = identity.uid ?? before?.uid;
  const ca = identity.ca ?? before?.ca;
  if (before && before.uid === uid && before.ca === ca) return;
  const note = { cluster: cluster.name, ...(uid && { uid }), ...(ca && { ca }) };
  await writeClusters(path, { ...noted, [environment]: note });
}

/**
 * How a change is confirmed: by --yes, by the person at the terminal; without a terminal it goes on, unless it needs
 * a yes in any case.
 */
export function confirmer(options: {
  readonly yes: boolean;
  readonly json: boolean;
  /** What needs a yes in any case, such as a change of a protected environment; undefined when nothing does. */
  readonly needsYes: string | undefined;
  readonly question: string;
  readonly pause: () => void;
  readonly signal: AbortSignal;
}): () => Promise<boolean> {
  return async () => {
    if (options.yes) return true;
    if (!process.stdin.isTTY || !process.stderr.isTTY || options.json) {
      return options.needsYes ? fail(confirmationNeeded(options.needsYes)) : true;
    }
    options.pause();
    const { askYesNo } = await import('../terminal/ask.ts');
    return askYesNo(options.question, process.stderr, options.signal);
  };
}
