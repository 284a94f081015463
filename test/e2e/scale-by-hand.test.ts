import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { versionsOf } from '../support/answer.ts';
import { eventsOf, type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

const web = (instances: number, greeting = 'one', more = ''): string => `
components:
  web:
    image: ${image('hello:1.0')}
    port: 8080
    resources: ${small}
    instances: ${instances}
    env: {GREETING: ${greeting}}
${more}`;

interface Deployment {
  readonly spec: { readonly replicas: number };
}

async function replicasOf(app: TestApp): Promise<number> {
  return (await kubectlJson<Deployment>('get', 'deployment/web', '-n', app.namespace)).spec.replicas;
}

async function resourcesOf(app: TestApp): Promise<object> {
  const path = 'jsonpath={.spec.template.spec.containers[0].resources}';
  return JSON.parse(await kubectl('get', 'deployment/web', '-n', app.namespace, '-o', path));
}

describe.concurrent('scaling by hand (SCALE-1)', () => {
  test('holds through later deploys, which say so, until the file asks for another number', async ({
    makeApp,
  }) => {
    const app = makeApp(web(1));
    await app.paas(['deploy']);
    const run = await app.paas(['scale', 'web=2', '--wait']);
    expect(run.all).toContain('~ deployment/web  1 → 2 instances (the file says 1)');
    expect(run.all).toContain('✓ web 2/2 ready');
    expect(run.code).toBe(0);
    const before = await versionsOf(app.namespace);
    expect((await app.paas(['scale', 'web=2'])).all).toContain('Nothing to change');
    expect((await app.paas(['deploy'])).all).toMatch(
      /kept deployment\/web: 2 instances by paas scale \(\S+@\S+, /,
    );
    expect(await versionsOf(app.namespace)).toEqual(before);

    app.write(web(1, 'two'));
    const deployed = await app.paas(['deploy']);
    expect(deployed.all).toContain('kept deployment/web: 2 instances by paas scale');
    expect(await replicasOf(app)).toBe(2);
    // One that somebody deleted comes back with it.
    await kubectl('delete', 'deployment/web', '-n', app.namespace);
    expect((await app.paas(['deploy'])).code).toBe(0);
    expect(await replicasOf(app)).toBe(2);

    app.write(web(3, 'two'));
    expect((await app.paas(['deploy'])).all).not.toContain('by paas scale');
    expect(await replicasOf(app)).toBe(3);
  });

  test('--reset brings back the number of the file; both stand among the releases, without a number', async ({
    makeApp,
  }) => {
    const app = makeApp(web(1));
    await app.paas(['deploy']);
    await app.paas(['scale', 'web=3', '--json']);
    await app.paas(['scale', 'web=2']);
    const list = JSON.parse((await app.paas(['releases', '--json'])).stdout);
    expect(list.releases).toHaveLength(1);
    expect(list.scalings).toMatchObject([{ release: 1, changes: [{ component: 'web', from: 1, to: 2 }] }]);
    const reset = await app.paas(['scale', '--reset']);
    expect(reset.all).toContain('2 → 1 instance (as the file says)');
    expect(await replicasOf(app)).toBe(1);
    expect((await app.paas(['releases'])).stdout).toContain('scaled back to the file: web 2 → 1');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do: release 1');
  });

  test('by kubectl: kept too, and said', async ({ makeApp }) => {
    const app = makeApp(web(1));
    await app.paas(['deploy']);
    await kubectl('scale', 'deployment/web', '--replicas=2', '-n', app.namespace);
    const run = await app.paas(['deploy', '--json']);
    expect(eventsOf(run)).toContainEqual({
      type: 'kept',
      object: 'deployment/web',
      reason: '2 instances by hand, not by paas scale; the file says 1',
    });
    expect(run.code).toBe(0);
    expect((await app.paas(['scale', '--reset', 'web'])).code).toBe(0);
    expect(await replicasOf(app)).toBe(1);
  });

  test('refused: what a policy scales, what is not there, what is no number; nothing is written', async ({
    makeApp,
  }) => {
    const policy =
      '    scaling_policy: {min_instances: 1, max_instances: 3, metrics: [{type: cpu, threshold: 80%}]}\n';
    const app = makeApp(web(1).replace('    instances: 1\n', policy));
    const absent = await app.paas(['scale', 'web=2']);
    expect([absent.code, absent.all]).toEqual([8, expect.stringContaining('[no-release]')]);
    await app.paas(['deploy']);
    for (const [words, code, problem] of [
      [['web=2'], 8, 'scaled-by-policy'],
      [['wbe=2'], 7, 'unknown-component'],
      [['web=two'], 7, 'bad-usage'],
      [['web=-1'], 7, 'bad-usage'],
      [['web'], 7, 'bad-usage'],
      [['web=1', 'web=2'], 7, 'bad-usage'],
      [['--reset', 'web=1'], 7, 'bad-usage'],
      [[], 7, 'bad-usage'],
    ] as const) {
      const run = await app.paas(['scale', ...words]);
      expect([words, run.code, run.all]).toEqual([words, code, expect.stringContaining(`[${problem}]`)]);
    }
    const records = await kubectl('get', 'secrets', '-n', app.namespace, '-o', 'name');
    expect(records).not.toContain('.scaling');
  });

  test('a protected environment needs a yes', async ({ makeApp }) => {
    const app = makeApp(`${web(1)}environments: {default: {protected: true}}\n`);
    await app.paas(['deploy', '--yes']);
    for (const command of [
      ['scale', 'web=2'],
      ['rollback', '1', '--image-only'],
    ]) {
      const run = await app.paas(command);
      if (command[0] === 'scale') expect([run.code, run.all]).toEqual([8, expect.stringContaining('--yes')]);
      else expect(run.all).toContain('Nothing to do');
    }
    expect(await replicasOf(app)).toBe(1);
    expect((await app.paas(['scale', 'web=2', '--yes'])).code).toBe(0);
  });

  test('--units: a release in which the size of each instance changes and nothing else, held until the file says another', async ({
    makeApp,
    makeFolder,
  }) => {
    const app = makeApp(web(1));
    const platform = join(app.folder, 'unit.yaml');
    const env = { PAAS_PLATFORM: platform };
    writeFileSync(platform, 'unit: {cpu: 10m, memory: 20Mi}\nguard_rails: {max_memory: 50Mi}\n');
    await app.paas(['deploy'], { env });
    const file = (await resourcesOf(app)) as { requests: object; limits: object };

    const dear = await app.paas(['scale', 'web', '--units', '3'], { env });
    expect([dear.code, dear.all]).toEqual([7, expect.stringContaining('[instance-too-large]')]);
    expect(await resourcesOf(app)).toEqual(file);

    const run = await app.paas(['scale', 'web', '--units', '2', '--json'], { env });
    expect(run.code).toBe(0);
    expect(eventsOf(run).at(-1)).toMatchObject({ type: 'end', outcome: 'succeeded', release: 2 });
    const sized = { requests: { cpu: '20m', memory: '40Mi' }, limits: { memory: '40Mi' } };
    expect(await resourcesOf(app)).toMatchObject(sized);
    const status = JSON.parse((await app.paas(['status', '--json'])).stdout);
    expect(status.components).toMatchObject([{ name: 'web', sized: { units: 2, file, size: sized } }]);
    expect((await app.paas(['status'])).stdout).toMatch(
      /2 units by paas scale, (just now|\d+ minutes? ago) by \S+@\S+/,
    );
    const diff = await app.paas(['diff'], { env });
    expect([diff.code, diff.stdout]).toEqual([0, expect.stringContaining('2 units for each instance')]);

    const before = await versionsOf(app.namespace);
    const same = await app.paas(['deploy'], { env });
    expect(same.all).toMatch(/kept deployment\/web: 2 units by paas scale \(\S+@\S+, /);
    expect(same.all).toContain('Nothing to do: release 2');
    expect(await versionsOf(app.namespace)).toEqual(before);
    app.write(web(1, 'two'));
    expect((await app.paas(['deploy'], { env })).all).toContain('kept deployment/web: 2 units by paas scale');
    expect(await resourcesOf(app)).toMatchObject(sized);

    // Without the file: the record knows how large a unit is.
    const cwd = makeFolder();
    const named = ['--app', app.name, '--env', 'default'];
    const alone = await app.paas(['scale', 'web', '--units', '1', ...named], { cwd });
    expect([alone.code, alone.all]).toEqual([0, expect.stringContaining('Release 4 is live')]);
    expect(await resourcesOf(app)).toMatchObject({ requests: { cpu: '10m', memory: '20Mi' } });
  });

  test('--reset brings the size of the file back, a rollback that of its release', async ({ makeApp }) => {
    const app = makeApp(web(1));
    await app.paas(['deploy']);
    const platform = join(app.folder, 'unit.yaml');
    writeFileSync(platform, 'unit: {cpu: 10m, memory: 20Mi}\n');
    const file = await resourcesOf(app);
    await app.paas(['scale', 'web', '--units', '2', '--platform', platform]);
    const sized = await resourcesOf(app);
    expect(sized).not.toEqual(file);
    const reset = await app.paas(['scale', '--reset']);
    expect([reset.code, reset.all]).toEqual([0, expect.stringContaining('Release 3 is live')]);
    expect(await resourcesOf(app)).toEqual(file);
    expect((await app.paas(['rollback', '2', '--yes'])).code).toBe(0);
    expect(await resourcesOf(app)).toEqual(sized);
    expect((await app.paas(['deploy'])).all).toContain('kept deployment/web: 2 units');
    app.write(web(1).replace(/resources: .*/, 'resources: {cpu: 15m, memory: 48Mi}'));
    expect((await app.paas(['deploy'])).all).not.toContain('kept');
    expect(await resourcesOf(app)).toMatchObject({ requests: { cpu: '15m', memory: '48Mi' } });
  });
});
