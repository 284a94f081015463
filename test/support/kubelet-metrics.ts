import { kubectlInput, kubectlJson } from './cluster.ts';

interface Nodes {
  readonly items: readonly { status: { addresses: readonly { type: string; address: string }[] } }[];
}

/** Lets the cluster's Prometheus read what the kubelets measure of containers, as long as the namespace is there. */
export async function scrapeKubelets(namespace: string): Promise<void> {
  const { items } = await kubectlJson<Nodes>('get', 'nodes');
  const addresses = items.flatMap(({ status }) =>
    status.addresses.flatMap(({ type, address }) => (type === 'InternalIP' ? [address] : [])),
  );
  const metadata = { name: 'kubelet', namespace, labels: { app: 'kubelet' } };
  const port = { name: 'https-metrics', port: 10250 };
  const objects = [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: 'None', ports: [port] } },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [port] }],
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata,
      spec: {
        selector: { matchLabels: { app: 'kubelet' } },
        // They tell cpu and memory at both, as clusters may scrape both.
        endpoints: ['/metrics/cadvisor', '/metrics/resource'].map((path) => ({
          port: 'https-metrics',
          scheme: 'https',
          path,
          // Its own labels say whose container it is.
          honorLabels: true,
          bearerTokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
          tlsConfig: { insecureSkipVerify: true },
        })),
      },
    },
  ];
  await kubectlInput(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }), 'apply', '-f', '-');
}
