import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';
import { paas } from '../support/paas.ts';

const hello = (tag: string, more = ''): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", resources: ${small}, port: 8080}}\n${more}`;

describe.concurrent('without the file (--app)', () => {
  test('status, logs, releases, why, scale, restart, rollback, lock and unlock in an empty folder', async ({
    makeApp,
    makeFolder,
  }) => {
    const app = makeApp(hello('1.0'));
    await app.paas(['deploy']);
    app.write(hello('1.1'));
    await app.paas(['deploy']);
    const cwd = makeFolder();
    const run = (...args: string[]) => paas([...args, '--app', app.name], { cwd });

    expect((await run('status')).stdout).toMatch(/web +1\/1 +ready/);
    expect((await run('status', '--namespace', app.namespace)).stdout).toMatch(/web +1\/1 +ready/);
    expect((await run('logs', 'web', '--env', 'default')).stdout).toContain('listening');
    expect((await run('releases')).stdout).toContain('image hello:1.0 → hello:1.1');
    expect((await run('releases', 'show', '2')).stdout).toContain('hello:1.1');
    expect((await run('releases', 'diff', '1', '2')).stdout).toContain('deployment/web');
    expect((await run('why')).stdout).toContain('release 2');
    const scaled = await run('scale', 'web=2', '--wait');
    expect([scaled.code, scaled.stderr]).toEqual([0, expect.stringContaining(`${app.name} in environment`)]);
    expect((await run('lock', '-m', 'for now')).code).toBe(0);
    expect((await run('rollback')).code).toBe(6);
    expect((await run('unlock')).code).toBe(0);
    expect((await run('restart', 'web')).all).toContain('restarting deployment/web');
    const back = await run('rollback');
    expect([back.code, back.stderr]).toEqual([0, expect.stringContaining('it brings back release 1')]);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
  });

  test('what is not there is said; --namespace alone is not enough', async ({ makeFolder }) => {
    const cwd = makeFolder();
    const app = ['--app', 'is-not-there'];
    for (const command of [['releases'], ['why'], ['rollback'], ['scale', 'web=2'], ['lock', '-m', 'x']]) {
      const run = await paas([...command, ...app], { cwd });
      expect([command, run.code, run.all]).toEqual([command, 8, expect.stringContaining('[no-release]')]);
    }
    expect((await paas(['status', ...app], { cwd })).stdout).toContain('Not deployed yet');
    expect((await paas(['status', ...app, '-n', 'default'], { cwd })).code).toBe(8);
    expect((await paas(['status', '--namespace', 'default'], { cwd })).code).toBe(7);
  });

  test('the cluster that is noted in the folder is held to', async ({ makeApp, makeFolder }) => {
    const app = makeApp(hello('1.0'));
    await app.paas(['deploy']);
    const cwd = makeFolder();
    mkdirSync(join(cwd, '.paas'));
    writeFileSync(
      join(cwd, '.paas', 'clusters.yaml'),
      'default: {cluster: "other", uid: "00000000-0000-0000-0000-000000000000"}\n',
    );
    const run = await paas(['scale', 'web=2', '--app', app.name], { cwd });
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('[other-cluster]')]);
  });

  test('a protected environment is one without its file too', async ({ makeApp, makeFolder }) => {
    const app = makeApp(hello('1.0', 'environments: {default: {protected: true}}\n'));
    await app.paas(['deploy', '--yes']);
    const run = await paas(['scale', 'web=2', '--app', app.name], { cwd: makeFolder() });
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('[confirmation-needed]')]);
  });
});
