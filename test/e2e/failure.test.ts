import { describe, expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { eventsOf, test } from '../support/app.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { makeQuota } from '../support/faulty-app.ts';
import { follow, says } from '../support/follow.ts';

const faulty = (env: string, more = ''): string => `
components:
  web:
    image: ${image('faulty:1.0')}
    port: 8080
    resources: ${small}
    env: {${env}}
${more}`;

describe.concurrent('failure (SHIP-8)', () => {
  test('a crashing program: its exit code and last line within 60 s, and the same again', async ({
    makeApp,
  }) => {
    const app = makeApp(faulty('MODE: crash, EXIT_CODE: 7'));
    const run = await app.paas(['deploy']);
    const ended = Date.now();
    // From when its instance was taken by the node: how soon a busy cluster gets to that is not the program's.
    const time = 'jsonpath={.items[0].status.startTime}';
    const begun = Date.parse(await kubectl('get', 'pods', '-n', app.namespace, '-o', time));
    expect(ended - begun).toBeLessThan(60_000);
    expect(run.code).toBe(3);
    expect(run.all).toContain('The program ended with exit code 7, 3 times. [crash]');
    expect(run.all).toContain('| fatal: cannot reach database db:5432');
    expect(run.all).toMatch(/--> paas\.yaml:\d+:3/);

    const again = await app.paas(['deploy', '--json']);
    expect(again.code).toBe(3);
    const problem = eventsOf(again).find(({ type }) => type === 'problem')?.problem;
    expect(problem).toMatchObject({
      code: 'crash',
      at: { file: 'paas.yaml', line: 4 },
      details: expect.arrayContaining(['fatal: cannot reach database db:5432']),
    });

    const status = await app.paas(['status']);
    expect(status.stdout).toContain('release 1 failed');
    expect(status.stdout).toContain('[crash]');
  });

  test('a program without a port that ends is not taken for one that runs', async ({ makeApp }) => {
    const app = makeApp(
      `components: {job: {image: "${image('faulty:1.0')}", resources: ${small}, env: {MODE: crash, EXIT_CODE: 0}}}`,
    );
    const run = await app.paas(['deploy']);
    expect(run.all).toMatch(/\[(exited|crash)\]/);
    expect(run.code).toBe(3);
  });

  test('an image that is not there fails at once, at the line that names it', async ({ makeApp }) => {
    const app = makeApp(`components:\n  web:\n    image: ${image('hello:9.9')}\n`);
    const run = await app.paas(['deploy']);
    expect(run.code).toBe(3);
    expect(run.all).toContain('[image-not-found]');
    expect(run.all).toContain('--> paas.yaml:4:5');
  });

  test('a program that never becomes ready: undecided when the time is over, with what its probe got', async ({
    makeApp,
  }) => {
    const app = makeApp(faulty('MODE: unready', '    health: {http: /healthz, interval: 1s}\n'));
    // Its instance is there and was asked, however long that takes: so the time that is over is all spent on waiting.
    const before = follow(app, ['deploy']);
    await before.event(says('probe-failing'));
    before.interrupt();
    await before.end;
    const run = await app.paas(['deploy', '--timeout', '15s']);
    expect(run.code).toBe(4);
    expect(run.all).toContain('[out-of-time]');
    expect(run.all).toMatch(/got status 503/);
  });

  test('a failed release leaves the one before it serving', async ({ makeApp }) => {
    const app = makeApp(
      `components: {web: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}`,
    );
    expect((await app.paas(['deploy'])).code).toBe(0);
    app.write(faulty('MODE: crash'));
    const run = await app.paas(['deploy', '--on-failure', 'keep']);
    expect(run.code).toBe(3);
    expect(await ask(app.namespace, 'web')).toContain('version 1.0');
    // Put right, it goes on as if nothing had been.
    app.write(`components: {web: {image: "${image('hello:1.1')}", resources: ${small}, port: 8080}}`);
    expect((await app.paas(['deploy'])).all).toContain('Release 3 is live');
    expect(await ask(app.namespace, 'web')).toContain('version 1.1');
  });

  test('an object that the cluster refuses: its words, exit code 3', async ({ makeApp }) => {
    const app = makeApp(
      `components: {web: {image: "${image('hello:1.0')}", resources: ${small}, port: 8080}}`,
    );
    await kubectl('create', 'namespace', app.namespace);
    await makeQuota(app, 'few', 'services=0');
    const run = await app.paas(['deploy']);
    expect(run.code).toBe(3);
    expect(run.all).toContain('exceeded quota');
  });
});
