import { describe, expect } from 'vitest';
import { ask, versionsOf } from '../support/answer.ts';
import { type ApiProxy, openApiProxy } from '../support/api-proxy.ts';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

// A deploy that dies at any of its requests needs no repair: the same command again ends where it would have ended.

const all = process.env.PAAS_TEST_LONG !== undefined;

/** Two states of one app, between which everything happens: made, changed, scaled, removed, a job, config. */
const versions = [
  `
components:
  web: {image: ${image('hello:1.0')}, port: 8080, resources: ${small}, files: {/etc/note: {content: one}}}
  old: {image: ${image('hello:1.0')}, port: 8080, resources: ${small}}
  migrate: {image: ${image('hello:1.0')}, command: [one], run: before_deploy, resources: ${small}}
`,
  `
components:
  web: {image: ${image('hello:1.1')}, port: 8080, instances: 2, resources: ${small}, files: {/etc/note: {content: two}}}
  new: {image: ${image('hello:1.1')}, port: 8080, resources: ${small}}
  migrate: {image: ${image('hello:1.1')}, command: [two], run: before_deploy, resources: ${small}}
`,
] as const;
const answers = ['version 1.0', 'version 1.1'] as const;
const objects = [
  ['deployment/old', 'deployment/web', 'service/old', 'service/web'],
  ['deployment/new', 'deployment/web', 'service/new', 'service/web'],
] as const;

describe.concurrent('kill -9 at a request', () => {
  test(`of a deploy: the same command ends right (${all ? 'every request' : 'a sample'})`, async ({
    makeApp,
  }) => {
    const app = makeApp(versions[0]);
    const proxy = await openApiProxy(app.folder);
    try {
      expect((await app.paas(['deploy'])).code).toBe(0);
      await expectConverged(app, 0);
      let next = 1;
      app.write(versions[1]);
      expect((await app.paas(['deploy'], { env: proxy.env })).code).toBe(0);
      const count = proxy.seen.length;
      for (const at of positions(count)) {
        next = 1 - next;
        app.write(versions[next]!);
        const died = await killedAt(app, ['deploy'], proxy, at);
        const again = await app.paas(['deploy']);
        expect([again.code, died && `killed at ${died}`, again.all]).toEqual([
          0,
          expect.anything(),
          expect.anything(),
        ]);
        await expectConverged(app, next);
      }
    } finally {
      await proxy.close();
    }
  }, 3_600_000);

  test(`of a rollback: the same command ends right (${all ? 'every request' : 'a sample'})`, async ({
    makeApp,
  }) => {
    // Without jobs, which a deploy after a rollback runs: there is to be nothing to do.
    const files = versions.map((version) => version.replace(/ {2}migrate: .*\n/, ''));
    const app = makeApp(files[0]!);
    const proxy = await openApiProxy(app.folder);
    try {
      for (const file of files) {
        app.write(file);
        expect((await app.paas(['deploy'])).code).toBe(0);
      }
      expect((await app.paas(['rollback', '1'], { env: proxy.env })).code).toBe(0);
      app.write(files[0]!);
      // The newest releases of each version: the oldest are forgotten as new ones come.
      const newest = [await expectConverged(app, 0), 2];
      let next = 0;
      for (const at of positions(proxy.seen.length)) {
        next = 1 - next;
        const command = ['rollback', String(newest[next])];
        const died = await killedAt(app, command, proxy, at);
        const again = await app.paas(command);
        expect([again.code, died && `killed at ${died}`, again.all]).toEqual([
          0,
          expect.anything(),
          expect.anything(),
        ]);
        app.write(files[next]!);
        newest[next] = await expectConverged(app, next);
      }
    } finally {
      await proxy.close();
    }
  }, 3_600_000);

  test(`of a delete: the same command ends right, and nothing is left (${all ? 'every request' : 'a sample'})`, async ({
    makeApp,
  }) => {
    const app = makeApp(versions[0].replace(/ {2}migrate: .*\n/, ''));
    // In a namespace that stays: one that goes would take with it what was forgotten.
    await kubectl('create', 'namespace', app.namespace);
    const proxy = await openApiProxy(app.folder);
    try {
      expect((await app.paas(['deploy'])).code).toBe(0);
      expect((await app.paas(['delete', '--yes'], { env: proxy.env })).code).toBe(0);
      for (const at of positions(proxy.seen.length)) {
        expect((await app.paas(['deploy'])).code).toBe(0);
        await expectDeleted(app, proxy, at);
        expect(Object.keys(await versionsOf(app.namespace)).filter((name) => !ofEvery.has(name))).toEqual([]);
      }
    } finally {
      await proxy.close();
    }
  }, 3_600_000);

  test(`of a delete with its namespace: the same command ends right (${all ? 'the last ones' : 'a sample'})`, async ({
    makeApp,
  }) => {
    const app = makeApp(versions[0].replace(/ {2}migrate: .*\n/, ''));
    const proxy = await openApiProxy(app.folder);
    try {
      expect((await app.paas(['deploy'])).code).toBe(0);
      expect((await app.paas(['delete', '--yes'], { env: proxy.env })).code).toBe(0);
      const asked = proxy.seen.findIndex(({ method, path }) => method === 'DELETE' && isNamespace(path)) + 1;
      expect(asked).toBeGreaterThan(0);
      for (const at of all ? [asked - 2, asked - 1, asked, asked + 1, asked + 2] : [asked]) {
        expect((await app.paas(['deploy'])).code).toBe(0);
        await expectDeleted(app, proxy, at);
        expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
      }
    } finally {
      await proxy.close();
    }
  }, 3_600_000);
});

/** What Kubernetes puts into every namespace. */
const ofEvery: ReadonlySet<string> = new Set(['ServiceAccount/default', 'ConfigMap/kube-root-ca.crt']);

function isNamespace(path: string): boolean {
  return /^\/api\/v1\/namespaces\/[^/]+$/.test(path);
}

async function expectDeleted(app: TestApp, proxy: ApiProxy, at: number): Promise<void> {
  const died = await killedAt(app, ['delete', '--yes'], proxy, at);
  const again = await app.paas(['delete', '--yes']);
  expect([again.code, `killed at ${died}`, again.all]).toEqual([0, expect.anything(), expect.anything()]);
}

function positions(count: number): number[] {
  const every = Array.from({ length: count }, (_, index) => index + 1);
  // Those in the middle, where things are made: the first ones only read.
  return all ? every : [0.4, 0.55, 0.7, 0.85].map((part) => every[Math.floor(part * count)]!);
}

/** Kills a command when its n-th request has been done, before its answer arrives. Gives that request. */
async function killedAt(
  app: TestApp,
  command: readonly string[],
  proxy: ApiProxy,
  at: number,
): Promise<string | undefined> {
  const before = proxy.seen.length;
  let died: string | undefined;
  const run = app.start(command, { env: proxy.env });
  proxy.decide = ({ number, method, path }) => {
    if (number - before < at) return { do: 'pass' };
    died ??= `${method} ${path}`;
    run.kill('SIGKILL');
    return number - before === at ? { do: 'lose_answer' } : { do: 'reset' };
  };
  await run;
  proxy.decide = () => ({ do: 'pass' });
  return died ?? 'nowhere';
}

/** Gives the number of the release that is live. */
async function expectConverged(app: TestApp, version: number): Promise<number> {
  expect(await ask(app.namespace, 'web')).toContain(answers[version]);
  const kinds = 'deployments,services,statefulsets,horizontalpodautoscalers';
  const names = await kubectl('-n', app.namespace, 'get', kinds, '-o', 'name');
  expect(
    names
      .split('\n')
      .map((name) => name.replace('.apps/', '/'))
      .sort(),
  ).toEqual(objects[version]);
  const { items: maps } = await kubectlJson<{
    items: { data: object; metadata: { labels?: Record<string, string> } }[];
  }>('-n', app.namespace, 'get', 'configmaps');
  const own = maps.filter(({ metadata }) => metadata.labels?.['paas.internal/owner']);
  expect(own.map(({ data }) => Object.values(data))).toEqual([[version === 0 ? 'one' : 'two']]);
  const lease = await kubectlJson<{ spec: { holderIdentity?: string } }>(
    '-n',
    app.namespace,
    'get',
    `lease/paas.${app.name}.default.lock`,
  );
  expect(lease.spec.holderIdentity ?? '').toBe('');
  const quiet = await app.paas(['deploy']);
  expect(quiet.all).toContain('Nothing to do');
  return Number(/release (\d+) is live/.exec(quiet.all)?.[1]);
}
