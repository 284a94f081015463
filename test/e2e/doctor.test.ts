import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logInAs } from '../support/account.ts';
import { eventsOf, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, registry, small } from '../support/cluster.ts';

const web = (more: string, resources = small): string => `
components:
  web:
    image: ${image('hello:1.0')}
    port: 8080
    instances: 2
    resources: ${resources}
${more}`;

const quota = (hard: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'small' }, spec: { hard } });

/** The checks of `paas doctor --json`, by name. */
async function examine(app: { paas: (args: string[]) => Promise<{ code: number; stdout: string }> }) {
  const { code, stdout } = await app.paas(['doctor', '--json']);
  const { version, checks } = JSON.parse(stdout) as {
    version: number;
    checks: { check: string; state: string; message: string; problems: { code: string }[] }[];
  };
  expect(version).toBe(1);
  return { code, of: Object.fromEntries(checks.map((one) => [one.check, one])) };
}

describe.concurrent('before a deploy', () => {
  test('nothing is in the way: 0, and nothing is written', async ({ makeApp }) => {
    const app = makeApp(web(''));
    const run = await app.paas(['doctor']);
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringMatching(/✓ rights +all \d+ that a deploy needs/),
    ]);
    expect(run.stdout).toContain('is made by the first deploy');
    expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain(app.namespace);
  });

  test('a foreign secret and its key: told by doctor, and by a deploy before it touches anything', async ({
    makeApp,
  }) => {
    const app = makeApp(web('    env: {KEY: {secret: stripe, key: api_key}}\n'));
    await kubectl('create', 'namespace', app.namespace);
    const absent = await examine(app);
    expect([absent.code, absent.of.secrets]).toEqual([
      8,
      expect.objectContaining({
        state: 'problem',
        message: expect.stringContaining('needs the secret stripe'),
      }),
    ]);
    await kubectl('create', 'secret', 'generic', 'stripe', '--from-literal=other=1', '-n', app.namespace);
    const deploy = await app.paas(['deploy', '--json']);
    expect([deploy.code, eventsOf(deploy).find(({ type }) => type === 'problem')?.problem]).toMatchObject([
      8,
      {
        code: 'foreign-secret-missing',
        at: { line: 9 },
        message: expect.stringContaining('which has other'),
      },
    ]);
    // Not even the lock was taken.
    const made = await kubectl('get', 'deployments,services,leases', '-n', app.namespace, '-o', 'name');
    expect(made).toBe('');
    await kubectl('delete', 'secret', 'stripe', '-n', app.namespace);
    await kubectl('create', 'secret', 'generic', 'stripe', '--from-literal=api_key=1', '-n', app.namespace);
    expect((await examine(app)).of.secrets?.state).toBe('ok');
    expect((await app.paas(['deploy'])).code).toBe(0);
  });

  test('a quota and a limit range that it can never fit', async ({ makeApp }) => {
    const app = makeApp(web(''));
    await kubectl('create', 'namespace', app.namespace);
    await kubectlInput(
      quota({ 'requests.cpu': '15m', pods: '10' }),
      'create',
      '-n',
      app.namespace,
      '-f',
      '-',
    );
    const found = await examine(app);
    expect([found.code, found.of.quota?.problems]).toMatchObject([8, [{ code: 'quota-too-small' }]]);
    const deploy = await app.paas(['deploy']);
    expect([deploy.code, deploy.stderr]).toEqual([
      8,
      expect.stringContaining('ask for 20m of requests.cpu, and the quota small of the namespace is 15m'),
    ]);
    await kubectl('delete', 'resourcequota', 'small', '-n', app.namespace);
    const range = {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'narrow' },
      spec: { limits: [{ type: 'Container', max: { memory: '16Mi' } }] },
    };
    await kubectlInput(JSON.stringify(range), 'create', '-n', app.namespace, '-f', '-');
    expect((await examine(app)).of.quota?.problems).toMatchObject([{ code: 'limit-range-exceeded' }]);
  });

  test('nodes that are too small, storage that is not there, a stored secret that is not set', async ({
    makeApp,
  }) => {
    const app = makeApp(
      web(
        '    env: {A: {secret: api_token}}\n    volumes: {data: {path: /data, size: 1Gi, storage_class: no-such-class}}\n',
        '{cpu: "200", memory: 32Mi}',
      ),
    );
    const { code, of } = await examine(app);
    expect(code).toBe(8);
    expect(of.nodes?.message).toContain('one instance asks for more than a whole node has');
    expect(of.storage?.message).toContain('no-such-class');
    expect(of.secrets?.problems).toMatchObject([{ code: 'secret-missing' }]);
  });

  test('a host name that somebody else has', async ({ makeApp }) => {
    const app = makeApp(web(''));
    const other = makeApp(web(''));
    const host = `${other.name}.example.com`;
    await kubectl('create', 'namespace', other.namespace);
    await kubectl('create', 'ingress', 'shop', `--rule=${host}/*=web:80`, '-n', other.namespace);
    app.write(web(`    routes: [{host: ${host}}]\n`));
    expect((await examine(app)).of.hosts?.message).toBe(
      `${host} leads to something else already: ingress/shop in namespace ${other.namespace}.`,
    );
  });

  test('a kind that the cluster does not have', async ({ makeApp }) => {
    const app = makeApp(web(''));
    mkdirSync(join(app.folder, '.paas', 'manifests'), { recursive: true });
    const manifest = `apiVersion: ${app.name}.example.com/v1\nkind: Widget\nmetadata: {name: one}\n`;
    writeFileSync(join(app.folder, '.paas', 'manifests', 'one.yaml'), manifest);
    const { code, of } = await examine(app);
    expect([code, of.kinds]).toMatchObject([
      8,
      { state: 'problem', message: expect.stringContaining('Widget'), problems: [{ code: 'unknown-kind' }] },
    ]);
    // Of a kind that nobody knows no right is asked for.
    expect(of.rights?.state).toBe('ok');
  });

  test.runIf(registry)(
    'an image for other machines than the nodes, and one that is not there',
    async ({ makeApp }) => {
      const app = makeApp('');
      app.write(web('').replace(image('hello:1.0'), `${registry}/faulty:foreign`));
      const platform = join(app.folder, 'platform.yaml');
      writeFileSync(platform, JSON.stringify({ registries: { [registry]: { plain_http: true } } }));
      const alien = await app.paas(['doctor', '--platform', platform]);
      expect(alien.code).toBe(8);
      expect(alien.stdout).toMatch(
        /faulty:foreign of web is for linux\/s390x, and the nodes are linux\/\S+\./,
      );
      app.write(web('').replace(image('hello:1.0'), `${registry}/faulty:9.9`));
      const absent = await app.paas(['doctor', '--platform', platform, '--json']);
      expect(absent.stdout).toContain('"image-not-found"');
      app.write(web('').replace(image('hello:1.0'), `${registry}/faulty:1.0`));
      expect((await app.paas(['doctor', '--platform', platform])).stdout).toMatch(/✓ images +all there/);
    },
  );

  test('what may not be read is not checked, and rights that are missing are listed', async ({ makeApp }) => {
    const app = makeApp(web('    env: {KEY: {secret: stripe, key: api_key}}\n'));
    const { namespace } = app;
    await kubectl('create', 'namespace', namespace);
    const token = await logInAs(namespace, 'reader', '--clusterrole=view');
    const config = JSON.parse(await kubectl('config', 'view', '--raw', '--minify', '-o', 'json'));
    config.users[0].user = { token };
    const path = `${app.folder}/kubeconfig`;
    writeFileSync(path, JSON.stringify(config));
    const run = await app.paas(['doctor'], { env: { KUBECONFIG: path } });
    expect(run.code).toBe(8);
    expect(run.stdout).toMatch(/\? secrets +not checked: you may not list secrets/);
    expect(run.stdout).toMatch(/\? nodes +not checked/);
    expect(run.stdout).toContain('| deployments.apps: create, patch, delete');
  });
});
