import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ask, versionsOf } from '../support/answer.ts';
import { openApiProxy } from '../support/api-proxy.ts';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';

const hello = (tag: string, more = ''): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", resources: ${small}, port: 8080${more}}}\n`;

describe.concurrent('deploy --plan', () => {
  test('exactly the plan that was shown, whatever the file says by now, and without it', async ({
    makeApp,
    makeFolder,
  }) => {
    const app = makeApp(hello('1.0'));
    const plan = join(makeFolder(), 'plan.json');
    const first = await app.paas(['diff', '--out', plan]);
    expect([first.code, first.all]).toEqual([2, expect.stringContaining('+ deployment/web')]);
    app.write('components: {web: {imgae: broken}}\n');
    const empty = makeFolder();
    const run = await app.paas(['deploy', '--plan', plan], { cwd: empty });
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 1 is live')]);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
    // The cluster is noted beside the app's file, nowhere else.
    const noted = join(app.folder, '.paas', 'clusters.yaml');
    expect([existsSync(join(empty, '.paas')), existsSync(noted)]).toEqual([false, false]);

    app.write(hello('1.1'));
    expect((await app.paas(['diff', '--out', plan])).code).toBe(2);
    app.write(hello('1.1', ', env: {LATER: 1}'));
    expect((await app.paas(['deploy', '--plan', plan])).code).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('version 1.1');
    const note = readFileSync(noted, 'utf8');
    expect(note).toMatch(/^default: .*uid: /m);
    writeFileSync(noted, note.replace(/uid: [^,}\s]+/, 'uid: another'));
    const other = await app.paas(['deploy', '--plan', plan]);
    expect([other.code, other.all]).toEqual([8, expect.stringContaining('[other-cluster]')]);
    writeFileSync(noted, note);
    const env = await kubectl('-n', app.namespace, 'get', 'deployment/web', '-o', 'yaml');
    expect(env).not.toContain('LATER');
    // Once more, as a CI system does: it is done already.
    expect((await app.paas(['deploy', '--plan', plan])).all).toContain('Nothing to do: release 2');
    // And what it left out is still pending.
    expect((await app.paas(['diff'])).stdout).toContain('env LATER added: 1');
  });

  test('refused, and nothing touched, where what it touches has moved: set image, edit, delete, made, scaled, a release', async ({
    makeApp,
  }) => {
    const app = makeApp(hello('1.0', ', instances: 1'));
    await app.paas(['deploy']);
    const by = (...args: string[]) => kubectl('-n', app.namespace, ...args);
    const plan = join(app.folder, 'plan.json');
    app.write(
      `${hello('1.1', ', instances: 2').trim().slice(0, -1)}, late: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}\n`,
    );
    const moves: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['deployment/web', () => by('set', 'image', 'deployment/web', `web=${image('hello:1.2')}`)],
      ['deployment/web', () => by('set', 'env', 'deployment/web', 'ADDED=1')],
      ['deployment/web', () => by('annotate', 'deployment/web', 'example.com/note=1')],
      ['deployment/web', () => by('scale', 'deployment/web', '--replicas=3')],
      ['service/late', () => by('create', 'service', 'clusterip', 'late', '--tcp=80')],
      ['deployment/web', () => by('delete', 'deployment/web')],
    ];
    for (const [object, move] of moves) {
      await app.paas(['diff', '--out', plan]);
      await move();
      const before = await versionsOf(app.namespace);
      const run = await app.paas(['deploy', '--plan', plan]);
      expect([run.code, run.all]).toEqual([8, expect.stringContaining('[plan-moved]')]);
      expect(run.all).toContain(`${object}.`);
      const after = await versionsOf(app.namespace);
      const ours = (versions: Record<string, string>) =>
        Object.entries(versions).filter(([name]) => /^(Secret|Lease|Service|ConfigMap)\//.test(name));
      expect(ours(after)).toEqual(ours(before));
    }
    await by('delete', 'service/late');
    await app.paas(['diff', '--out', plan]);
    app.write(hello('1.1', ', env: {MORE: 1}'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const late = await app.paas(['deploy', '--plan', plan]);
    expect([late.code, late.all]).toEqual([8, expect.stringContaining('the last release is 2, it was 1')]);
  });

  test('not refused for what controllers write: a status, the number of an autoscaler', async ({
    makeApp,
  }) => {
    const scaled =
      ', scaling_policy: {min_instances: 1, max_instances: 5, metrics: [{type: cpu, threshold: 80%}]}';
    const app = makeApp(hello('1.0', scaled));
    // The real autoscaler, where it has something to measure by, leaves the number to this test.
    mkdirSync(join(app.folder, '.paas', 'patches'), { recursive: true });
    writeFileSync(
      join(app.folder, '.paas', 'patches', 'autoscaler.yaml'),
      'kind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {behavior: {scaleDown: {selectPolicy: Disabled}, scaleUp: {selectPolicy: Disabled}}}\n',
    );
    await app.paas(['deploy']);
    const plan = join(app.folder, 'plan.json');
    app.write(hello('1.1', scaled));
    await app.paas(['diff', '--out', plan]);
    // As Kubernetes' autoscaler does it: by the subresource, under its own name.
    await kubectl(
      ...['-n', app.namespace, 'patch', 'deployment/web', '--subresource=scale', '--type=merge'],
      ...['-p', '{"spec":{"replicas":3}}', '--field-manager=kube-controller-manager'],
    );
    await kubectl('-n', app.namespace, 'rollout', 'status', 'deployment/web');
    const run = await app.paas(['deploy', '--plan', plan]);
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
    const replicas = await kubectl(
      ...['-n', app.namespace, 'get', 'deployment/web', '-o', 'jsonpath={.spec.replicas}'],
    );
    expect(replicas).toBe('3');
  });

  test('killed in the middle, the same command goes on', async ({ makeApp }) => {
    const app = makeApp(hello('1.0'));
    await app.paas(['deploy']);
    const plan = join(app.folder, 'plan.json');
    app.write(
      `${hello('1.1').trim().slice(0, -1)}, late: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}\n`,
    );
    await app.paas(['diff', '--out', plan]);
    const proxy = await openApiProxy(app.folder);
    try {
      const run = app.start(['deploy', '--plan', plan, '--context', 'proxy'], { env: proxy.env });
      let applied = false;
      proxy.decide = ({ method, path }) => {
        if (applied) return { do: 'reset' };
        if (method !== 'PATCH' || !/deployments\/web\?.*fieldManager/.test(path) || path.includes('dryRun'))
          return { do: 'pass' };
        applied = true;
        run.kill('SIGKILL');
        return { do: 'lose_answer' };
      };
      await run;
      expect(applied).toBe(true);
    } finally {
      await proxy.close();
    }
    const again = await app.paas(['deploy', '--plan', plan]);
    expect([again.code, again.all]).toEqual([0, expect.stringContaining('is live')]);
    expect(await ask(app.namespace, 'late')).toContain('Hello');
    expect((await app.paas(['deploy', '--plan', plan])).all).toContain('Nothing to do');
  });

  test('another cluster, a broken file, another version, images still to be built, a protected environment', async ({
    makeApp,
  }) => {
    const app = makeApp(`${hello('1.0')}environments: {live: {protected: true, namespace: NAME}}\n`);
    app.write(
      readFileSync(join(app.folder, 'paas.yaml'), 'utf8')
        .replace(/^app: .*\n/, '')
        .replace('NAME', app.namespace),
    );
    const path = join(app.folder, 'plan.json');
    expect((await app.paas(['diff', '--out', path])).code).toBe(2);
    const plan = readFileSync(path, 'utf8');
    const deploy = async (text: string, ...more: string[]) => {
      writeFileSync(path, text);
      const run = await app.paas(['deploy', '--plan', path, ...more]);
      return [run.code, /\[([a-z-]+)\]/.exec(run.all)?.[1]];
    };
    expect(await deploy(plan)).toEqual([8, 'confirmation-needed']);
    expect(await deploy(plan.replace(/"uid": "[^"]+"/, '"uid": "another"'), '--yes')).toEqual([
      8,
      'other-cluster',
    ]);
    expect(await deploy(plan.replace('"version": 1', '"version": 2'), '--yes')).toEqual([7, 'plan-broken']);
    expect(await deploy(plan.slice(0, 200), '--yes')).toEqual([7, 'plan-broken']);
    expect(await deploy('null', '--yes')).toEqual([7, 'plan-broken']);
    expect(await deploy(plan, '--env', 'staging')).toEqual([7, 'bad-usage']);
    expect(await deploy(plan, '--image', 'web=hello')).toEqual([7, 'bad-usage']);
    expect((await app.paas(['deploy', '--plan', 'nowhere.json'])).all).toContain('there is no such file');
    expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');

    app.write(`components: {web: {build: ., port: 8080, resources: ${small}}}\n`);
    const unbuilt = await app.paas(['diff', '--out', path]);
    expect([unbuilt.code, unbuilt.all]).toEqual([7, expect.stringContaining('[plan-not-built]')]);
    const said = await app.paas(['diff', '--out', path, '--image', `web=${image('hello:1.0')}`]);
    expect(said.code).toBe(2);
    expect((await app.paas(['deploy', '--plan', path])).code).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
  });
});
