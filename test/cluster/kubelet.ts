import { join } from 'node:path';
import type { Credentials } from './credentials.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { debianEnvironment } from './debian.ts';
import type { Addresses, Layout } from './layout.ts';
import { type NodeOptions, writeJson } from './node.ts';

/** Starts kubelet and kube-proxy; the API server has to be there. */
export function startKubelet(options: NodeOptions, credentials: Credentials): Daemon[] {
  const { layout, parts, place, node } = options;
  const env = debianEnvironment(parts.debian);
  const kubeletConfig = join(layout.state, 'kubelet.json');
  writeJson(kubeletConfig, kubeletConfiguration(layout, place, credentials));
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
  writeJson(proxyConfig, {
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
    // How soon a changed Secret or ConfigMap is in the files of a pod; a minute without this.
    syncFrequency: '5s',
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
