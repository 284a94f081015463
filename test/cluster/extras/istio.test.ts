import { expect } from 'vitest';
import { image, kubectl, kubectlInput, patience, small } from '../../support/cluster.ts';
import { withExtras } from '../../support/extras.ts';
import { askGateway, gatewayMetrics, untilGateway } from '../../support/gateway.ts';
import { test } from '../../support/namespace.ts';

withExtras('istio');

const app = (name: string, version: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: hello
          image: "${image(`hello:${version}`)}"
          resources: {requests: ${small}}
          readinessProbe: {httpGet: {path: /healthz, port: 8080}, periodSeconds: 1}
`;

const routes = (host: string, weights: Readonly<Record<string, number>>): string => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [${host}]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [${host}]
  gateways: [web]
  http:
    - route:
${Object.entries(weights)
  .map(([name, weight]) => `        - {destination: {host: ${name}}, weight: ${weight}}`)
  .join('\n')}
`;

test('the gateway splits the requests for a host, and counts them', async ({ namespace }) => {
  const host = `${namespace}.example.com`;
  await apply(namespace, [app('old', '1.0'), app('new', '1.1'), routes(host, { old: 80, new: 20 })]);
  await rolledOut(namespace, 'old', 'new');
  await untilGateway(host, '/', (first) => {
    const versions = new Set(first.map(({ body }) => /version \S+/.exec(body)?.[0]));
    return versions.size === 2 && first.every(({ status }) => status === 200);
  });

  const answers = await Promise.all(Array.from({ length: 200 }, () => askGateway(host, '/')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const old = answers.filter(({ body }) => body.includes('version 1.0')).length;
  expect(old).toBeGreaterThan(130);
  expect(old).toBeLessThan(190);
  expect((await askGateway('nobody.example.com', '/')).status).toBe(404);

  expect(await counted(`new.${namespace}`)).toBeGreaterThanOrEqual(200 - old);
});

test('sidecars take part: with mutual TLS alone, the gateway still answers', async ({ namespace }) => {
  const host = `${namespace}.example.com`;
  await kubectl('label', 'namespace', namespace, 'istio-injection=enabled');
  const strict = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict}
spec: {mtls: {mode: STRICT}}
`;
  await apply(namespace, [strict, app('web', '1.0'), routes(host, { web: 100 })]);
  await rolledOut(namespace, 'web');
  await untilGateway(host, '/', (answers) => answers.every(({ status }) => status === 200));
  expect((await askGateway(host, '/')).body).toContain('Hello from');

  // Without a certificate of the mesh, nothing answers. The API server's proxy has none.
  await expect(
    kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/services/web:80/proxy/`),
  ).rejects.toThrow();
});

/** How many successful answers of a Service the gateway's Envoy has counted. */
async function counted(service: string): Promise<number> {
  const line = (await gatewayMetrics())
    .split('\n')
    .filter((one) => one.startsWith('envoy_cluster_upstream_rq{') && one.includes(`||${service}.svc.`))
    .find((one) => one.includes('response_code_class="2xx"'));
  return Number(line?.split(' ').at(-1) ?? 0);
}

async function apply(namespace: string, manifests: readonly string[]): Promise<void> {
  await kubectlInput(manifests.join('---\n'), 'apply', `--namespace=${namespace}`, '--filename=-');
}

async function rolledOut(namespace: string, ...names: readonly string[]): Promise<void> {
  for (const name of names)
    await kubectl('rollout', 'status', `--namespace=${namespace}`, `deployment/${name}`, patience);
}
