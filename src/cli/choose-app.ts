import { resolve } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { connect } from '../cluster/connect.ts';
import { readIdentity } from '../cluster/identity.ts';
import { checkIdentity } from '../deploy/check-identity.ts';
import type { PlaceOf } from '../deploy/failure.ts';
import { findEnvironment, isProtected } from '../deploy/find-environment.ts';
import type { TargetEvent } from '../events.ts';
import { clustersFile, readClusters } from '../host/clusters-file.ts';
import { type LoadedApp, loadApp } from '../pipeline/load-app.ts';
import { placeOfComponent } from '../pipeline/places.ts';
import { type Owner, ownerOfApp } from '../plan/labels.ts';
import { fail } from '../problems/problem.ts';
import { connectFor, guardCluster, targetOf } from './session.ts';

// The app that a command is about: by its file, or by its name alone, for which its records in the cluster suffice.

export interface AppChoice {
  readonly file: string;
  readonly env: string | undefined;
  readonly platform: string | undefined;
  readonly context: string | undefined;
  readonly app: string | undefined;
  readonly namespace: string | undefined;
}

export interface ChosenApp {
  /** To change something: what was begun is put in order, whatever the signal says. */
  readonly cluster: Cluster;
  /** The same to look at: a request ends at once where the run is to end. */
  readonly reading: Cluster;
  readonly owner: Owner;
  readonly target: TargetEvent;
  /** The components that the file names; undefined without a file. */
  readonly components: readonly string[] | undefined;
  /** Refuses a cluster that isn't the one that was noted. To be called before anything is changed. */
  readonly guard: (acceptNew: boolean) => Promise<void>;
  /** Where the file says a key of a component; nowhere without a file. */
  readonly placeOf: PlaceOf;
  /** What its file says, and the platform's; undefined without a file. */
  readonly loaded: LoadedApp | undefined;
  /** Whether a change needs a yes in any case. */
  readonly isProtected: () => Promise<boolean>;
}

export async function chooseApp(flags: AppChoice, cwd: string, signal: AbortSignal): Promise<ChosenApp> {
  return flags.app === undefined ? byFile(flags, cwd, signal) : byName(flags, flags.app, cwd, signal);
}

async function byFile(flags: AppChoice, cwd: string, signal: AbortSignal): Promise<ChosenApp> {
  const loaded = await loadApp({ ...flags, cwd });
  const { app } = loaded;
  const cluster = connectFor(loaded, flags.context);
  const reading: Cluster = { ...cluster, signal };
  return {
    cluster,
    reading,
    owner: ownerOfApp(app),
    target: targetOf(app, cluster),
    components: app.components.map(({ name }) => name),
    guard: async (acceptNew) => {
      await guardCluster(loaded, reading, flags.file, acceptNew);
    },
    placeOf: (component, key) => placeOfComponent(loaded, component, key),
    loaded,
    isProtected: async () => app.environment.protected,
  };
}

/** On the kubeconfig's current context, unless another one is said. */
async function byName(flags: AppChoice, app: string, cwd: string, signal: AbortSignal): Promise<ChosenApp> {
  const cluster = connect({
    context: flags.context,
    cluster: undefined,
    kubeconfig: process.env.KUBECONFIG,
    inPod: process.env.KUBERNETES_SERVICE_HOST !== undefined,
  });
  const reading: Cluster = { ...cluster, signal };
  const owner = await findEnvironment(reading, {
    app,
    environment: flags.env,
    namespace: flags.namespace,
  });
  const { environment, namespace } = owner;
  const { name, context, server } = cluster;
  return {
    cluster,
    reading,
    owner,
    target: { type: 'target', app, environment, cluster: name, context, server, namespace },
    components: undefined,
    placeOf: () => undefined,
    guard: async (acceptNew) => {
      const noted = await readClusters(clustersFile(resolve(cwd, flags.file)));
      if (!noted[environment] || acceptNew) return;
      const found = await readIdentity(reading, namespace);
      const problem = checkIdentity(noted[environment], found, environment, '.paas/clusters.yaml');
      if (problem) fail(problem);
    },
    loaded: undefined,
    isProtected: () => isProtected(reading, owner),
  };
}
