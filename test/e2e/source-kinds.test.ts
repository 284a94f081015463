import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { until } from '../cluster/wait.ts';
import { ask } from '../support/answer.ts';
import { eventsOf, test } from '../support/app.ts';
import { kubectl, registry } from '../support/cluster.ts';
import { fill } from '../support/images.ts';
import { copyProject, imagesOf, portOf, withBuildah } from '../support/source-app.ts';

// What else a source can be: with a Dockerfile of its own, with several processes, with several apps.

describe.runIf(registry !== '')('from a source to its answer', () => {
  const buildah = withBuildah('node', 'nginx');

  test('a Dockerfile is taken as it is: its port, and its user', async ({ makeApp }) => {
    const { env } = buildah;
    const app = makeApp('');
    copyProject(app, 'node');
    fill(app.folder, {
      Dockerfile: [
        'FROM docker.io/library/node:24-slim',
        'WORKDIR /srv',
        'COPY package*.json ./',
        'RUN npm ci --omit=dev',
        'COPY server.js ./',
        'RUN echo by hand > built.txt',
        'USER 1234',
        'EXPOSE 4321',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    });
    const init = await app.paas(['init', '--yes', '--name', app.name], { env });
    expect(init.all).toContain('Dockerfile');
    expect(portOf(app)).toBe(4321);
    const run = await app.paas(['deploy'], { env });
    expect(run.code, run.all).toBe(0);
    expect(await ask(app.namespace, 'web', '/', 4321)).toMatch(/^node says hello, 1m, by hand/);
    const lines = run.stderr.split('\n');
    expect(lines.filter((line) => line.includes('RUN npm ci'))).toHaveLength(1);
    expect(lines[lines.indexOf('What changes:') - 1]).toBe('');
  });

  test('a Procfile: each process a component, of one image that is built once', async ({ makeApp }) => {
    const { env } = buildah;
    const app = makeApp('');
    copyProject(app, 'node');
    fill(app.folder, {
      Procfile: [
        'web: node server.js',
        'worker: node -e "console.log(\'working\'); setInterval(() => {}, 1000)"',
        'release: node -e "console.log(\'before the release\')"',
        '',
      ].join('\n'),
    });
    expect((await app.paas(['init', '--yes', '--name', app.name], { env })).code).toBe(0);
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run.code, run.all).toBe(0);
    const images = imagesOf(run);
    expect(images.map(({ components }) => [...components].sort())).toEqual([['release', 'web', 'worker']]);
    expect(await ask(app.namespace, 'web', '/', portOf(app))).toMatch(/^node says hello/);
    const pods = await kubectl(
      'get',
      'pods',
      '-n',
      app.namespace,
      '-o',
      'jsonpath={..spec.containers[*].image}',
    );
    expect(new Set(pods.split(' '))).toEqual(new Set([images[0]!.image]));
    // It runs as soon as it is started, and says so once Node.js has begun.
    const log = (): Promise<string> => kubectl('logs', '-n', app.namespace, 'deployment/worker');
    await until('its word', async () => (await log()) !== '');
    expect(await log()).toBe('working');
    const jobs = await kubectl('get', 'jobs', '-n', app.namespace, '-o', 'jsonpath={..status.succeeded}');
    expect(jobs).toBe('1');
  });

  test('several apps in one repository: --folder says which', async ({ makeApp }) => {
    const { env } = buildah;
    const app = makeApp('');
    copyProject(app, 'node', 'shop');
    copyProject(app, 'static', 'pages');
    mkdirSync(join(app.folder, 'docs'));
    writeFileSync(join(app.folder, 'docs/README.md'), '# Docs\n');
    const asked = await app.paas(['init', '--yes', '--name', app.name], { env });
    expect([asked.code, asked.stderr]).toEqual([7, expect.stringContaining('--folder')]);
    const both = ['init', '--yes', '--name', app.name, '--folder', 'shop', '--folder', 'pages'];
    expect((await app.paas(both, { env })).code).toBe(0);
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run.code, run.all).toBe(0);
    expect(imagesOf(run)).toHaveLength(2);
    expect(await ask(app.namespace, 'shop', '/', portOf(app, 'shop'))).toMatch(/^node says hello/);
    expect(await ask(app.namespace, 'pages', '/', portOf(app, 'pages'))).toMatch(/static says hello/);
  });

  test('a build that fails ends before anything was touched', async ({ makeApp }) => {
    const { env } = buildah;
    const app = makeApp('\ncomponents:\n  web:\n    build: .\n    port: 8080\n');
    fill(app.folder, { Dockerfile: 'FROM docker.io/library/node:24-slim\nRUN echo no && exit 3\n' });
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run.code, run.all).toBe(8);
    expect(eventsOf(run).find(({ type }) => type === 'problem')).toMatchObject({
      problem: { code: 'build-step-failed' },
    });
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');
  });
});
