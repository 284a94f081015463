import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { versionsOf } from '../support/answer.ts';
import { eventsOf, type TestApp, test, until } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';
import { askShown } from '../support/shown.ts';

/** An app whose own answer says which image, variables, files and versions of secrets it has. */
const web = (tag: string, greeting: string, more = ''): string => `
components:
  web:
    image: ${image(`faulty:${tag}`)}
    port: 8080
    resources: ${small}
    health: {http: /healthz, interval: 1s}
    env: {GREETING: ${greeting}, KEY: {secret: key}, FILES: /etc/app/a.txt}
    files: {/etc/app/a.txt: a.txt}
${more}`;

async function release(app: TestApp, tag: string, what: string, more = ''): Promise<void> {
  writeFileSync(join(app.folder, 'a.txt'), `file ${what}`);
  app.write(web(tag, what, more));
  await app.paas(['secrets', 'set', 'key', '--from-env', 'V'], { env: { V: `secret ${what}` } });
  const run = await app.paas(['deploy']);
  expect([run.code, run.all]).toEqual([0, expect.stringContaining('is live')]);
}

async function answerOf(app: TestApp): Promise<string[]> {
  const { version, variables, files } = await askShown(app.namespace, 'web');
  return [version, variables.GREETING ?? '', variables.KEY ?? '', files['/etc/app/a.txt'] ?? ''];
}

const one = ['1.0', 'one', 'secret one', 'file one'];
const two = ['1.1', 'two', 'secret two', 'file two'];

describe.concurrent('rollback (SHIP-9)', () => {
  test('image, variables, files, versions of secrets and instances come back; the answer of the app proves each', async ({
    makeApp,
  }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two', '    instances: 2\n');
    expect(await answerOf(app)).toEqual(two);

    const run = await app.paas(['rollback']);
    expect(run.all).toContain('What comes back from release 1:');
    expect(run.all).toContain(`image ${image('faulty:1.1')} → ${image('faulty:1.0')}`);
    expect(run.all).toContain('web: env GREETING two → one');
    expect(run.all).toContain('web: env KEY secret secret-key-v2 → secret secret-key-v1');
    expect(run.all).toContain('web: file a.txt file two → file one');
    expect(run.all).toContain('web: instances 2 → 1');
    expect(run.all).toContain('Release 3 is live: it brings back release 1');
    expect(run.code).toBe(0);
    expect(await answerOf(app)).toEqual(one);
  });

  test('going back once more goes no further; what was done is in the list', async ({ makeApp }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two');
    expect((await app.paas(['rollback'])).code).toBe(0);
    const again = await app.paas(['rollback']);
    expect([again.code, again.all]).toEqual([8, expect.stringContaining('[nothing-to-roll-back-to]')]);
    const before = await versionsOf(app.namespace);
    expect((await app.paas(['rollback', '1'])).all).toContain('Nothing to do');
    expect(await versionsOf(app.namespace)).toEqual(before);
    expect((await app.paas(['rollback', '2'])).code).toBe(0);
    expect(await answerOf(app)).toEqual(two);

    const list = JSON.parse((await app.paas(['releases', '--json'])).stdout);
    expect(list.releases).toMatchObject([
      { number: 4, live: true, rollback_of: 3, rollback_to: 2, secrets: { key: 2 } },
      { number: 3, live: false, rollback_of: 2, rollback_to: 1, secrets: { key: 1 } },
      { number: 2, images: { web: image('faulty:1.1') } },
      { number: 1, changed: 'first release', outcome: 'succeeded' },
    ]);
    expect((await app.paas(['releases'])).stdout).toContain('back to 1: web image faulty:1.1 → faulty:1.0');
    const diff = JSON.parse((await app.paas(['releases', 'diff', '1', '2', '--json'])).stdout);
    expect(diff.differences.map(({ words }: { words: string }) => words)).toContain('env GREETING one → two');
    expect((await app.paas(['releases', 'diff', '2', '4'])).stdout).toContain('say the same');
    const shown = await app.paas(['releases', 'show', '3']);
    expect(shown.stdout).toContain('it brings back release 1; release 2 was live');
    expect(shown.stdout).toMatch(/key +version 1/);
    expect((await app.paas(['releases', 'show', '3', '--yaml'])).stdout).toContain('kind: Deployment');
  });

  test('the images alone, the configuration alone', async ({ makeApp }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two');
    expect((await app.paas(['rollback', '1', '--image-only'])).code).toBe(0);
    expect(await answerOf(app)).toEqual(['1.0', 'two', 'secret two', 'file two']);
    expect((await app.paas(['rollback', '2'])).code).toBe(0);
    expect((await app.paas(['rollback', '1', '--config-only'])).code).toBe(0);
    expect(await answerOf(app)).toEqual(['1.1', 'one', 'secret one', 'file one']);
    // The next deploy brings what the file says, whatever was rolled back.
    expect((await app.paas(['deploy'])).code).toBe(0);
    expect(await answerOf(app)).toEqual(two);
  });

  test('a version of a secret that is gone: refused before anything is touched; the images can come back', async ({
    makeApp,
  }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two');
    await kubectl('delete', 'secret', 'secret-key-v1', '-n', app.namespace);
    const before = await versionsOf(app.namespace);
    const run = await app.paas(['rollback', '1']);
    expect([run.code, run.all]).toEqual([8, expect.stringContaining('[secret-version-gone]')]);
    expect(run.all).toContain('key, version 1');
    expect(await versionsOf(app.namespace)).toEqual(before);
    expect((await app.paas(['rollback', '1', '--image-only'])).code).toBe(0);
    expect((await answerOf(app))[0]).toBe('1.0');
  });

  test('jobs of a release do not run again, and that is said', async ({ makeApp }) => {
    const migrate = (name: string): string =>
      `  migrate: {image: "${image('hello:1.0')}", command: [${name}], run: before_deploy, resources: ${small}}\n`;
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one', migrate('first'));
    await release(app, '1.1', 'two', migrate('second'));
    const run = await app.paas(['rollback']);
    expect(run.all).toContain('Jobs ran before release 2, and are not undone');
    expect(run.code).toBe(0);
    expect(await answerOf(app)).toEqual(one);
    type List = { items: { metadata: { name: string } }[] };
    const jobs = await kubectlJson<List>('get', 'jobs', '-n', app.namespace);
    expect(jobs.items.map(({ metadata }) => metadata.name)).not.toContain('migrate-r3');
  });

  test('killed in the middle: the same command again ends the same', async ({ makeApp }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two');
    const run = app.start(['rollback']);
    await until(run, 'changed deployment/web');
    run.kill('SIGKILL');
    await run;
    const again = await app.paas(['rollback', '--json']);
    expect(eventsOf(again).at(-1)).toMatchObject({ type: 'end', outcome: 'succeeded', to: 1 });
    expect(again.code).toBe(0);
    expect(await answerOf(app)).toEqual(one);
    const left = await kubectl(
      'get',
      'configmaps',
      '-n',
      app.namespace,
      '-l',
      'paas.internal/app',
      '-o',
      'name',
    );
    expect(left.trim().split('\n')).toHaveLength(1);
  });

  test('a release that failed is no target of itself; named it is, with a warning', async ({ makeApp }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    app.write(web('1.1', 'two', '    command: [crash]\n'));
    expect((await app.paas(['deploy', '--on-failure', 'keep'])).code).toBe(3);
    expect((await app.paas(['rollback'])).all).toContain('it brings back release 1');
    const named = await app.paas(['rollback', '2']);
    expect(named.all).toContain('Release 2 did not succeed (failed).');
    expect(named.code).toBe(3);
  });

  test('a record with a missing part is told, and hinders nothing else', async ({ makeApp }) => {
    const app = makeApp('components: {}\n');
    await release(app, '1.0', 'one');
    await release(app, '1.1', 'two');
    const record = `secret/paas.${app.name}.default.r1`;
    await kubectl('annotate', record, 'paas.internal/parts=2', '--overwrite', '-n', app.namespace);
    const run = await app.paas(['rollback', '1']);
    expect([run.code, run.all]).toEqual([1, expect.stringContaining('[record-broken]')]);
    expect(run.all).toContain(`its part paas.${app.name}.default.r1.1 is missing`);
    expect((await app.paas(['releases'])).stdout).toContain('its record can not be read');
    expect((await app.paas(['deploy'])).all).toContain('Nothing to do');
  });
});
