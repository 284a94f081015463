import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { recordReplicas } from '../support/record-replicas.ts';

// What the next command makes of a release that did not succeed, and of what somebody did in between.

const web = (tag: string, more = ''): string => `
components:
  web: {image: "${image(`hello:${tag}`)}", port: 8080, resources: ${small}, stop: {timeout: 1s}${more}}
`;
const job = (run: string, command: string): string =>
  `  migrate: {image: "${image('faulty:1.0')}", command: [${command}], env: {EXIT_CODE: "3"}, run: ${run}, resources: ${small}}\n`;

describe.concurrent('after trouble', () => {
  test('nothing is brought upon a release whose jobs failed: no size, no part of another', async ({
    makeApp,
  }) => {
    const app = makeApp(web('1.0'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    app.write(web('1.1') + job('before_deploy', 'crash'));
    expect((await app.paas(['deploy'])).code).toBe(3);
    for (const command of [
      ['scale', 'web', '--units', '2'],
      ['rollback', '1', '--config-only'],
      ['rollback', '1', '--image-only'],
    ]) {
      const run = await app.paas([...command, '--yes']);
      expect([run.code, run.all]).toEqual([8, expect.stringContaining('[jobs-unfinished]')]);
    }
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
    expect((await app.paas(['rollback'])).code).toBe(0);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
  });

  test('a job that is to run once and failed runs again, though it was deleted', async ({ makeApp }) => {
    const app = makeApp(web('1.0') + job('once', 'crash'));
    expect((await app.paas(['deploy'])).code).toBe(3);
    const name = (await kubectl('-n', app.namespace, 'get', 'jobs', '-o', 'name')).trim();
    await kubectl('-n', app.namespace, 'delete', name);
    app.write(web('1.0') + job('once', 'show'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const succeeded = ['-n', app.namespace, 'get', name, '-o', 'jsonpath={.status.succeeded}'];
    expect(await kubectl(...succeeded)).toBe('1');
    // From here on it has run.
    await kubectl('-n', app.namespace, 'delete', name);
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
  });

  test('a number set by hand comes back with a rollback, and not once the file has said another', async ({
    makeApp,
  }) => {
    const app = makeApp(web('1.0'));
    const number = ['-n', app.namespace, 'get', 'deployment/web', '-o', 'jsonpath={.spec.replicas}'];
    expect((await app.paas(['deploy'])).code).toBe(0);
    expect((await app.paas(['scale', 'web=2', '--wait'])).code).toBe(0);
    app.write(web('1.0', ', instances: 3, command: [nothing-like-it], entrypoint: [/nothing]'));
    expect((await app.paas(['deploy'])).code).toBe(5);
    expect(await kubectl(...number)).toBe('2');
    app.write(web('1.0', ', instances: 3'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    expect(await kubectl(...number)).toBe('3');
    app.write(web('1.0'));
    expect((await app.paas(['deploy'])).code).toBe(0);
    await kubectl('-n', app.namespace, 'delete', 'deployment/web');
    expect((await app.paas(['deploy'])).code).toBe(0);
    expect(await kubectl(...number)).toBe('1');
  });

  test('a protected environment asks also where a release is only to be gone on with', async ({
    makeApp,
  }) => {
    const guarded = 'environments: {default: {protected: true}}\n';
    const app = makeApp(web('1.0') + guarded);
    expect((await app.paas(['deploy', '--yes'])).code).toBe(0);
    app.write(web('1.0', ', entrypoint: [/nothing]') + guarded);
    expect((await app.paas(['deploy', '--yes', '--on-failure', 'keep'])).code).toBe(3);
    const run = await app.paas(['deploy']);
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('--yes')]);
    expect(run.all).not.toContain('Release 1');
  });

  test('a StatefulSet that is made again keeps its instances', async ({ makeApp }) => {
    const data = 'data: {path: /data, size: 1Mi}';
    const app = makeApp(web('1.0', `, instances: 3, volumes: {${data}}`));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const seen = await recordReplicas(app.namespace, 'web', 'statefulset');
    app.write(web('1.0', `, instances: 3, volumes: {${data}, more: {path: /more, size: 1Mi}}`));
    const run = await app.paas(['deploy', '--recreate', 'statefulset/web']);
    expect([run.code, run.all]).toEqual([0, expect.stringContaining('Release 2 is live')]);
    expect(new Set((await seen.end()).wanted)).toEqual(new Set([3]));
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
    const number = ['-n', app.namespace, 'get', 'statefulset/web', '-o', 'jsonpath={.spec.replicas}'];
    expect(await kubectl(...number)).toBe('3');
  });
});
