import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { ask, versionsOf } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { context, image, kubectl, kubectlInput, small } from '../support/cluster.ts';

const hello = (namespace?: string): string => `
components: {web: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}
${namespace ? `environments: {default: {namespace: ${namespace}}}` : ''}
`;

const volume = (namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
});

describe.concurrent('whose an object is', () => {
  test("a second app with a component of the same name in the same namespace is refused; the first one's stays as it is", async ({
    makeApp,
  }) => {
    const first = makeApp(hello());
    expect((await first.paas(['deploy'])).code).toBe(0);
    const before = await versionsOf(first.namespace);
    const second = makeApp(hello(first.namespace));
    const run = await second.paas(['deploy']);
    expect(run.code).toBe(8);
    expect(run.all).toContain('[foreign-owner]');
    expect(run.all).toContain(`the app ${first.name} (default)`);
    expect(await versionsOf(first.namespace)).toEqual(before);
    expect(await ask(first.namespace, 'web')).toContain('Hello');
    expect((await first.paas(['deploy'])).all).toContain('Nothing to do');
  });

  test('a renamed component: the new one is ready before the old one goes', async ({ makeApp }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    app.write(hello().replace('{web:', '{shop:'));
    const run = await app.paas(['deploy']);
    expect(run.code).toBe(0);
    expect(run.all).toContain('+ deployment/shop');
    expect(run.all.indexOf('deleted deployment/web')).toBeGreaterThan(run.all.indexOf('shop 1/1 ready'));
    expect(await kubectl('get', 'deployments,services', '-n', app.namespace, '-o', 'name')).toBe(
      'deployment.apps/shop\nservice/shop',
    );
    expect((await app.paas(['rollback'])).code).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('Hello');
  });

  test('an object that kubectl made is refused, and left as it is', async ({ makeApp }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    await kubectl('create', 'deployment', 'web', `--image=${image('hello:1.0')}`, '-n', app.namespace);
    // Settled: its own controller writes it no more.
    await kubectl('rollout', 'status', 'deployment/web', '-n', app.namespace);
    const before = await versionsOf(app.namespace);
    const run = await app.paas(['deploy']);
    expect(run.code).toBe(8);
    expect(run.all).toContain('deployment/web is there already and belongs to kubectl-create');
    expect(await versionsOf(app.namespace)).toEqual(before);
  });
});

describe.concurrent('delete', () => {
  test('leaves nothing of the app, not even its namespace', async ({ makeApp }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    const refused = await app.paas(['delete']);
    expect(refused.code).toBe(8);
    expect(refused.all).toContain('[confirmation-needed]');
    const run = await app.paas(['delete', '--yes']);
    expect(run.all).toContain(`deleted namespace/${app.namespace}`);
    expect(run.code).toBe(0);
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
    const again = await app.paas(['delete', '--yes']);
    expect(again.all).toContain('It is not deployed');
    expect(again.code).toBe(0);
    // And it can be deployed again.
    expect((await app.paas(['deploy'])).all).toContain('Release 1 is live');
  });

  test('keeps a namespace that it did not make, and names it', async ({ makeApp }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    await app.paas(['deploy']);
    const run = await app.paas(['delete', '--yes']);
    expect(run.code).toBe(0);
    expect(run.all).toContain(`kept namespace/${app.namespace}: it wasn't made by this app`);
    const left = Object.keys(await versionsOf(app.namespace)).filter(
      (name) => name !== 'ServiceAccount/default' && name !== 'ConfigMap/kube-root-ca.crt',
    );
    expect(left).toEqual([]);
  });

  test('keeps its namespace while a volume or something foreign is in it, and names it', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    await kubectl('create', 'configmap', 'notes', '-n', app.namespace);
    await kubectlInput(JSON.stringify(volume(app.namespace)), 'create', '-f', '-');
    const run = await app.paas(['delete', '--yes']);
    expect(run.all).toContain(
      `kept namespace/${app.namespace}: in it there is configmap/notes, persistentvolumeclaim/data`,
    );
    expect(await kubectl('get', 'configmap', 'notes', '-n', app.namespace, '-o', 'name')).toBe(
      'configmap/notes',
    );
    await kubectl('delete', 'configmap/notes', 'persistentvolumeclaim/data', '-n', app.namespace);
    expect((await app.paas(['delete', '--yes'])).all).toContain(`deleted namespace/${app.namespace}`);
  });
});

describe.concurrent('delete tells the truth', () => {
  test('what a finalizer holds is named, exit code 4; once it is let go, the same command ends right', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    const hold = (finalizers: string) =>
      kubectl(
        'patch',
        'service/web',
        '-n',
        app.namespace,
        '--type=merge',
        '-p',
        `{"metadata":{"finalizers":${finalizers}}}`,
      );
    await hold('["example.com/hold"]');
    const run = await app.paas(['delete', '--yes', '--timeout', '8s']);
    expect(run.all).toContain('[still-there]');
    expect(run.all).toContain('service/web, held by example.com/hold');
    expect(run.all).not.toContain('✓ Deleted');
    expect(run.code).toBe(4);
    await hold('null');
    const again = await app.paas(['delete', '--yes']);
    expect(again.all).toContain(`deleted namespace/${app.namespace}`);
    expect(again.code).toBe(0);
  });

  test('also when somebody deleted the inventory: the labels tell what is ours', async ({ makeApp }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    await app.paas(['deploy']);
    await kubectl('delete', 'secret', `paas.${app.name}.default.inventory`, '-n', app.namespace);
    expect((await app.paas(['delete', '--yes'])).code).toBe(0);
    expect(await kubectl('get', 'deployments,services', '-n', app.namespace, '-o', 'name')).toBe('');
  });

  test('a deploy right after an interrupted delete waits until the rest is gone, and makes it anew', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    await app.paas(['deploy']);
    const hold = (finalizers: string) =>
      kubectl(
        ...['patch', 'deployment/web', '-n', app.namespace, '--type=merge'],
        ...['-p', `{"metadata":{"finalizers":${finalizers}}}`],
      );
    await hold('["example.com/hold"]');
    await kubectl('delete', 'deployment/web', '-n', app.namespace, '--wait=false');
    const run = app.start(['deploy']);
    let said = '';
    await new Promise<void>((resolve) => {
      run.stderr?.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('waiting until deployment/web is gone')) resolve();
      });
      void run.then(() => resolve());
    });
    expect(said).toContain('waiting until deployment/web is gone');
    await hold('null');
    const { all, exitCode } = await run;
    expect([exitCode, all]).toEqual([0, expect.stringContaining('+ deployment/web')]);
    expect(await ask(app.namespace, 'web')).toContain('Hello');
  });
});

describe.concurrent('the wrong cluster', () => {
  test('the cluster is noted beside the file; under the same name another one is refused', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    const noted = `${app.folder}/.paas/clusters.yaml`;
    expect(readFileSync(noted, 'utf8')).toMatch(
      /^default: \{cluster: "[^"]+", uid: "[0-9a-f-]{36}", ca: "[0-9a-f]{64}"\}$/m,
    );
    // As it would look had the environment been deployed to another cluster before.
    writeFileSync(
      noted,
      readFileSync(noted, 'utf8').replace(/uid: "[^"]+"/, 'uid: "00000000-0000-0000-0000-000000000000"'),
    );
    for (const command of ['deploy', 'delete']) {
      const run = await app.paas([command, '--yes']);
      expect(run.code).toBe(8);
      expect(run.all).toContain('[other-cluster]');
    }
    expect((await app.paas(['deploy', '--accept-new-cluster'])).code).toBe(0);
    expect((await app.paas(['deploy'])).code).toBe(0);
  });

  test('a copy of the checkout knows the cluster too', async ({ makeApp, makeFolder }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    const copy = makeFolder();
    cpSync(app.folder, copy, { recursive: true });
    const run = await app.paas(['deploy', '--context', context], { cwd: copy });
    expect(run.all).toContain('Nothing to do');
  });

  test('a file of notes that is broken is never passed over or written over', async ({ makeApp }) => {
    const app = makeApp(hello());
    const noted = `${app.folder}/.paas/clusters.yaml`;
    mkdirSync(`${app.folder}/.paas`);
    for (const text of ['<<<<<<< ours\ndefault: {a: b}\n', 'default: hello\n']) {
      writeFileSync(noted, text);
      const run = await app.paas(['deploy']);
      expect(run.all).toContain('.paas/clusters.yaml:1:1');
      expect(run.code).toBe(7);
      expect(readFileSync(noted, 'utf8')).toBe(text);
    }
  });
});
