import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { neverNeeded } from '../../src/images/ignore.ts';
import { readBase } from '../../src/registry/base-image.ts';
import { publish } from '../../src/registry/publish.ts';
import { fetchDebian } from '../cluster/debian.ts';
import { buildTestImage } from '../images/push.ts';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { registry as host, kubectl, kubectlInput, ownCluster, patience, small } from '../support/cluster.ts';
import { fill, image, open, platform, registryOf } from '../support/images.ts';
import { login } from '../support/registry.ts';

// Images that the program puts together by itself, run by a real containerd.

const app = (reference: string): string => `
components:
  web:
    image: ${reference}
    port: 8080
    resources: ${small}
`;

describe.runIf(host !== '')('an image that was assembled runs', () => {
  test('a static program on nothing', async ({ makeApp }) => {
    const program = await buildTestImage('hello', '1.0');
    const made = await image([[{ content: readFileSync(program), to: '/bin/hello', executable: true }]], {
      start: { entrypoint: ['/bin/hello'], ports: [8080] },
    });
    const target = { registry: open(host, { plainHttp: true }), repository: 'assembled/hello', tag: '1' };
    const { reference } = await publish(made.image, target);
    const shop = makeApp(app(reference));
    const run = await shop.paas(['deploy']);
    expect(run.code, run.all).toBe(0);
    expect(await ask(shop.namespace, 'web')).toMatch(/^Hello from hello, version 1\.0/);
  });

  test('a site on a base, and after a line was changed', async ({ makeApp, makeFolder }) => {
    const registry = open(host, { plainHttp: true });
    // The base is as those of distributions are: links where folders were, and a /tmp for everyone.
    const busybox = readFileSync(join(await fetchDebian(() => {}), 'bin/busybox'));
    const links = fill(makeFolder(), {
      bin: '->usr/bin',
      'usr/bin/sh': '->busybox',
      'usr/bin/httpd': '->busybox',
    });
    const below = await image([
      [
        { content: busybox, to: '/usr/bin/busybox', executable: true },
        { root: links, from: '.', to: '/' },
      ],
    ]);
    await publish(below.image, { registry, repository: 'assembled/base', tag: '1' });

    const site = fill(makeFolder(), { 'index.html': 'one', 'vendor/lib.js': 'lib', '.env': 'SECRET=1' });
    const exclude = neverNeeded.map(({ pattern }) => pattern);
    const deployed = async (): Promise<{ reference: string; pushed: number; there: number }> => {
      const made = await image(
        [
          [{ root: site, from: 'vendor', to: '/srv/www/vendor', exclude }],
          [
            { root: site, from: '.', to: '/srv/www', exclude: [...exclude, 'vendor'] },
            { content: '#!/bin/sh\nexec httpd -f -p 8080 -h /srv/www\n', to: '/srv/serve', executable: true },
          ],
        ],
        {
          base: await readBase(registry, 'assembled/base', '1', platform),
          start: { command: ['/srv/serve'] },
        },
      );
      const done = await publish(made.image, {
        registry,
        repository: `assembled/${site.split('/').at(-1)!.toLowerCase()}`,
        tag: '1',
      });
      return { reference: done.reference, ...done.layers };
    };
    const first = await deployed();
    const shop = makeApp(app(first.reference));
    const run = await shop.paas(['deploy']);
    expect(run.code, run.all).toBe(0);
    expect(await ask(shop.namespace, 'web', '/index.html')).toBe('one');
    expect(await ask(shop.namespace, 'web', '/vendor/lib.js')).toBe('lib');
    await expect(ask(shop.namespace, 'web', '/.env')).rejects.toThrow();

    fill(site, { 'index.html': 'two' });
    const second = await deployed();
    expect(second).toMatchObject({ pushed: 1, there: 2 });
    shop.write(app(second.reference));
    expect((await shop.paas(['deploy'])).code).toBe(0);
    expect(await ask(shop.namespace, 'web', '/index.html')).toBe('two');

    // Nothing changed: the same digest, and nothing to deploy.
    const third = await deployed();
    expect(third).toMatchObject({ reference: second.reference, pushed: 0 });
    expect((await shop.paas(['deploy'])).all).toContain('Nothing to do');
    const pods = await kubectl('get', 'pods', '-n', shop.namespace, '-o', 'jsonpath={..image}');
    expect(pods).toContain(second.reference);
  });
});

const own = ownCluster();

test.runIf(own)(
  'an image of a registry with a login is pulled with a secret, and not without',
  async ({ makeApp }) => {
    const { host: guarded } = await registryOf({ withLogin: true, address: own!.here });
    own!.letPullFrom(guarded);
    const program = await buildTestImage('hello', '1.0');
    const made = await image([[{ content: readFileSync(program), to: '/app/hello', executable: true }]], {
      start: { entrypoint: ['/app/hello'] },
    });
    const credentials = { kind: 'password', username: login.username, secret: () => login.password } as const;
    const registry = open(guarded, { plainHttp: true, credentials });
    const { reference } = await publish(made.image, { registry, repository: 'team/hello', tag: '1' });
    const shop = makeApp(app(reference));
    await kubectl('create', 'namespace', shop.namespace);
    const { username, password } = login;
    const config = JSON.stringify({ auths: { [guarded]: { username, password } } });
    const pod = (name: string, secrets: object[]): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: shop.namespace },
      spec: {
        containers: [{ name: 'web', image: reference, imagePullPolicy: 'Always' }],
        imagePullSecrets: secrets,
      },
    });
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull', namespace: shop.namespace },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': config },
    };
    const items = [secret, pod('with', [{ name: 'pull' }]), pod('without', [])];
    await kubectlInput(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'create', '-f', '-');
    const until = (what: string, name: string): Promise<string> =>
      kubectl('wait', '-n', shop.namespace, `pod/${name}`, `--for=${what}`, patience);
    await until('condition=Ready', 'with');
    await until('jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff', 'without');
  },
);
