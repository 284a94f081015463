import { writeFileSync } from 'node:fs';
import { request as overTls } from 'node:https';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { createAuthority, createIdentity } from '../cluster/certificates.ts';
import { toolPath } from '../cluster/tools.ts';
import { until } from '../cluster/wait.ts';
import { ask } from '../support/answer.ts';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { askGateway, type GatewayAnswer, gatewayAddress, untilGateway } from '../support/gateway.ts';
import { withTools } from '../support/tools.ts';

// A deployed app as it is reached from outside: through the gateway of a running Istio, and by ports of the node.

withExtras('istio');
withTools('istioctl');

/** A component that answers with what it was asked. */
const echo = (name: string, more: string): string => `
  ${name}:
    image: ${image('echo:1.0')}
    port: 8080
    resources: ${small}
    env: {COMPONENT: ${name}}
${more.replaceAll(/^/gm, '    ')}`;

interface Echo {
  readonly component: string;
  readonly instance: string;
  readonly path: string;
  readonly asked: number;
}

const echoed = ({ body }: GatewayAnswer): Echo => JSON.parse(body) as Echo;

async function deploy(app: TestApp, yaml: string, args: readonly string[] = []): Promise<void> {
  app.write(`components:${yaml}`);
  const run = await app.paas(['deploy', ...args]);
  expect(run.all).toContain('is live');
  expect(run.code).toBe(0);
}

/** Until the gateway knows of a host, and of an instance there: a deploy ends before that. */
const known = (host: string): Promise<void> =>
  untilGateway(host, '/', (answers) => answers.every(({ status }) => status !== 404 && status !== 503));

describe.concurrent('through the gateway', () => {
  test('by host, path, header, cookie and method; the path rewritten', async ({ makeApp }) => {
    const app = makeApp('');
    const host = `${app.name}.example.com`;
    await deploy(
      app,
      [
        echo('web', `routes: [${host}]`),
        echo('api', `routes: [${host}/api, {host: ${host}, path: /old, rewrite: /new}]`),
        echo(
          'beta',
          `routes:\n` +
            `  - {host: ${host}, match: {headers: {X-Beta: 'say "yes"'}}}\n` +
            `  - {host: ${host}, match: {cookies: {who: a.b, side: left}}}\n` +
            `  - {host: ${host}, path: /api, match: {methods: [PUT, DELETE]}}`,
        ),
      ].join(''),
    );
    type How = Pick<NonNullable<Parameters<typeof askGateway>[2]>, 'method' | 'headers'>;
    const ask = async (path: string, how?: How): Promise<string> => {
      const { component, path: seen } = echoed(await askGateway(host, path, how));
      return `${component} ${seen}`;
    };
    // Each component has routes of its own, which the gateway gets to know one after the other.
    const leads = (path: string, to: string, how?: How): Promise<void> =>
      untilGateway(host, path, (answers) => answers.every((one) => echoed(one).component === to), how);
    await leads('/', 'web');
    await leads('/api', 'api');
    await leads('/x', 'beta', { headers: { 'x-beta': 'say "yes"' } });
    expect(await ask('/')).toBe('web /');
    expect(await ask('/api')).toBe('api /api');
    expect(await ask('/api/v1?x=1')).toBe('api /api/v1');
    expect(await ask('/apis')).toBe('web /apis');
    expect(await ask('/old')).toBe('api /new');
    expect(await ask('/old/a/b')).toBe('api /new/a/b');
    expect(await ask('/older')).toBe('web /older');
    expect(await ask('/x', { headers: { 'x-beta': 'say "yes"' } })).toBe('beta /x');
    expect(await ask('/x', { headers: { 'x-beta': 'yes' } })).toBe('web /x');
    expect(await ask('/x', { headers: { cookie: 'a=1; side=left; b=2; who=a.b; c=3' } })).toBe('beta /x');
    expect(await ask('/x', { headers: { cookie: 'who=a.b;side=left' } })).toBe('beta /x');
    expect(await ask('/x', { headers: { cookie: 'who=aXb; side=left' } })).toBe('web /x');
    expect(await ask('/x', { headers: { cookie: 'xwho=a.b; side=left' } })).toBe('web /x');
    expect(await ask('/x', { headers: { cookie: 'who=a.b' } })).toBe('web /x');
    expect(await ask('/api', { method: 'PUT' })).toBe('beta /api');
    expect((await askGateway(`other-${host}`, '/')).status).toBe(404);

    // Of the live cluster too; that it has no sidecars is meant so.
    const istioctl = await toolPath('istioctl');
    const quiet = ['--suppress', 'IST0102=*'];
    const analysis = await execa(istioctl, ['analyze', `--namespace=${app.namespace}`, ...quiet], {
      all: true,
      reject: false,
    });
    expect(analysis.all).toContain('No validation issues found');

    // Nothing of what the API server filled in counts as a change.
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    expect((await app.paas(['delete', '--yes'])).code).toBe(0);
    const left = await kubectl('get', 'virtualservices,gateways.networking.istio.io', '-A', '-o', 'name');
    expect(left).not.toContain(host);
  });

  test('timeout, retries, a mirror, faults, and too much at once', async ({ makeApp }) => {
    const app = makeApp('');
    const host = (name: string): string => `${name}.${app.name}.example.com`;
    const with_ = (name: string, traffic: string): string =>
      echo(name, `routes: [${host(name)}]\ntraffic: {${traffic}}`);
    await deploy(
      app,
      [
        with_('quick', 'timeout: 3s'),
        with_('again', 'retries: {attempts: 2, on: [server_error]}'),
        with_('never', 'retries: 0'),
        with_('broken', 'faults: {abort: {status: 418, share: 50%}}'),
        with_('late', 'faults: {delay: {time: 1s, share: 100%}}'),
        with_('copied', 'mirror: {to: quick}'),
        with_('narrow', 'circuit_breaker: {connections: 1, waiting_requests: 1}'),
      ].join(''),
    );
    const names = ['quick', 'again', 'never', 'broken', 'late', 'copied'];
    await Promise.all(names.map((name) => known(host(name))));
    // This one takes no several at once.
    await until('the gateway', async () => (await askGateway(host('narrow'), '/')).status === 200);

    expect((await askGateway(host('quick'), '/?wait=20s')).status).toBe(504);
    expect((await askGateway(host('quick'), '/?wait=10ms')).status).toBe(200);

    expect((await askGateway(host('again'), '/once-more?status=500')).status).toBe(500);
    expect(await timesAsked(app, 'again', '/once-more')).toBe(3);
    expect((await askGateway(host('never'), '/just-once?status=503')).status).toBe(503);
    expect(await timesAsked(app, 'never', '/just-once')).toBe(1);
    // Where nothing is said, an answer of the program is never asked for again.
    expect((await askGateway(host('copied'), '/just-once?status=503')).status).toBe(503);
    expect(await timesAsked(app, 'copied', '/just-once')).toBe(1);

    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await askGateway(host('broken'), '/')).status),
    );
    const aborted = statuses.filter((status) => status === 418).length;
    expect(aborted).toBeGreaterThan(60);
    expect(aborted).toBeLessThan(140);
    expect(statuses.filter((status) => status === 200)).toHaveLength(200 - aborted);

    const start = performance.now();
    expect((await askGateway(host('late'), '/')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(950);

    expect(echoed(await askGateway(host('copied'), '/to-both')).component).toBe('copied');
    await until('the copy', async () => (await timesAsked(app, 'quick', '/to-both')) === 1);

    const many = await Promise.all(
      Array.from({ length: 20 }, async () => (await askGateway(host('narrow'), '/?wait=1s')).status),
    );
    expect(many.filter((status) => status === 503).length).toBeGreaterThan(5);
    expect(many).toContain(200);
  });

  test('consistent hashing: a cookie is set, and stays with one instance', async ({ makeApp }) => {
    const app = makeApp('');
    const host = `${app.name}.example.com`;
    const web = `instances: 3\nroutes: [${host}]\ntraffic: {load_balancing: {consistent_hash: {cookie: sid}}}`;
    await deploy(app, echo('web', web));
    // Of all three: where another one comes to be known, a cookie may lead elsewhere.
    const instancesOf = (answers: readonly GatewayAnswer[]): Set<string> =>
      new Set(answers.map((answer) => echoed(answer).instance));
    await untilGateway(host, '/', (answers) => instancesOf(answers).size === 3);
    const first = await askGateway(host, '/deep/down');
    const [set] = [first.headers['set-cookie'] ?? []].flat();
    expect(set).toMatch(/^sid="?[^;]+"?; Path=\/; HttpOnly/);
    const cookie = set!.split(';')[0]!;
    const instances = async (headers?: Record<string, string>): Promise<Set<string>> => {
      const options = headers ? { headers } : {};
      return instancesOf(await Promise.all(Array.from({ length: 30 }, () => askGateway(host, '/', options))));
    };
    expect([...(await instances({ cookie }))]).toEqual([echoed(first).instance]);
    expect((await instances()).size).toBeGreaterThan(1);
  });

  test('an instance that fails gets no traffic for a while', async ({ makeApp }) => {
    const app = makeApp('');
    const host = `${app.name}.example.com`;
    const eject = 'eject: {failures: 3, interval: 1s, duration: 1min, at_most: 50%}';
    await deploy(app, echo('web', `instances: 2\nroutes: [${host}]\ntraffic: {${eject}}`));
    await known(host);
    const { instance } = echoed(await askGateway(host, '/'));
    const ask = async (): Promise<number> => (await askGateway(host, `/?fail=${instance}`)).status;
    const first = await Promise.all(Array.from({ length: 20 }, ask));
    expect(first).toContain(500);
    await until('only the other one to answer', async () => {
      const statuses = await Promise.all(Array.from({ length: 20 }, ask));
      return statuses.every((status) => status === 200);
    });
  });

  test('TLS with a certificate beside the gateway; plain HTTP is sent there', async ({
    makeApp,
    makeFolder,
  }) => {
    const app = makeApp('');
    const host = `${app.name}.example.com`;
    const authority = createAuthority('test');
    const { certificate, key } = createIdentity(authority, { commonName: host }, [host]);
    const folder = makeFolder();
    const [cert, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    writeFileSync(cert, certificate);
    writeFileSync(keyFile, key);
    const secret = `${app.name}-tls`;
    const inSystem = '--namespace=istio-system';
    await kubectl('create', 'secret', 'tls', secret, inSystem, `--cert=${cert}`, `--key=${keyFile}`);
    try {
      await deploy(app, echo('web', `routes: [{host: ${host}, certificate: ${secret}}]`));
      await known(host);
      const plainAnswer = await askGateway(host, '/a?b=1');
      expect(plainAnswer.status).toBe(301);
      expect(plainAnswer.headers.location).toBe(`https://${host}/a?b=1`);
      const trusted = authority.certificate;
      await until('the certificate', async () => (await askTls(host, trusted).catch(() => 0)) === 200);
    } finally {
      await kubectl('delete', 'secret', secret, inSystem);
    }
  });
});

test('a TCP port of the gateway', async ({ makeApp }) => {
  const app = makeApp('');
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  await deploy(app, echo('web', `routes: [{tcp: ${port}}]`));
  const [pod] = (
    await kubectl(
      'get',
      'pods',
      '--namespace=istio-system',
      '--selector=istio=ingressgateway',
      '--output=jsonpath={.items[*].metadata.name}',
    )
  ).split(' ');
  // Its Service doesn't have the port: that is the platform's matter.
  const path = `/api/v1/namespaces/istio-system/pods/${pod}:${port}/proxy/over-tcp`;
  await until('the port', async () => (await kubectl('get', '--raw', path)).includes('"path":"/over-tcp"'));
});

test('a port of the node leads to the component, whose own Service stays as it is', async ({ makeApp }) => {
  const app = makeApp('');
  // Of those that Kubernetes leaves for people to choose (30000 to 30085), and not one of the gateway's.
  const chosen = 30_050 + Math.floor(Math.random() * 30);
  await deploy(app, echo('web', `routes: [{node_port: ${chosen}}]`));
  const { host } = await gatewayAddress();
  await until(
    'the port',
    async () => (await fetch(`http://${host}:${chosen}/x`).catch(() => undefined))?.ok === true,
  );
  const { items } = await kubectlJson<{ items: { metadata: { name: string }; spec: { type: string } }[] }>(
    'get',
    'services',
    `--namespace=${app.namespace}`,
  );
  expect(items.map(({ metadata, spec }) => [metadata.name, spec.type])).toEqual([
    ['web', 'ClusterIP'],
    ['web-node-port', 'NodePort'],
  ]);
  // As a platform without a gateway has it: Kubernetes chooses the port.
  app.write(`components:${echo('web', `routes: [${app.name}.example.com]`)}`);
  const platform = join(app.folder, 'platform.yaml');
  writeFileSync(platform, 'routing: {type: node_port}\n');
  expect((await app.paas(['deploy', '--platform', platform])).code).toBe(0);
  const port = await kubectl(
    'get',
    'service/web-node-port',
    `--namespace=${app.namespace}`,
    '--output=jsonpath={.spec.ports[0].nodePort}',
  );
  await until(
    'the port',
    async () => (await fetch(`http://${host}:${port}/`).catch(() => undefined))?.ok === true,
  );
  expect((await app.paas(['deploy', '--platform', platform])).all).toContain('Nothing to do');
});

test('between components with sidecars, the same rules act', async ({ makeApp }) => {
  const app = makeApp('');
  await kubectl('create', 'namespace', app.namespace);
  await kubectl('label', 'namespace', app.namespace, 'istio-injection=enabled');
  const host = `${app.name}.example.com`;
  await deploy(
    app,
    echo('front', `uses: [back]\nroutes: [${host}]`) + echo('back', 'traffic: {timeout: 500ms}'),
  );
  await known(host);
  const asked = async (query: string): Promise<number> => {
    const url = encodeURIComponent(`http://back:8080/?${query}`);
    return echoed(await askGateway(host, `/?ask=${url}`)).asked;
  };
  await until('the mesh', async () => (await asked('wait=0s')) === 200);
  expect(await asked('wait=3s')).toBe(504);
});

/** How often a component was asked for a path so far, by its own word. */
async function timesAsked(app: TestApp, component: string, path: string): Promise<number> {
  // Its log comes on a way of its own: once this question stands in it, so does all that was asked before.
  const mark = `/mark-${++marks}`;
  await ask(app.namespace, component, mark);
  let lines: string[] = [];
  await until(`${mark} in the log of ${component}`, async () => {
    const log = await kubectl('logs', `deployment/${component}`, `--namespace=${app.namespace}`);
    lines = log.split('\n');
    return lines.some((line) => line.includes(` ${mark}`));
  });
  return lines.filter((line) => line.includes(` ${path}`)).length;
}

let marks = 0;

async function askTls(host: string, ca: string): Promise<number> {
  const { spec } = await kubectlJson<{ spec: { ports: { port: number; nodePort: number }[] } }>(
    'get',
    'service/istio-ingressgateway',
    '--namespace=istio-system',
  );
  const port = spec.ports.find((one) => one.port === 443)?.nodePort;
  const { host: hostname } = await gatewayAddress();
  return new Promise((done, failed) => {
    const options = { hostname, port, path: '/', ca, servername: host, headers: { host } };
    overTls(options, (response) => done(response.resume().statusCode ?? 0))
      .once('error', failed)
      .end();
  });
}
