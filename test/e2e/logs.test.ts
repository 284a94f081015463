import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { openApiProxy } from '../support/api-proxy.ts';
import { test, until } from '../support/app.ts';
import { breakableCluster } from '../support/breakable.ts';
import { web } from '../support/faulty-app.ts';
import { follow, type SeenEvent } from '../support/follow.ts';

const says = (text: string) => (event: SeenEvent) => event.line === text;
const linesOf = (events: readonly SeenEvent[]): string[] => events.map(({ line }) => line);

describe.concurrent('logs', () => {
  test('--follow: a progress bar is one line, and what comes after it is shown', async ({ makeApp }) => {
    const app = makeApp(web({}));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const run = follow(app, ['logs', '--follow']);
    await run.event(says('listening on :8080'));
    await ask(app.namespace, 'web', '/10%25%0DDownloading%2020%25%E2%80%A8');
    await ask(app.namespace, 'web', '/later');
    await run.event(says('GET /later'));
    run.interrupt();
    const { code, events } = await run.end;
    expect(linesOf(events)).toEqual([
      'faulty starting in mode ok',
      'listening on :8080',
      'GET /10%\rDownloading 20%\u2028',
      'GET /later',
    ]);
    expect(code).toBe(130);
  });

  test('--follow outlives its connection: each line once', async ({ makeApp, makeFolder }) => {
    const app = makeApp(web({}));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const wire = await breakableCluster(makeFolder());
    try {
      const run = follow(app, ['logs', '--follow', '--tail', '1'], { env: { KUBECONFIG: wire.kubeconfig } });
      await run.event(says('listening on :8080'));
      for (const path of ['/one', '/two', '/three']) {
        await ask(app.namespace, 'web', path);
        await run.event(says(`GET ${path}`));
        wire.cut();
      }
      await ask(app.namespace, 'web', '/last');
      await run.event(says('GET /last'));
      run.interrupt();
      const { code, events } = await run.end;
      expect(linesOf(events)).toEqual([
        'listening on :8080',
        'GET /one',
        'GET /two',
        'GET /three',
        'GET /last',
      ]);
      expect(code).toBe(130);
    } finally {
      wire.close();
    }
  });

  test('--follow shows every run of a program that ends at once, from its first line to its last', async ({
    makeApp,
  }) => {
    const app = makeApp(web({ env: 'MODE: cat, EXIT_CODE: 4' }));
    const run = follow(app, ['logs', '--follow']);
    expect((await app.paas(['deploy'])).code).toBe(3);
    const ends = new Set<string>();
    await run.event(({ line, time }) => /^end of/.test(line) && ends.add(time).size === 3);
    run.interrupt();
    const { events } = await run.end;
    const once = ['faulty starting in mode cat', 'end of the input after 0 bytes'];
    expect(linesOf(events)).toEqual([...once, ...once, ...once]);
  });

  test('an instance whose node gives no log hides none of the others', async ({ makeApp, makeFolder }) => {
    const app = makeApp(web({ more: 'instances: 2' }));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const proxy = await openApiProxy(makeFolder());
    try {
      const isLog = (path: string): boolean => /\/pods\/[^/]+\/log\?/.test(path);
      let lost: string | undefined;
      proxy.decide = ({ path }) => {
        if (!isLog(path)) return { do: 'pass' };
        lost ??= path.split('/').at(-2)!;
        return path.includes(lost) ? { do: 'refuse', status: 500 } : { do: 'pass' };
      };
      const some = await app.paas(['logs', '--json'], { env: proxy.env });
      expect(some).toMatchObject({ code: 0, stderr: `${lost}: its log can't be read: InternalError` });
      const instances = some.stdout.split('\n').map((line) => JSON.parse(line).instance);
      expect(instances).toHaveLength(2);
      expect(new Set(instances).size).toBe(1);
      expect(instances).not.toContain(lost);

      proxy.decide = ({ path }) => (isLog(path) ? { do: 'refuse', status: 500 } : { do: 'pass' });
      const none = await app.paas(['logs'], { env: proxy.env });
      expect([none.code, none.stdout]).toEqual([1, '']);
      expect(none.stderr).toContain('None of the logs of 2 instances can be read.');
      expect(none.stderr).toContain(`${lost}: InternalError`);
      expect(none.stderr).toContain('[logs-unreadable]');
    } finally {
      await proxy.close();
    }
  });

  test('--follow says when the cluster no longer answers', async ({ makeApp, makeFolder }) => {
    const app = makeApp(web({}));
    expect((await app.paas(['deploy'])).code).toBe(0);
    const wire = await breakableCluster(makeFolder());
    try {
      const run = app.start(['logs', '--follow'], { env: { KUBECONFIG: wire.kubeconfig } });
      run.stdout.on('data', (data) => /listening/.test(String(data)) && wire.freeze());
      await until(run, "The cluster's API doesn't answer; this is waited out.");
      run.kill('SIGINT');
      expect((await run).exitCode).toBe(130);
    } finally {
      wire.close();
    }
  });
});
