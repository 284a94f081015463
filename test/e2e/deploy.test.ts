import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ask, versionsOf } from '../support/answer.ts';
import { eventsOf, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';
import { root } from '../support/paas.ts';

const hello = (more = '', tag = '1.0'): string => `
components:
  web:
    image: ${image(`hello:${tag}`)}
    port: 8080
    resources: ${small}
    health: {http: /healthz}
${more}`;

describe.concurrent('deploy', () => {
  test('the example hello: the app answers, and status and logs tell of it', async ({ makeApp }) => {
    const app = makeApp('');
    cpSync(join(root, 'examples', 'hello'), app.folder, { recursive: true });
    const file = join(app.folder, 'paas.yaml');
    const text = readFileSync(file, 'utf8').replace('app: hello', `app: ${app.name}`);
    writeFileSync(file, text.replace(/localhost:5000\//, image('')));

    const run = await app.paas(['deploy']);
    expect(run.all).toContain('Release 1 is live');
    expect(run.code).toBe(0);
    // Where it happens comes first.
    expect(run.stderr.split('\n')[0]).toBe(`${app.name} in environment default`);
    expect(await ask(app.namespace, 'web')).toMatch(/^Hello from world, version 1\.0, instance web-/);

    const status = await app.paas(['status']);
    expect(status.stdout).toMatch(/release 1 succeeded, (just now|\d+ minutes? ago) by \S+@\S+/);
    expect(status.stdout).toMatch(/web +2\/2 +ready/);
    expect(JSON.parse((await app.paas(['status', '--json'])).stdout)).toMatchObject({
      version: 1,
      app: app.name,
      environment: 'default',
      namespace: app.namespace,
      release: { number: 1, outcome: 'succeeded' },
      components: [{ name: 'web', state: 'ready', ready: 2, wanted: 2 }],
    });

    const logs = await app.paas(['logs', 'web']);
    expect(logs.code).toBe(0);
    expect(logs.stdout).toMatch(/^web-\S+ .*listening/m);
    const lines = (await app.paas(['logs', '--json'])).stdout.trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      component: 'web',
      instance: expect.stringMatching(/^web-/),
    });
  });

  test('a second time: nothing is written, exit code 0', async ({ makeApp }) => {
    const app = makeApp(hello());
    expect((await app.paas(['deploy'])).code).toBe(0);
    const before = await versionsOf(app.namespace);
    const again = await app.paas(['deploy']);
    expect(again.all).toContain('Nothing to do: release 1 is live');
    expect(again.code).toBe(0);
    expect(await versionsOf(app.namespace)).toEqual(before);
  });

  test('a changed image becomes the next release, and its answer', async ({ makeApp }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    app.write(hello('', '1.1'));
    const run = await app.paas(['deploy']);
    expect(run.all).toContain(`~ deployment/web  image ${image('hello:1.0')} → ${image('hello:1.1')}`);
    expect(run.all).toContain('Release 2 is live');
    expect(await ask(app.namespace, 'web')).toContain('version 1.1');
  });

  test('what is no longer in the file is removed, once the rest is ready', async ({ makeApp }) => {
    const app = makeApp(
      hello(`  other:\n    image: ${image('hello:1.0')}\n    port: 8080\n    resources: ${small}\n`),
    );
    await app.paas(['deploy']);
    app.write(hello());
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('- deployment/other');
    expect(run.all.indexOf('deleted deployment/other')).toBeGreaterThan(run.all.indexOf('✓ web 1/1 ready'));
    expect(await kubectl('get', 'deployments,services', '-n', app.namespace, '-o', 'name')).toBe(
      'deployment.apps/web\nservice/web',
    );
  });

  test('the number of instances is written when the file changes it, and left alone otherwise', async ({
    makeApp,
  }) => {
    const app = makeApp(hello('    instances: 1\n'));
    await app.paas(['deploy']);
    await kubectl('scale', 'deployment/web', '-n', app.namespace, '--replicas=2');
    await kubectl('rollout', 'status', 'deployment/web', '-n', app.namespace);
    app.write(hello('    instances: 1\n    env: {GREETING: changed}\n'));
    await app.paas(['deploy']);
    type Deployment = { spec: { replicas: number }; metadata: { managedFields: { manager: string }[] } };
    const read = () =>
      kubectlJson<Deployment>('get', 'deployment/web', '-n', app.namespace, '--show-managed-fields');
    expect((await read()).spec.replicas).toBe(2);
    app.write(hello('    instances: 3\n    env: {GREETING: changed}\n'));
    const run = await app.paas(['deploy']);
    expect(run.all).toMatch(/~ deployment\/web +1 → 3 instances/);
    const after = await read();
    expect(after.spec.replicas).toBe(3);
    expect(after.metadata.managedFields.map(({ manager }) => manager)).toContain(
      `paas:${app.name}:default:scale`,
    );
  });

  test('what somebody deleted or changed by hand is put right', async ({ makeApp }) => {
    const app = makeApp(hello());
    await app.paas(['deploy']);
    await kubectl('delete', 'service/web', '-n', app.namespace);
    await kubectl('set', 'image', 'deployment/web', `web=${image('hello:1.1')}`, '-n', app.namespace);
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('+ service/web');
    expect(run.all).toContain('~ deployment/web');
    expect(run.code).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
  });

  test('--json: a stream of events, the target first, the end last, nothing else on stdout', async ({
    makeApp,
  }) => {
    const app = makeApp(hello());
    const run = await app.paas(['deploy', '--json']);
    const events = eventsOf(run);
    expect(events[0]).toMatchObject({ version: 1, type: 'target', app: app.name, namespace: app.namespace });
    expect(events.find(({ type }) => type === 'changes')).toMatchObject({
      changes: [{ action: 'create' }, {}, {}],
    });
    expect(events.at(-1)).toMatchObject({ type: 'end', outcome: 'succeeded', release: 1 });
    expect(run.stderr).toBe('');
  });

  test('an environment: its overlay, its namespace; protected, it needs a yes', async ({ makeApp }) => {
    const app = makeApp(`${hello()}
environments:
  staging: {}
  live: {protected: true, components: {web: {env: {GREETING: live}}}}
`);
    expect((await app.paas(['deploy'])).all).toContain('[environment-needed]');
    const refused = await app.paas(['deploy', '--env', 'live']);
    expect(refused.all).toContain('[confirmation-needed]');
    expect(refused.code).toBe(8);
    expect(await kubectl('get', 'namespace', `${app.name}-live`, '--ignore-not-found')).toBe('');
    try {
      expect((await app.paas(['deploy', '--env', 'live', '--yes'])).code).toBe(0);
      expect(await ask(`${app.name}-live`, 'web')).toContain('Hello from live');
    } finally {
      await kubectl('delete', 'namespace', `${app.name}-live`, '--ignore-not-found', '--wait=false');
    }
  });

  test('values arrive as they are written', async ({ makeApp }) => {
    const value = 'a $(PORT) b $$ c ${D} "quoted" \\ ü 1.10';
    const app = makeApp(hello(`    env:\n      GREETING: ${JSON.stringify(value)}\n      NUMBER: 007\n`));
    await app.paas(['deploy']);
    expect(await ask(app.namespace, 'web')).toContain(`Hello from ${value},`);
  });
});

describe.concurrent('render', () => {
  test('the same bytes twice, and the API server takes every object with strict validation', async ({
    makeApp,
  }) => {
    const app = makeApp(
      hello(`    instances: 3
    entrypoint: [/hello]
    command: [--flag, "$(X)"]
    env: {A: 1.10}
  worker:
    image: ${image('hello:1.0')}
    health: {command: [/hello, check], startup: {tcp: 9000, failures: 30}, liveness: {grpc: 9001, interval: 20s}}
`),
    );
    const [one, two] = [await app.paas(['render']), await app.paas(['render'])];
    expect(one.code).toBe(0);
    expect(one.stdout).toBe(two.stdout);
    await kubectl('create', 'namespace', app.namespace);
    const answer = await kubectlInput(
      one.stdout,
      'apply',
      '--server-side',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      '-',
    );
    expect(answer.split('\n')).toHaveLength((one.stdout.match(/^kind:/gm) ?? []).length);
  });
});
