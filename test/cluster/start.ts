import { pushTestImages } from '../images/push.ts';
import { type Api, apiOf, nodeIsReady } from './api.ts';
import type { OnProgress } from './build.ts';
import { createCgroup } from './cgroup.ts';
import { freePorts, startControlPlane } from './control-plane.ts';
import { startControllers } from './controllers.ts';
import { createCredentials } from './credentials.ts';
import { connectNode, holdNode } from './holder.ts';
import { startKubelet } from './kubelet.ts';
import { addresses, type Layout } from './layout.ts';
import type { Parts } from './parts.ts';
import { REGISTRY_PORT, startRuntime } from './runtime.ts';
import { applySystem, awaitSystem, pushSystemImages } from './system.ts';
import { until } from './wait.ts';

/** A cluster that runs, and how to use it. */
export type ClusterInfo = {
  readonly name: string;
  readonly kubeconfig: string;
  readonly context: string;
  readonly server: string;
  readonly controlPlaneOnly: boolean;
  /** Path of a kubectl of the cluster's own version. */
  readonly kubectl: string;
  /** Where the host pushes images. Absent without a node. */
  readonly registry?: string;
  /** The same registry in references of images, as pods use them. */
  readonly registryInCluster?: string;
  /** The folder that says how the node reaches registries: `pullOverHttp`. */
  readonly registries?: string;
  /** Address of the node: NodePorts answer here. */
  readonly node?: string;
  /** Address of this machine as pods see it. */
  readonly host?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Names of the programs that must run. */
  readonly daemons: readonly string[];
};

/** The control plane alone, on the loopback: needs neither root nor Linux. */
export async function startAlone(
  place: Layout,
  parts: Parts,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<ClusterInfo> {
  const [apiPort = 0, etcdPort = 0, etcdPeerPort = 0] = await freePorts(3);
  const address = '127.0.0.1';
  const server = `https://${address}:${apiPort}`;
  const { services, kubernetes } = addresses(0);
  const credentials = createCredentials(place, server, {
    apiserver: [address, 'localhost', ...KUBERNETES_NAMES, kubernetes],
  });
  onProgress(`starting etcd and the API server at ${server}`);
  const daemons = await startControlPlane({
    layout: place,
    parts,
    credentials,
    endpoints: { address, apiPort, etcdPort, etcdPeerPort, services },
    api: apiOf(place.kubeconfig),
    signal,
  });
  return {
    name: place.name,
    kubeconfig: place.kubeconfig,
    context: place.name,
    server,
    controlPlaneOnly: true,
    kubectl: parts.kubectl,
    versions: parts.versions,
    daemons: daemons.map(({ name }) => name),
  };
}

/** The names by which pods know the API server. */
const KUBERNETES_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** The control plane and one node that runs pods, all inside the namespaces of that node. */
export async function startWhole(
  state: Layout,
  parts: Parts,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
): Promise<ClusterInfo> {
  if (!parts.node) throw new Error('the programs of a node are missing');
  onProgress('making the node: namespaces, network, cgroups');
  createCgroup(state.cgroup);
  const node = await holdNode(state, parts.node.pause, signal);
  const place = await connectNode(state, node, signal);
  const registry = `${place.node}:${REGISTRY_PORT}`;
  const server = `https://${place.node}:6443`;
  const api = (): Api => apiOf(state.kubeconfig);
  const credentials = createCredentials(state, server, {
    apiserver: [place.node, '127.0.0.1', 'localhost', ...KUBERNETES_NAMES, place.kubernetes],
    kubelet: [place.node, state.name],
  });
  const options = { layout: state, parts: parts.node, place, node };

  onProgress(`starting etcd, the API server (${server}), containerd and an image registry`);
  const runtime = startRuntime(options);
  const nodeParts = parts.node;
  const images = async (): Promise<void> => {
    await runtime.ready(signal);
    await pushSystemImages(registry, nodeParts);
    await pushTestImages(registry, onProgress, signal);
  };
  const [control] = await Promise.all([
    startControlPlane({
      layout: state,
      parts,
      credentials,
      endpoints: {
        address: place.node,
        apiPort: 6443,
        etcdPort: 2379,
        etcdPeerPort: 2380,
        services: place.services,
      },
      api: api(),
      node,
      signal,
    }),
    images(),
  ]);

  onProgress('starting the controllers, the scheduler, kubelet and kube-proxy');
  const rest = [...startControllers(options, credentials), ...startKubelet(options, credentials)];
  const daemons = [...runtime.daemons, ...control, ...rest];
  const alive = (): void => {
    for (const daemon of daemons) daemon.alive();
  };
  await applySystem(state, parts, place, signal);
  onProgress('waiting for the node, its DNS and its storage');
  const ask = api();
  await until('the node to be ready', () => nodeIsReady(ask, state.name), { signal, alive });
  await Promise.all([
    awaitSystem(state, parts, signal),
    // Pods are refused before it is there.
    until(
      'the default service account',
      async () => (await ask('/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
      { signal, alive },
    ),
  ]);
  return {
    name: state.name,
    kubeconfig: state.kubeconfig,
    context: state.name,
    server,
    controlPlaneOnly: false,
    kubectl: parts.kubectl,
    registry,
    registryInCluster: `localhost:${REGISTRY_PORT}`,
    registries: state.registries,
    node: place.node,
    host: place.host,
    versions: parts.versions,
    daemons: ['node', ...daemons.map(({ name }) => name)],
  };
}
