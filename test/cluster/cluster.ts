import { existsSync, lstatSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pushTestImages } from '../images/push.ts';
import { type Api, apiOf } from './api.ts';
import { createCgroup } from './cgroup.ts';
import { freePorts, startControlPlane } from './control-plane.ts';
import { createCredentials } from './credentials.ts';
import { connectNode, holdNode, onlyWaits } from './holder.ts';
import { addresses, type Layout, layout, stateRoot } from './layout.ts';
import { withLock } from './lock.ts';
import { cgroupFolders, kill, processesOf, removeCgroup } from './machine.ts';
import { REGISTRY_PORT, startControllers, startKubelet, startRuntime } from './node.ts';
import { type OnProgress, type Parts, prepareParts } from './parts.ts';
import { MissingRequirements, missingRequirements } from './requirements.ts';
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
  /** Address of the node: NodePorts answer here. */
  readonly node?: string;
  /** Address of this machine as pods see it. */
  readonly host?: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Names of the programs that must run. */
  readonly daemons: readonly string[];
};

export type ClusterStatus = {
  readonly name: string;
  readonly state: 'healthy' | 'broken' | 'down';
  readonly info?: ClusterInfo;
  readonly daemons: readonly { readonly name: string; readonly pid?: number }[];
  /** What is wrong, in words. */
  readonly problems: readonly string[];
};

export type ClusterOptions = {
  readonly name?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

export const DEFAULT_NAME = 'paas-test';

/**
 * Brings a cluster up and waits until it can be used. Returns at once when it already runs; what an earlier
 * run left half done is removed first. When this fails or is given up, nothing is left behind.
 */
export async function up(
  options: ClusterOptions & { readonly controlPlaneOnly?: boolean } = {},
): Promise<ClusterInfo> {
  const { name = DEFAULT_NAME, controlPlaneOnly = false, onProgress = () => {}, signal } = options;
  const place = layout(name);
  return withLock(
    `cluster-${name}`,
    async () => {
      const now = await status({ name });
      if (now.state === 'healthy' && now.info?.controlPlaneOnly === controlPlaneOnly) return now.info;
      if (now.state !== 'down') onProgress(`removing the ${now.state} cluster ${name}`);
      await remove(place);
      const missing = missingRequirements(controlPlaneOnly, place.state);
      if (missing.length > 0) throw new MissingRequirements(missing);
      const parts = await prepareParts({ controlPlaneOnly, onProgress, signal });
      try {
        createState(place);
        const info = controlPlaneOnly
          ? await startAlone(place, parts, onProgress, signal)
          : await startWhole(place, parts, onProgress, signal);
        writeFileSync(place.info, JSON.stringify(info, null, 2), { mode: 0o600 });
        return info;
      } catch (error) {
        onProgress('giving up: removing what was started');
        await remove(place);
        throw error;
      }
    },
    { signal, onWait: () => onProgress(`waiting: another run is at work on the cluster ${name}`) },
  );
}

/** Takes a cluster away with everything it made on this machine, in whatever condition it is. */
export async function down(options: ClusterOptions = {}): Promise<void> {
  const { name = DEFAULT_NAME, onProgress = () => {}, signal } = options;
  await withLock(`cluster-${name}`, () => remove(layout(name)), {
    signal,
    onWait: () => onProgress(`waiting: another run is at work on the cluster ${name}`),
  });
}

/** Says whether a cluster can be used, and if not, why. */
export async function status(options: { readonly name?: string } = {}): Promise<ClusterStatus> {
  const { name = DEFAULT_NAME } = options;
  const place = layout(name);
  const running = processesOf(place.programs);
  if (!existsSync(place.info)) {
    const left = running.length > 0 || existsSync(place.state) || cgroupsOf(place).length > 0;
    const daemons = running.map(({ pid, args }) => ({ name: basename(args[0] ?? ''), pid }));
    if (!left) return { name, state: 'down', daemons, problems: [] };
    return {
      name,
      state: 'broken',
      daemons,
      problems: ['it is coming up, or an "up" did not come to its end'],
    };
  }
  const info = JSON.parse(readFileSync(place.info, 'utf8')) as ClusterInfo;
  const daemons = info.daemons.map((daemon) => {
    const pid = running.find(({ args }) => basename(args[0] ?? '') === daemon)?.pid;
    return pid === undefined ? { name: daemon } : { name: daemon, pid };
  });
  const problems = daemons
    .filter(({ pid }) => pid === undefined)
    .map((daemon) => `${daemon.name} does not run`);
  if (problems.length === 0) problems.push(...(await ask(info)));
  return { name, state: problems.length === 0 ? 'healthy' : 'broken', info, daemons, problems };
}

/** Only root makes any; those that another user sees are of root's cluster of the same name. */
function cgroupsOf(place: Layout): string[] {
  return process.getuid?.() === 0 ? cgroupFolders(place.cgroup) : [];
}

/** What the API server itself has to complain about. */
async function ask(info: ClusterInfo): Promise<string[]> {
  try {
    const api = apiOf(info.kubeconfig);
    const ready = await api('/readyz');
    if (ready.status !== 200) return [`the API server is not ready: ${ready.body.slice(0, 200)}`];
    if (!info.controlPlaneOnly && !(await nodeIsReady(api, info.name))) return ['the node is not ready'];
    return [];
  } catch (error) {
    return [`the API server does not answer: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function nodeIsReady(api: Api, name: string): Promise<boolean> {
  const { status: code, body } = await api(`/api/v1/nodes/${name}`);
  if (code !== 200) return false;
  const node = JSON.parse(body) as { status?: { conditions?: { type: string; status: string }[] } };
  return node.status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false;
}

function createState(place: Layout): void {
  const root = stateRoot();
  mkdirSync(root, { recursive: true, mode: 0o700 });
  // Its name is known to everybody, so somebody else may have made it.
  const owner = lstatSync(root);
  if (!owner.isDirectory() || (process.getuid !== undefined && owner.uid !== process.getuid())) {
    throw new Error(`${root} must be a folder of the user who runs this`);
  }
  for (const folder of [place.state, place.programs, place.logs, place.certificates]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}

/** The control plane alone, on the loopback: needs neither root nor Linux. */
async function startAlone(
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
async function startWhole(
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
    node: place.node,
    host: place.host,
    versions: parts.versions,
    daemons: ['node', ...daemons.map(({ name }) => name)],
  };
}

/** Ends and removes everything of a cluster, without trusting any record of what there is. */
async function remove(place: Layout): Promise<void> {
  await kill(
    () => processesOf(place.programs),
    ({ args }) => onlyWaits(args[0]),
  );
  if (cgroupsOf(place).length > 0) await removeCgroup(place.cgroup);
  rmSync(place.state, { recursive: true, force: true, maxRetries: 5 });
  try {
    rmdirSync(stateRoot());
  } catch {
    // Not there, or another cluster lives in it.
  }
}
