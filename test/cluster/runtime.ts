import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.ts';
import { debianEnvironment } from './debian.ts';
import type { Layout } from './layout.ts';
import { type NodeOptions, type NodeParts, writeJson } from './node.ts';
import { until } from './wait.ts';

/** What runs containers on a node: containerd, and the registry it gets images from. */

export const REGISTRY_PORT = 5000;
export const PAUSE_IMAGE = 'localhost:5000/pause:1';

/** Starts the registry and containerd, neither of which needs the API; `ready` waits for both. */
export function startRuntime({ layout, parts, place, node }: NodeOptions): {
  readonly daemons: readonly Daemon[];
  readonly ready: (signal?: AbortSignal) => Promise<void>;
} {
  const env = debianEnvironment(parts.debian);
  const registryConfig = join(layout.state, 'registry.json');
  writeJson(registryConfig, {
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
  writeJson(join(network, '10-ptp.conflist'), {
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
  // One registry under two names: as pods know it, and as the host pushes to it.
  const here = `http://127.0.0.1:${REGISTRY_PORT}`;
  pullOverHttp(layout.registries, `localhost:${REGISTRY_PORT}`, here);
  pullOverHttp(layout.registries, `${place.node}:${REGISTRY_PORT}`, here);
  const containerdConfig = join(layout.state, 'containerd.toml');
  writeFileSync(containerdConfig, containerdToml(layout, parts));
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
        async () => (await fetch(url, { signal: AbortSignal.timeout(10_000) })).ok,
        { signal, alive },
      );
      await until('containerd', () => existsSync(containerdSocket(layout)), { signal, alive });
    },
  };
}

/**
 * Has the nodes of a cluster pull a registry's images over plain HTTP, from its own address unless another one is said.
 * containerd looks for this at each pull, so it may come while the cluster runs. `folder` is the cluster's.
 */
export function pullOverHttp(folder: string, registry: string, from = `http://${registry}`): void {
  mkdirSync(join(folder, registry), { recursive: true });
  const text = `server = "${from}"\n\n[host."${from}"]\n  capabilities = ["pull", "resolve"]\n`;
  writeFileSync(join(folder, registry, 'hosts.toml'), text);
}

function containerdSocket(layout: Layout): string {
  return join(layout.state, 'run/containerd.sock');
}

function containerdToml(layout: Layout, parts: NodeParts): string {
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

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${layout.registries}"
`;
}
