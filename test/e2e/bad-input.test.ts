import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logInAs } from '../support/account.ts';
import { eventsOf, type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';
import { paas, type Run } from '../support/paas.ts';

const hello = `components: {web: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}\n`;

/** One clear problem: its code, a hint, the exit code, no stack trace. */
function expectProblem(run: Run, code: string, exitCode: number): void {
  expect(run.all).toContain(`[${code}]`);
  expect(run.all).toContain('hint:');
  expect(run.all).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(run.all.match(/^error /gm)).toHaveLength(1);
  expect(run.code).toBe(exitCode);
}

/** Deploys with a kubeconfig of one cluster and one user. */
function deployAs(app: TestApp, cluster: object, user: object): Promise<Run> {
  const file = join(app.folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return deployWith(app, file);
}

async function thisCluster(): Promise<Record<string, unknown>> {
  const { clusters } = await kubectlJson<{ clusters: { cluster: Record<string, unknown> }[] }>(
    'config',
    'view',
    '--raw',
    '--minify',
  );
  return clusters[0]!.cluster;
}

const deployWith = (app: TestApp, kubeconfig: string): Promise<Run> =>
  app.paas(['deploy'], { env: { KUBECONFIG: kubeconfig, PAAS_CONTEXT: undefined } });

describe.concurrent('bad input gets one clear problem', () => {
  test('no cluster', async ({ makeApp }) => {
    const app = makeApp(hello);
    const run = await app.paas(['deploy'], {
      env: { KUBECONFIG: '/nowhere', HOME: app.folder, PAAS_CONTEXT: undefined },
    });
    expectProblem(run, 'no-cluster', 7);
  });

  test('a cluster that does not answer', async ({ makeApp }) => {
    // A port of those that the kernel gives nobody.
    const run = await deployAs(makeApp(hello), { server: 'https://127.0.0.1:1' }, { token: 'x' });
    expectProblem(run, 'cluster-unreachable', 1);
  });

  test('a name that is unknown', async ({ makeApp }) => {
    const run = await deployAs(makeApp(hello), { server: 'https://nowhere.invalid:6443' }, { token: 'x' });
    expectProblem(run, 'cluster-unreachable', 1);
  });

  test('a certificate of somebody else', async ({ makeApp }) => {
    const { server } = await thisCluster();
    const run = await deployAs(makeApp(hello), { server }, { token: 'x' });
    expectProblem(run, 'cluster-untrusted', 1);
  });

  test('an expired login', async ({ makeApp }) => {
    const run = await deployAs(makeApp(hello), await thisCluster(), { token: 'expired' });
    expectProblem(run, 'login-expired', 1);
  });

  test('a login program that fails, with its words', async ({ makeApp }) => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', 'echo "session expired: run mycloud login" >&2; exit 1'],
      interactiveMode: 'Never',
    };
    const run = await deployAs(makeApp(hello), await thisCluster(), { exec });
    expectProblem(run, 'login-failed', 1);
    expect(run.all).toContain('session expired: run mycloud login');
  });

  test('a login program that is not installed', async ({ makeApp }) => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-login',
      interactiveMode: 'Never',
    };
    const run = await deployAs(makeApp(hello), await thisCluster(), { exec });
    expectProblem(run, 'login-failed', 1);
  });

  test('a missing right', async ({ makeApp }) => {
    const app = makeApp(hello);
    await kubectl('create', 'namespace', app.namespace);
    const token = await logInAs(app.namespace, 'reader', '--clusterrole=view');
    const run = await deployAs(app, await thisCluster(), { token });
    expectProblem(run, 'missing-right', 8);
    expect(run.all).toContain(`You lack rights in namespace ${app.namespace} that this needs`);
    expect(run.all).toMatch(/deployments\.apps: create, patch, delete\n/);
    expect(run.all).toMatch(/secrets: get, list, create, patch, update, delete\n/);
    expect(run.all).not.toContain('pods:');
    expect(await kubectl('get', 'deployments,leases', '-n', app.namespace, '-o', 'name')).toBe('');
  });

  test('rights that a deploy would lack in its middle: all of them, before anything is touched', async ({
    makeApp,
  }) => {
    const app = makeApp(hello);
    await kubectl('create', 'namespace', app.namespace);
    const all = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];
    const rule = (apiGroup: string, resource: string, verbs: readonly string[]) => ({
      apiGroups: [apiGroup],
      resources: [resource],
      verbs,
    });
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'half', namespace: app.namespace },
      rules: [
        { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] },
        ...['secrets', 'serviceaccounts', 'pods', 'configmaps'].map((resource) => rule('', resource, all)),
        rule('', 'services', ['patch']),
        rule('apps', 'deployments', ['create', 'watch']),
        rule('apps', 'replicasets', all),
        rule('coordination.k8s.io', 'leases', all),
      ],
    };
    await kubectlInput(JSON.stringify(role), 'apply', '-f', '-');
    const token = await logInAs(app.namespace, 'half', '--role=half');
    const run = await deployAs(app, await thisCluster(), { token });
    expectProblem(run, 'missing-right', 8);
    expect(run.all).toMatch(/\| deployments\.apps: patch\n.*\| services: create\n/);
    const there = await kubectl('get', 'secrets,leases,services', '-n', app.namespace, '-o', 'name');
    expect(there).toBe('');
  });

  test('rights in one namespace suffice', async ({ makeApp }) => {
    const app = makeApp(hello);
    await kubectl('create', 'namespace', app.namespace);
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'deployer', namespace: app.namespace },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    };
    await kubectlInput(JSON.stringify(role), 'apply', '-f', '-');
    const token = await logInAs(app.namespace, 'deployer', '--role=deployer');
    const run = await deployAs(app, await thisCluster(), { token });
    expect(run.all).toContain('Release 1 is live');
    expect(run.code).toBe(0);
  });

  test('a namespace that is ending', async ({ makeApp, onTestFinished }) => {
    const app = makeApp(hello);
    await kubectl('create', 'namespace', app.namespace);
    const held = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: app.namespace, finalizers: ['example.com/hold'] },
    };
    await kubectlInput(JSON.stringify(held), 'apply', '-f', '-');
    onTestFinished(async () => {
      await kubectl(
        'patch',
        'configmap',
        'held',
        '-n',
        app.namespace,
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      );
    });
    await kubectl('delete', 'namespace', app.namespace, '--wait=false');
    const waits = '--for=condition=NamespaceFinalizersRemaining';
    await kubectl('wait', waits, `namespace/${app.namespace}`, '--timeout=120s');
    const writing = ['deploy', 'rollback', 'scale web=2', 'scale web --units 2', 'restart'];
    for (const command of ['status', ...writing.map((one) => `${one} --yes`)]) {
      const run = await app.paas(command.split(' '));
      expectProblem(run, 'namespace-ending', 8);
      // What holds it, in the cluster's words.
      expect(run.all).toContain('| Some content in the namespace has finalizers remaining: example.com/hold');
    }
  });

  test('an unknown context', async ({ makeApp }) => {
    expectProblem(await makeApp(hello).paas(['deploy', '--context', 'nowhere']), 'unknown-context', 7);
  });

  test('an unknown cluster', async ({ makeApp }) => {
    const app = makeApp(`${hello}environments: {live: {cluster: nowhere}}\n`);
    const run = await app.paas(['deploy'], { env: { PAAS_CONTEXT: undefined } });
    expectProblem(run, 'unknown-cluster', 7);
  });

  test('an unknown environment', async ({ makeApp }) => {
    const app = makeApp(`${hello}environments: {staging: {}, live: {}}\n`);
    const run = await app.paas(['deploy', '--env', 'stagign']);
    expectProblem(run, 'unknown-environment', 7);
    expect(run.all).toContain('Did you mean --env staging?');
  });

  test('a broken kubeconfig', async ({ makeApp, makeFolder }) => {
    const file = join(makeFolder(), 'kubeconfig');
    writeFileSync(file, 'clusters: [');
    const run = await deployWith(makeApp(hello), file);
    expect(run.all).toContain('[kubeconfig-broken]');
    expect(run.code).toBe(7);
  });

  test('a broken file: its place, before any cluster is asked', async ({ makeApp }) => {
    const app = makeApp('components:\n  web:\n    imgae: x\n');
    const run = await app.paas(['deploy'], { env: { KUBECONFIG: '/nowhere', PAAS_CONTEXT: undefined } });
    expectProblem(run, 'unknown-key', 7);
    expect(run.all).toContain('--> paas.yaml:4:5');
    expect(run.all).toContain('Did you mean image?');
  });

  test('a file without end, and a folder', async ({ makeFolder }) => {
    const endless = await paas(['validate', '--file', '/dev/zero'], { cwd: makeFolder(), timeout: 120_000 });
    expect(endless.all).toContain('[file-too-large]');
    expect(endless.code).toBe(7);
    const folder = await paas(['validate', '--file', '/tmp'], { cwd: makeFolder() });
    expect(folder.all).toContain('[file-unreadable]');
    expect(folder.code).toBe(7);
  });

  test('no file', async ({ makeFolder }) => {
    expectProblem(await paas(['deploy'], { cwd: makeFolder() }), 'file-not-found', 7);
  });

  test('an unknown command, an unknown flag, an argument too many', async ({ makeApp }) => {
    const app = makeApp(hello);
    const command = await app.paas(['depoly']);
    expectProblem(command, 'unknown-command', 7);
    expect(command.all).toContain('Did you mean paas deploy?');
    const flag = await app.paas(['deploy', '--tiemout', '5s']);
    expectProblem(flag, 'bad-usage', 7);
    expect(flag.all).toContain('Did you mean --timeout?');
    expectProblem(await app.paas(['deploy', 'web']), 'bad-usage', 7);
    expectProblem(await app.paas(['deploy', '--timeout', 'soon']), 'bad-usage', 7);
  });

  test('the same as JSON, on stdout alone: as events of a long action, as one document of a command that answers once', async ({
    makeApp,
  }) => {
    const app = makeApp(hello);
    const problem = { code: 'unknown-context', message: expect.any(String), hint: expect.any(String) };
    const run = await app.paas(['deploy', '--context', 'nowhere', '--json']);
    expect(eventsOf(run)).toMatchObject([
      { type: 'problem', problem },
      { type: 'end', outcome: 'stopped' },
    ]);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(7);
    const status = await app.paas(['status', '--context', 'nowhere', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ version: 1, problems: [problem] });
    expect(status.code).toBe(7);
  });
});
