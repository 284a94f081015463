import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../cluster/wait.ts';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlInput, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { askGateway, untilGateway } from '../support/gateway.ts';

// The same routes on the Gateway API, as one of those that implement it does them: Istio's gateway.

withExtras('crds', 'istio');

/** A gateway of the platform's that is the running one of the mesh. Source: Istio, Gateway API, manual deployment. */
const gateway = (name: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ${name}, namespace: istio-system}
spec:
  gatewayClassName: istio
  addresses: [{type: Hostname, value: istio-ingressgateway.istio-system.svc.cluster.local}]
  listeners:
    - {name: web, port: 80, protocol: HTTP, hostname: "*.${name}.example.com", allowedRoutes: {namespaces: {from: All}}}
    - name: web-tls
      port: 443
      protocol: HTTPS
      hostname: "*.${name}.example.com"
      allowedRoutes: {namespaces: {from: All}}
      tls: {mode: Terminate, certificateRefs: [{name: ${name}}]}
`;

const echo = (name: string, more: string): string => `
  ${name}:
    image: ${image('echo:1.0')}
    port: 8080
    resources: ${small}
    env: {COMPONENT: ${name}}
    ${more}`;

test('host, path, header, cookie, method, rewrite, timeout, mirror and the way to TLS', async ({
  makeApp,
}) => {
  const app = makeApp('');
  const host = `plain.${app.name}.example.com`;
  app.write(
    `components:${[
      echo(
        'web',
        `routes: [{host: ${host}, tls: false}, secure.${app.name}.example.com]\n    traffic: {timeout: 3s, mirror: {to: api}}`,
      ),
      echo('api', `routes: [${host}/api, {host: ${host}, path: /old, rewrite: /new}]`),
      echo(
        'beta',
        `routes: [{host: ${host}, match: {headers: {X-Beta: 'say "yes"'}}}, {host: ${host}, match: {cookies: {who: a.b}}}, {host: ${host}, path: /old, rewrite: /put, match: {methods: [PUT, DELETE]}}]`,
      ),
    ].join('')}\n`,
  );
  const platform = join(app.folder, 'platform.yaml');
  const routing = `{type: gateway_api, gateway: istio-system/${app.name}, listeners: {http: web, https: web-tls}}`;
  writeFileSync(platform, `routing: ${routing}\n`);
  await kubectlInput(gateway(app.name), 'apply', '--filename=-');
  try {
    const run = await app.paas(['deploy', '--platform', platform]);
    expect(run.all).toContain('is live');
    type How = Pick<NonNullable<Parameters<typeof askGateway>[2]>, 'method' | 'headers'>;
    const ask = async (path: string, how?: How): Promise<string> => {
      const { component, path: seen } = JSON.parse((await askGateway(host, path, how)).body);
      return `${component} ${seen}`;
    };
    // Each component has routes of its own, which the gateway gets to know one after the other.
    const leads = (path: string, to: string, how?: How): Promise<void> =>
      untilGateway(
        host,
        path,
        (answers) => answers.every(({ body }) => JSON.parse(body).component === to),
        how,
      );
    await leads('/', 'web');
    await leads('/api/v1', 'api');
    await leads('/', 'beta', { headers: { 'x-beta': 'say "yes"' } });
    await leads('/old/a', 'beta', { method: 'PUT' });
    expect(await ask('/')).toBe('web /');
    expect(await ask('/api/v1')).toBe('api /api/v1');
    expect(await ask('/apis')).toBe('web /apis');
    expect(await ask('/old/a')).toBe('api /new/a');
    expect(await ask('/old/a', { method: 'PUT' })).toBe('beta /put/a');
    expect(await ask('/', { headers: { 'x-beta': 'say "yes"' } })).toBe('beta /');
    expect(await ask('/', { headers: { cookie: 'a=1; who=a.b' } })).toBe('beta /');
    expect(await ask('/', { headers: { cookie: 'who=aXb' } })).toBe('web /');
    expect((await askGateway(host, '/?wait=20s')).status).toBe(504);
    await ask('/to-both');
    await until('the copy', async () => {
      const log = await kubectl('logs', 'deployment/api', `--namespace=${app.namespace}`);
      return log.includes('GET /to-both');
    });
    const secured = `secure.${app.name}.example.com`;
    await untilGateway(secured, '/a', (answers) => answers.every(({ status }) => status !== 404));
    const sent = await askGateway(secured, '/a');
    expect([sent.status, sent.headers.location]).toEqual([301, `https://${secured}/a`]);
    expect((await app.paas(['deploy', '--platform', platform])).all).toContain('Nothing to do');
  } finally {
    await kubectl('delete', 'gateways.gateway.networking.k8s.io', app.name, '--namespace=istio-system');
  }
});
