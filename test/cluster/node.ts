import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credentials } from './credentials.ts';
import { type Daemon, type Node, startDaemon } from './daemon.ts';
import { debianEnvironment } from './debian.ts';
import type { Addresses, Layout } from './layout.ts';
import type { Parts } from './parts.ts';
import { until } from './wait.ts';

/** Everything that makes up a node besides the control plane: container runtime, registry, kubelet, proxy. */

export const REGISTRY_PORT = 5000;
export const PAUSE_IMAGE = 'localhost:5000/pause:1';

type NodeParts = NonNullable<Parts['node']>;

export type NodeOptions = {
  readonly layout: Layout;
  readonly parts: NodeParts;
  readonly place: Addresses;
  readonly node: Node;
};

/** Starts the registry and containerd, neither of which needs the API; `ready` waits for both. */
export function startRuntime({ layout, parts, place, node }: NodeOptions): {
  readonly daemons: readonly Daemon[];
  readonly ready: (signal?: AbortSignal) => Promise<void>;
} {
  const env = debianEnvironment(parts.debian);
  const registryConfig = join(layout.state, 'registry.json');
  write(registryConfig, {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(layout.state, 'registry') }, delete: { enabled: true } },
    http: { addr: `0.0.0.0:${REGISTRY_PORT}` },
  });
  const registry = startDaemon(
    layout,
    'registry',
    join(parts.debian, 'usr/bin/docker-registry'),
    ['serve', registryConfig],
    {
      node,
      env,
    },
  );

  const network = join(layout.state, 'cni');
  mkdirSync(network, { recursive: true });
  write(join(network, '10-ptp.conflist'), {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        // A cable from every pod to the node, as kind does it: all traffic is routed, and so seen by kube-proxy's rules.
        type: 'ptp',
        ipam: { type: 'host-local', ranges: [[{ subnet: place.pods }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
  const containerdConfig = join(layout.state, 'containerd.toml');
  writeFileSync(containerdConfig, containerdToml(layout, parts, place));
  const containerd = startDaemon(
    layout,
    'containerd',
    join(parts.debian, 'usr/bin/containerd'),
    ['--config', containerdConfig],
    {
      node,
      env,
    },
  );
  const alive = (): void => {
    registry.alive();
    containerd.alive();
  };
  return {
    daemons: [registry, containerd],
    ready: async (signal) => {
      const url = `http://${place.node}:${REGISTRY_PORT}/v2/`;
      await until(
        'the image registry',
        async () => (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok,
        { signal, alive },
      );
      await until('containerd', () => existsSync(containerdSocket(layout)), { signal, alive });
    },
  };
}

/** Starts kubelet and kube-proxy; the API server has to be there. */
export function startKubelet(options: NodeOptions, credentials: Credentials): Daemon[] {
  const { layout, parts, place, node } = options;
  const env = debianEnvironment(parts.debian);
  const kubeletConfig = join(layout.state, 'kubelet.json');
  write(kubeletConfig, kubeletConfiguration(layout, place, credentials));
  const kubelet = startDaemon(
    layout,
    'kubelet',
    parts.kubelet,
    [
      `--config=${kubeletConfig}`,
      `--kubeconfig=${credentials.kubeconfig('kubelet', `system:node:${layout.name}`, 'system:nodes')}`,
      `--root-dir=${join(layout.state, 'kubelet')}`,
      `--hostname-override=${layout.name}`,
      `--node-ip=${place.node}`,
    ],
    { node, env },
  );
  const proxyConfig = join(layout.state, 'kube-proxy.json');
  write(proxyConfig, {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: place.pods,
    hostnameOverride: layout.name,
    clientConnection: { kubeconfig: credentials.kubeconfig('kube-proxy', 'system:kube-proxy') },
    // These would be settings of the whole machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    // New Services are reachable sooner than with the second that a big cluster needs.
    iptables: { minSyncPeriod: '100ms' },
  });
  const proxy = startDaemon(layout, 'kube-proxy', parts.proxy, [`--config=${proxyConfig}`], { node, env });
  return [kubelet, proxy];
}

/** Starts what makes objects move: the controllers and the scheduler. */
export function startControllers(options: NodeOptions, credentials: Credentials): Daemon[] {
  const { layout, parts, place, node } = options;
  const { file } = credentials;
  const kubeconfig = credentials.kubeconfig('kube-controller-manager', 'system:kube-controller-manager');
  const manager = startDaemon(
    layout,
    'kube-controller-manager',
    parts.controllerManager,
    [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--use-service-account-credentials=true',
      `--service-account-private-key-file=${file('service-accounts.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      `--cluster-signing-cert-file=${file('ca.crt')}`,
      `--cluster-signing-key-file=${file('ca.key')}`,
      `--cluster-name=${layout.name}`,
      '--allocate-node-cidrs=true',
      `--cluster-cidr=${place.pods}`,
      `--service-cluster-ip-range=${place.services}`,
    ],
    { node },
  );
  const schedulerConfig = credentials.kubeconfig('kube-scheduler', 'system:kube-scheduler');
  const scheduler = startDaemon(
    layout,
    'kube-scheduler',
    parts.scheduler,
    [
      `--kubeconfig=${schedulerConfig}`,
      `--authentication-kubeconfig=${schedulerConfig}`,
      `--authorization-kubeconfig=${schedulerConfig}`,
      '--leader-elect=false',
    ],
    { node },
  );
  return [manager, scheduler];
}

function containerdSocket(layout: Layout): string {
  return join(layout.state, 'run/containerd.sock');
}

function containerdToml(layout: Layout, parts: NodeParts, place: Addresses): string {
  const registry = `http://127.0.0.1:${REGISTRY_PORT}`;
  return `version = 2
root = "${join(layout.state, 'containerd')}"
state = "/run/containerd"

[grpc]
  address = "/run/containerd.sock"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # Where even root may not lower oom_score_adj, every sandbox would die without this.
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${join(parts.debian, 'usr/lib/cni')}"
    conf_dir = "${join(layout.state, 'cni')}"

  # One registry under two names: as pods know it, and as the host pushes to it.
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."localhost:${REGISTRY_PORT}"]
    endpoint = ["${registry}"]

  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."${place.node}:${REGISTRY_PORT}"]
    endpoint = ["${registry}"]
`;
}

function kubeletConfiguration(layout: Layout, place: Addresses, credentials: Credentials): object {
  const { file } = credentials;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: file('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: file('kubelet.crt'),
    tlsPrivateKeyFile: file('kubelet.key'),
    containerRuntimeEndpoint: 'unix:///run/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${layout.cgroup}`,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    clusterDNS: [place.dns],
    clusterDomain: 'cluster.local',
    // Pods get the cluster's DNS alone: the machine's own servers can't be reached from here.
    resolvConf: '',
    volumePluginDir: join(layout.state, 'volume-plugins'),
    // A full disk of the machine is not the cluster's concern.
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    registryPullQPS: 0,
  };
}

/** Kubernetes, containerd's network and the registry all read JSON where YAML is usual. */
function write(path: string, value: object): void {
  writeFileSync(path, JSON.stringify(value, null, 2), { mode: 0o600 });
}
