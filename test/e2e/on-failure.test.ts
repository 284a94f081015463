import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { eventsOf, test, until } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { askShown } from '../support/shown.ts';

const web = (tag: string, mode: string, more = ''): string => `
components:
  web:
    image: ${image(`faulty:${tag}`)}
    port: 8080
    resources: ${small}
    health: {http: /healthz, interval: 1s}
    env: {MODE: ${mode}, EXIT_CODE: 7}
${more}`;

describe.concurrent('a deploy that fails (SHIP-8, SHIP-9)', () => {
  test('the last good release comes back, exit code 5; why it failed can be read later', async ({
    makeApp,
  }) => {
    const app = makeApp(web('1.0', 'ok'));
    await app.paas(['deploy']);
    app.write(web('1.1', 'crash'));
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('Release 2 failed: release 1 comes back');
    expect(run.all).toContain('release 3 is live, as release 1 was');
    expect(run.code).toBe(5);
    expect((await askShown(app.namespace, 'web')).version).toBe('1.0');

    // The very instances are gone; what they said is not. Nor is the line of a file that is another by now.
    app.write(web('1.0', 'ok'));
    const why = await app.paas(['why']);
    expect(why.code).toBe(0);
    expect(why.stdout).toContain('release 2 failed');
    expect(why.stdout).toContain('The program ended with exit code 7, 3 times. [crash]');
    expect(why.stdout).toContain('| fatal: cannot reach database db:5432');
    expect(why.stdout).toMatch(/--> paas\.yaml:5:5/);
    expect((await app.paas(['why', '3'])).stdout).toContain('there is nothing to say why');
    expect(JSON.parse((await app.paas(['why', '--json'])).stdout)).toMatchObject({
      release: { number: 2, outcome: 'failed', cause: { code: 'crash' } },
      problems: [{ code: 'crash', at: { file: 'paas.yaml', line: 5 } }],
    });
    const list = JSON.parse((await app.paas(['releases', '--json'])).stdout);
    expect(list.releases[0]).toMatchObject({ rollback_of: 2, rollback_to: 1, automatic: true });
  });

  test('the file of before is nothing new then; the bad one once more fails once more', async ({
    makeApp,
  }) => {
    const app = makeApp(web('1.0', 'ok'));
    await app.paas(['deploy']);
    app.write(web('1.1', 'crash'));
    expect((await app.paas(['deploy'])).code).toBe(5);
    app.write(web('1.0', 'ok'));
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do: release 3 is live');
    app.write(web('1.1', 'crash'));
    const again = await app.paas(['deploy', '--json']);
    expect(again.code).toBe(5);
    expect(eventsOf(again).at(-1)).toMatchObject({ outcome: 'rolled_back', release: 5, failed: 4, to: 3 });
  });

  test('after a job of the release has run, what is there stays: exit code 3; it comes back where that is asked', async ({
    makeApp,
  }) => {
    const migrate = `  migrate: {image: "${image('hello:1.0')}", command: [up], run: before_deploy, resources: ${small}}\n`;
    const app = makeApp(web('1.0', 'ok', migrate));
    expect((await app.paas(['deploy'])).code).toBe(0);
    app.write(web('1.1', 'crash', migrate));
    const run = await app.paas(['deploy']);
    expect(run.all).toContain(
      'Jobs ran before it: what is there stays. To go back all the same: paas rollback 1',
    );
    expect(run.code).toBe(3);
    const asked = await app.paas(['deploy', '--on-failure', 'rollback']);
    expect(asked.code).toBe(5);
    expect((await askShown(app.namespace, 'web')).version).toBe('1.0');
  });

  test('without a release that succeeded there is nothing to come back: exit code 3', async ({ makeApp }) => {
    const app = makeApp(web('1.0', 'crash'));
    const run = await app.paas(['deploy', '--on-failure', 'rollback']);
    expect(run.all).toContain('There is no release that succeeded: what is there stays.');
    expect(run.code).toBe(3);
  });

  test('where taking it back fails too: exit code 9, and both are told', async ({ makeApp }) => {
    const app = makeApp(web('1.0', 'ok').replace('EXIT_CODE: 7', 'KEY: {secret: key}'));
    await app.paas(['secrets', 'set', 'key', '--from-env', 'V'], { env: { V: 'geheim' } });
    expect((await app.paas(['deploy'])).code).toBe(0);
    // What the last good release needs is gone meanwhile.
    await kubectl('delete', 'secret', 'secret-key-v1', '-n', app.namespace);
    app.write(web('1.1', 'crash'));
    const run = await app.paas(['deploy']);
    expect(run.all).toContain('[crash]');
    expect(run.all).toContain('[secret-version-gone]');
    expect(run.all).toContain('Release 2 failed, and taking it back failed too');
    expect(run.code).toBe(9);
  });

  test('killed while it comes back: the same command again ends the same', async ({ makeApp }) => {
    const app = makeApp(web('1.0', 'ok'));
    await app.paas(['deploy']);
    app.write(web('1.1', 'crash'));
    const run = app.start(['deploy']);
    await until(run, 'release 1 comes back');
    run.kill('SIGKILL');
    await run;
    expect((await app.paas(['why', '2'])).stdout).toContain('cannot reach database');
    const again = await app.paas(['deploy']);
    expect(again.code).toBe(5);
    expect((await askShown(app.namespace, 'web')).version).toBe('1.0');
    expect((await app.paas(['status'])).stdout).toMatch(/web +1\/1 +ready/);
  });

  test.for(['Parallel', 'OrderedReady'])(
    'of instances with volumes, started %s',
    async (policy, { makeApp }) => {
      const volumes = '    instances: 2\n    volumes: {data: {path: /data, size: 1Mi}}\n';
      const app = makeApp(web('1.0', 'ok', volumes));
      mkdirSync(join(app.folder, '.paas', 'patches'), { recursive: true });
      writeFileSync(
        join(app.folder, '.paas', 'patches', 'order.yaml'),
        `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec: {podManagementPolicy: ${policy}}\n`,
      );
      expect((await app.paas(['deploy'])).code).toBe(0);
      app.write(web('1.1', 'crash', volumes));
      const run = await app.paas(['deploy']);
      expect([run.code, run.all]).toEqual([5, expect.stringContaining('as release 1 was')]);
      expect((await askShown(app.namespace, 'web')).version).toBe('1.0');
    },
  );
});
