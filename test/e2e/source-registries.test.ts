import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { buildTestImage } from '../images/push.ts';
import { logInAs } from '../support/account.ts';
import { ask } from '../support/answer.ts';
import { eventsOf, type TestApp, test } from '../support/app.ts';
import { kubectl, kubectlInput, kubectlJson, ownCluster, small } from '../support/cluster.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { badNetwork, fill, registryOf } from '../support/images.ts';
import type { Run } from '../support/paas.ts';
import { login } from '../support/registry.ts';
import { imagesOf, platformOf } from '../support/source-app.ts';

// Registries that are not as they should be, seen through `paas deploy`. What is built is a Go program that is there.

const own = ownCluster();

/** No program is found: paas puts the image together. */
const noTools = { PATH: makeTemporaryFolder() };

const appFile = (registry = ''): string =>
  `${registry && `registry: ${registry}\n`}components:\n  web:\n    build: .\n    port: 8080\n    resources: ${small}\n`;

async function withProgram(app: TestApp): Promise<TestApp> {
  fill(app.folder, { 'go.mod': 'module example.com/shop\n\ngo 1.24\n', 'main.go': 'package main\n' });
  mkdirSync(join(app.folder, 'bin'));
  copyFileSync(await buildTestImage('hello', '1.0'), join(app.folder, 'bin/shop'));
  return app;
}

/** The docker config of somebody who has logged in. */
function loggedIn(host: string, password = login.password): { DOCKER_CONFIG: string } {
  const auth = Buffer.from(`${login.username}:${password}`).toString('base64');
  const folder = makeTemporaryFolder();
  fill(folder, { 'config.json': JSON.stringify({ auths: { [host]: { auth } } }) });
  return { DOCKER_CONFIG: folder };
}

const codesOf = (run: Run): unknown[] =>
  eventsOf(run).flatMap(({ type, problem }) =>
    type === 'problem' ? [(problem as { code: string }).code] : [],
  );

const began = (run: Run): boolean => eventsOf(run).some(({ type }) => type === 'build_step');

/** A deploy by somebody who may do everything in the app's namespace, and nothing elsewhere. */
async function deployWithoutRightTo(app: TestApp, env: Record<string, string>): Promise<Run> {
  const inApp = ['-n', app.namespace];
  const token = await logInAs(app.namespace, 'deployer', '--clusterrole=admin');
  const config = await kubectlJson<{ users: { user: object }[] }>('config', 'view', '--minify', '--raw');
  const users = config.users.map((one) => ({ ...one, user: { token } }));
  const KUBECONFIG = join(makeTemporaryFolder(), 'config');
  writeFileSync(KUBECONFIG, JSON.stringify({ ...config, users }));
  const run = await app.paas(['deploy'], { env: { ...env, KUBECONFIG } });
  await kubectl('delete', 'serviceaccount,rolebinding', 'deployer', ...inApp);
  return run;
}

describe.runIf(own)('a registry that wants a login', () => {
  test("is pushed to with docker's credentials and pulled from with those of the platform", async ({
    makeApp,
  }) => {
    const { host } = await registryOf({ withLogin: true, address: own!.here });
    own!.letPullFrom(host);
    const app = await withProgram(makeApp(appFile()));
    const registries = { [host]: { plain_http: true, pull_secret: 'pull' } };
    const env = { ...noTools, ...platformOf(registries), ...loggedIn(host) };
    await kubectl('create', 'namespace', app.namespace);
    const said = [`--docker-server=${host}`, `--docker-username=${login.username}`];
    await kubectl(
      'create',
      'secret',
      'docker-registry',
      'pull',
      '-n',
      app.namespace,
      ...said,
      `--docker-password=${login.password}`,
    );
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run.code, run.all).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('Hello from');
    expect(run.all).not.toContain(login.password);
  });

  test("is pulled from with a copy of the platform's login, which is kept in step and goes with the app", async ({
    makeApp,
    onTestFinished,
  }) => {
    const { host } = await registryOf({ withLogin: true, address: own!.here });
    own!.letPullFrom(host);
    const app = await withProgram(makeApp(appFile()));
    const platformNamespace = `${app.name}-platform`;
    onTestFinished(async () => {
      await kubectl('delete', 'namespace', platformNamespace, '--ignore-not-found', '--wait=false');
    });
    const envWith = (registry: object) => ({
      ...noTools,
      ...platformOf({ [host]: { plain_http: true, ...registry } }),
      ...loggedIn(host),
    });
    // The login of who deploys pushes, and goes nowhere: without another one nothing can be pulled.
    const refused = await app.paas(['deploy'], { env: envWith({}) });
    expect([refused.code, refused.all]).toEqual([3, expect.stringContaining('[image-refused]')]);
    expect(refused.all).toContain(`registries: {"${host}": {pull_secret: NAMESPACE/NAME}}`);
    expect(await kubectl('get', 'secrets', '-n', app.namespace, '-o', 'yaml')).not.toContain('dockerc');

    const env = envWith({ pull_secret: `${platformNamespace}/registry.pull` });
    const missing = await app.paas(['deploy'], { env });
    expect([missing.code, missing.all]).toEqual([8, expect.stringContaining('[pull-secret-missing]')]);
    await kubectl('create', 'namespace', platformNamespace);
    const inPlatform = ['-n', platformNamespace];
    await kubectl('create', 'secret', 'generic', 'registry.pull', ...inPlatform, '--from-literal=a=b');
    const unfit = await app.paas(['deploy'], { env });
    expect([unfit.code, unfit.all]).toEqual([8, expect.stringContaining('[pull-secret-of-another-type]')]);
    await kubectl('delete', 'secret', 'registry.pull', ...inPlatform);
    const store = async (password: string): Promise<void> => {
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'registry.pull', namespace: platformNamespace },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: {
          '.dockerconfigjson': JSON.stringify({ auths: { [host]: { username: login.username, password } } }),
        },
      };
      await kubectlInput(JSON.stringify(secret), 'apply', '-f', '-');
    };
    await store(login.password);
    const run = await app.paas(['deploy'], { env });
    expect(run.code, run.all).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('Hello from');

    const copy = `paas.${app.name}.default.pull.${platformNamespace}.registry.pull`;
    const copied = async () =>
      Buffer.from(
        await kubectl(
          'get',
          'secret',
          copy,
          '-n',
          app.namespace,
          '-o',
          'jsonpath={.data.\\.dockerconfigjson}',
        ),
        'base64',
      ).toString();
    expect(await copied()).toContain(login.password);
    // No release and no output has it.
    const diff = await app.paas(['diff', '--json'], { env });
    const releases = await app.paas(['releases', 'show', '2', '--json'], { env });
    expect([diff.code, releases.code], diff.all).toEqual([0, 0]);
    for (const said of [run, diff, releases]) expect(said.all).not.toContain(login.password);
    expect((await app.paas(['deploy'], { env })).all).toContain('Nothing to do');

    await store('another one');
    const pending = await app.paas(['diff'], { env });
    expect([pending.code, pending.all]).toEqual([2, expect.stringContaining('changes 1 object')]);
    const stepped = await app.paas(['deploy'], { env });
    expect([stepped.code, stepped.all]).toEqual([0, expect.stringContaining(`secret/${copy}`)]);
    expect(await copied()).toContain('another one');
    expect((await app.paas(['deploy'], { env })).all).toContain('Nothing to do');

    expect(await deployWithoutRightTo(app, env)).toMatchObject({
      code: 8,
      all: expect.stringContaining('[pull-secret-unreadable]'),
    });
    const gone = await app.paas(['delete', '--yes'], { env });
    expect(gone.code, gone.all).toBe(0);
    expect(gone.all).toContain(`secret/${copy}`);
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
  });

  test('is one problem before the build without one, and with a wrong one', async ({ makeApp }) => {
    const { host } = await registryOf({ withLogin: true });
    const app = await withProgram(makeApp(appFile()));
    const platform = platformOf({ [host]: { plain_http: true } });
    const none = { ...noTools, ...platform, DOCKER_CONFIG: makeTemporaryFolder() };
    const run = await app.paas(['deploy', '--json'], { env: none });
    expect([run.code, codesOf(run), began(run)]).toEqual([8, ['registry-login-needed'], false]);
    const wrong = { ...noTools, ...platform, ...loggedIn(host, 'a wrong one') };
    const again = await app.paas(['deploy', '--json'], { env: wrong });
    expect([again.code, codesOf(again), began(again)]).toEqual([8, ['registry-login-refused'], false]);
    expect(again.all).not.toContain('a wrong one');
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
  });
});

describe.runIf(own)('a bad way to a registry', () => {
  test.for([
    { name: 'breaks in the middle of the push, once', options: { cutAfter: 200_000, times: 1 }, cuts: 1 },
    { name: 'is slow', options: { delay: 15 }, cuts: 0 },
  ])('$name: the deploy goes on', async ({ options, cuts }, { makeApp }) => {
    const registry = await registryOf({ address: own!.here });
    const network = await badNetwork(registry.host, { ...options, address: own!.here });
    own!.letPullFrom(network.host);
    const app = await withProgram(makeApp(appFile()));
    const env = { ...noTools, ...platformOf({ [network.host]: { plain_http: true } }) };
    const run = await app.paas(['deploy', '--json'], { env });
    expect([run.code, network.cuts()], run.all).toEqual([0, cuts]);
    expect(await ask(app.namespace, 'web')).toContain('Hello from');
  });

  test('always breaks: one problem, and nothing was touched', async ({ makeApp }) => {
    const registry = await registryOf();
    const network = await badNetwork(registry.host, { cutAfter: 200_000 });
    const app = await withProgram(makeApp(appFile()));
    const env = { ...noTools, ...platformOf({ [network.host]: { plain_http: true } }) };
    const run = await app.paas(['deploy', '--json'], { env });
    expect([run.code, codesOf(run)], run.all).toEqual([1, ['registry-broke-off']]);
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
  });
});

describe.runIf(own)('which registry it is', () => {
  test('none: one problem before the build', async ({ makeApp }) => {
    const app = await withProgram(makeApp(appFile()));
    const run = await app.paas(['deploy', '--json'], { env: { ...noTools, PAAS_REGISTRY: undefined } });
    expect([run.code, codesOf(run), began(run)]).toEqual([7, ['registry-needed'], false]);
  });

  test('--registry before PAAS_REGISTRY before the file', async ({ makeApp }) => {
    const { host } = await registryOf();
    const app = await withProgram(makeApp(appFile(`${host}/of-file`)));
    const platform = platformOf({ [host]: { plain_http: true } });
    // Only what is published counts: nothing can pull from this registry, and there is little time.
    const published = async (flags: readonly string[], env: object): Promise<string> => {
      const run = await app.paas(['deploy', '--json', '--timeout', '1s', ...flags], {
        env: { ...noTools, ...platform, ...env },
      });
      return imagesOf(run)[0]?.image.split('@')[0] ?? run.all;
    };
    const PAAS_REGISTRY = `${host}/of-env`;
    expect(await published([], {})).toBe(`${host}/of-file/${app.name}-web`);
    expect(await published([], { PAAS_REGISTRY })).toBe(`${host}/of-env/${app.name}-web`);
    const flag = ['--registry', `${host}/of-flag`];
    expect(await published(flag, { PAAS_REGISTRY })).toBe(`${host}/of-flag/${app.name}-web`);
    rmSync(join(app.folder, 'bin'), { recursive: true });
  });
});
