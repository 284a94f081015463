import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { toolPath } from '../cluster/tools.ts';
import { ask, versionsOf } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { context, image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';
import { withTools } from '../support/tools.ts';

withTools('helm');

const hello = (tag = '1.0'): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", resources: ${small}, port: 8080}}\n`;

interface Object {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly managedFields: { readonly manager: string; readonly subresource?: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: as the cluster gives it.
  readonly spec: any;
}

/** What somebody made before, by hand or as a chart. `selector`: by which labels the instances are found. */
const theirs = (selector: Record<string, string>): object[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', labels: { team: 'shop' } } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels: { team: 'shop' } },
    spec: { selector, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { team: 'shop' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'theirs',
              image: image('hello:1.0'),
              ports: [{ containerPort: 8080 }],
              env: [{ name: 'OLD', value: '1' }],
              readinessProbe: { httpGet: { port: 8080, path: '/' } },
            },
          ],
        },
      },
    },
  },
];

/** The labels by which an app finds its instances. */
const ours = (app: string): Record<string, string> => ({
  'paas.internal/app': app,
  'paas.internal/component': 'web',
  'paas.internal/environment': 'default',
  'paas.internal/track': 'stable',
});

async function expectTaken(namespace: string, before: Record<string, string>): Promise<void> {
  for (const kind of ['deployment', 'service', 'serviceaccount']) {
    const { metadata } = await kubectlJson<Object>(
      '-n',
      namespace,
      'get',
      kind,
      'web',
      '--show-managed-fields',
    );
    expect([kind, metadata.uid]).toEqual([kind, before[kind]]);
    expect(metadata.labels).not.toHaveProperty('team');
    expect(metadata.labels['app.kubernetes.io/managed-by']).toBe('paas');
    expect(Object.keys(metadata.annotations ?? {}).filter((key) => /helm|last-applied/.test(key))).toEqual(
      [],
    );
    const writers = metadata.managedFields.filter(({ subresource }) => !subresource);
    expect(writers.map(({ manager }) => manager).filter((by) => !/^(paas:|kube-)/.test(by))).toEqual([]);
  }
}

async function uids(namespace: string): Promise<Record<string, string>> {
  const { items } = await kubectlJson<{ items: (Object & { kind: string })[] }>(
    ...['-n', namespace, 'get', 'deployment/web', 'service/web', 'serviceaccount/web'],
  );
  return Object.fromEntries(items.map(({ kind, metadata }) => [kind.toLowerCase(), metadata.uid]));
}

describe.concurrent('--take-over', () => {
  test("what kubectl apply made becomes the app's, as the same objects; a second deploy has nothing to do", async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    const list = { apiVersion: 'v1', kind: 'List', items: theirs(ours(app.name)) };
    await kubectlInput(JSON.stringify(list), '-n', app.namespace, 'apply', '-f', '-');
    await kubectl('-n', app.namespace, 'rollout', 'status', 'deployment/web');
    const refused = await app.paas(['deploy']);
    expect([refused.code, refused.all]).toEqual([8, expect.stringContaining('[foreign-owner]')]);
    expect(refused.all).toContain('To take it over: --take-over');
    const before = await uids(app.namespace);
    const versions = await versionsOf(app.namespace);
    const diff = await app.paas(['diff', '--take-over', '--json']);
    expect(diff.code).toBe(2);
    expect(JSON.parse(diff.stdout).changes).toContainEqual({
      action: 'update',
      object: 'deployment/web',
      detail: 'taken over from kubectl-client-side-apply',
    });
    expect(await versionsOf(app.namespace)).toEqual(versions);
    // At no moment do fewer instances serve than before. (They count as available only after minReadySeconds.)
    const watch = execa(
      process.env.PAAS_TEST_KUBECTL ?? 'kubectl',
      [
        ...['--context', context, '-n', app.namespace, 'get', 'deployment/web', '--watch'],
        ...['-o', 'jsonpath=ready={.status.readyReplicas};'],
      ],
      { reject: false },
    );
    let seen = '';
    watch.stdout.on('data', (chunk: Buffer) => {
      seen += String(chunk);
    });
    await once(watch.stdout, 'data');
    app.write(hello().replace('port: 8080', 'port: 8080, instances: 2'));
    const run = await app.paas(['deploy', '--take-over']);
    watch.kill();
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 1 is live')]);
    const ready = [...seen.matchAll(/ready=(\d*);/g)].map(([, count]) => Number(count));
    expect([seen, Math.min(...ready)]).toEqual([expect.anything(), 2]);
    await expectTaken(app.namespace, before);
    const { spec } = await kubectlJson<Object>('-n', app.namespace, 'get', 'deployment/web');
    expect(spec.template.spec.containers.map(({ name }: { name: string }) => name)).toEqual(['web']);
    const service = await kubectlJson<Object>('-n', app.namespace, 'get', 'service/web');
    expect(service.spec.ports.map(({ port }: { port: number }) => port)).toEqual([8080]);
    expect(await ask(app.namespace, 'web')).toContain('Hello');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    expect((await app.paas(['diff'])).code).toBe(0);
  });

  test("what Helm made becomes the app's; what Helm still thinks is said, and the way to end it works", async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    const chart = join(app.folder, 'chart');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\n');
    const list = theirs(ours(app.name)).map((object) => JSON.stringify(object));
    writeFileSync(join(chart, 'templates', 'all.yaml'), list.join('\n---\n'));
    const helm = (...args: string[]) =>
      toolPath('helm').then((path) =>
        execa(path, [...args, '--namespace', app.namespace, '--kube-context', context]),
      );
    await kubectl('create', 'namespace', app.namespace);
    await helm('install', 'old-shop', chart, '--wait');
    expect((await app.paas(['deploy'])).code).toBe(8);
    const before = await uids(app.namespace);
    const run = await app.paas(['deploy', '--take-over']);
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 1 is live')]);
    expect(run.all).toContain('taken over from helm');
    expect(run.all).toContain('kubectl delete secret -l owner=helm,name=old-shop');
    await expectTaken(app.namespace, before);
    await kubectl('-n', app.namespace, 'delete', 'secret', '-l', 'owner=helm,name=old-shop');
    expect((await helm('list', '--short')).stdout).toBe('');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    expect(await ask(app.namespace, 'web')).toContain('Hello');
  });

  test('other labels of its instances: said before anything is touched; with --recreate it is made again', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await kubectl('create', 'namespace', app.namespace);
    const list = { apiVersion: 'v1', kind: 'List', items: theirs({ app: 'web' }) };
    await kubectlInput(JSON.stringify(list), '-n', app.namespace, 'apply', '-f', '-');
    await kubectl('-n', app.namespace, 'rollout', 'status', 'deployment/web');
    const versions = await versionsOf(app.namespace);
    const run = await app.paas(['deploy', '--take-over']);
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('[fixed-for-ever]')]);
    expect(run.all).toContain('deployment/web is there with other labels that choose its instances');
    expect(run.all).toContain('--recreate deployment/web deletes it and makes it again: it is down');
    const wrong = await app.paas(['deploy', '--take-over', '--recreate', 'deployment/wep']);
    expect([wrong.code, wrong.all]).toEqual([7, expect.stringContaining('[unknown-object]')]);
    expect(wrong.all).toContain('What would change: serviceaccount/web, service/web, deployment/web');
    expect(wrong.all).toContain('Did you mean --recreate deployment/web?');
    expect((await app.paas(['deploy', '--recreate', 'web'])).code).toBe(7);
    expect(await versionsOf(app.namespace)).toEqual(versions);
    const done = await app.paas(['deploy', '--take-over', '--recreate', 'deployment/web']);
    expect([done.code, done.all]).toEqual([0, expect.stringContaining('± deployment/web')]);
    expect(await ask(app.namespace, 'web')).toContain('Hello');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
  });

  test('never what belongs to another app, or is kept by a controller', async ({ makeApp }) => {
    const first = makeApp(hello());
    await first.paas(['deploy']);
    const second = makeApp(`${hello()}environments: {default: {namespace: ${first.namespace}}}\n`);
    const versions = await versionsOf(first.namespace);
    const run = await second.paas(['deploy', '--take-over']);
    expect([run.code, run.all]).toEqual([8, expect.stringContaining(`the app ${first.name} (default)`)]);
    expect(run.all).not.toContain('--take-over');
    expect(await versionsOf(first.namespace)).toEqual(versions);
  });

  test('a field of our own that another program set: refused with the flag, and taken back with it', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    await kubectl(
      ...['-n', app.namespace, 'patch', 'deployment/web', '--field-manager=robot', '--type=merge'],
      ...['-p', '{"spec":{"revisionHistoryLimit":5}}'],
    );
    const limit = () =>
      kubectl('-n', app.namespace, 'get', 'deployment/web', '-o', 'jsonpath={.spec.revisionHistoryLimit}');
    const refused = await app.paas(['deploy']);
    expect([refused.code, refused.all]).toEqual([
      8,
      expect.stringContaining('.spec.revisionHistoryLimit: 5 (robot)'),
    ]);
    expect((await app.paas(['diff'])).stdout).toContain('--take-over takes it back');
    expect((await app.paas(['deploy', '--take-over'])).code).toBe(0);
    expect(await limit()).toBe('3');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
  });
});
