import { randomInt } from 'node:crypto';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import type { Api } from './api.ts';
import type { Credentials } from './credentials.ts';
import { type Daemon, type Node, startDaemon } from './daemon.ts';
import type { Layout } from './layout.ts';
import type { Parts } from './parts.ts';
import { until } from './wait.ts';

/** Where the control plane listens. */
export type Endpoints = {
  readonly address: string;
  readonly apiPort: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly services: string;
};

/** Starts etcd and, as soon as it takes connections, the API server; waits until that one is ready. */
export async function startControlPlane(options: {
  readonly layout: Layout;
  readonly parts: Parts;
  readonly credentials: Credentials;
  readonly endpoints: Endpoints;
  readonly api: Api;
  readonly node?: Node | undefined;
  readonly signal?: AbortSignal | undefined;
}): Promise<Daemon[]> {
  const { layout, parts, credentials, endpoints, api, node, signal } = options;
  const client = `http://127.0.0.1:${endpoints.etcdPort}`;
  const peer = `http://127.0.0.1:${endpoints.etcdPeerPort}`;
  const etcd = startDaemon(
    layout,
    'etcd',
    parts.etcd,
    [
      `--data-dir=${join(layout.state, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--log-level=warn',
      // A test cluster needn't survive a power cut.
      '--unsafe-no-fsync',
    ],
    { node },
  );
  // From outside the node's network, its loopback can't be asked; the API server then asks often enough itself.
  if (!node) {
    await until('etcd', () => accepts(endpoints.etcdPort), { signal, alive: etcd.alive });
  }
  const apiserver = startDaemon(
    layout,
    'kube-apiserver',
    parts.apiserver,
    apiserverFlags(credentials, endpoints, client, !node),
    {
      node,
    },
  );
  await until('the API server', async () => (await api('/readyz')).status === 200, {
    signal,
    alive: () => {
      etcd.alive();
      apiserver.alive();
    },
  });
  return [etcd, apiserver];
}

function apiserverFlags(
  credentials: Credentials,
  endpoints: Endpoints,
  etcd: string,
  alone: boolean,
): string[] {
  const { file } = credentials;
  return [
    `--etcd-servers=${etcd}`,
    `--bind-address=${endpoints.address}`,
    `--advertise-address=${endpoints.address}`,
    `--secure-port=${endpoints.apiPort}`,
    `--service-cluster-ip-range=${endpoints.services}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${file('service-accounts.pub')}`,
    `--service-account-signing-key-file=${file('service-accounts.key')}`,
    // Logs, exec and port-forward go from the API server to the kubelet.
    `--kubelet-client-certificate=${file('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${file('apiserver-kubelet-client.key')}`,
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    // Aggregated APIs, such as a metrics server, trust the API server by these.
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--proxy-client-cert-file=${file('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${file('front-proxy-client.key')}`,
    ...(alone
      ? [
          // A loopback address may not be the endpoint of a Service.
          '--endpoint-reconciler-type=none',
          // Nobody makes the service accounts that this plugin insists on.
          '--disable-admission-plugins=ServiceAccount',
        ]
      : []),
  ];
}

/** Whether something takes connections at this port of the loopback. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/**
 * Ports of the loopback that are free, from below the range that the kernel hands out to connections, so that
 * none of those can take one before its program does. Random, for two clusters that come up at once.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(15_000, 30_000);
    if (!ports.has(port) && (await isFree(port))) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
