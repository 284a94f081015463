import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, small } from '../support/cluster.ts';

// The copy of the platform's pull secret is there as long as something live pulls with it.

const web = (tag: string, more = ''): string =>
  `components: {web: {image: "${image(`hello:${tag}`)}", port: 8080, resources: ${small}, stop: {timeout: 1s}${more}}}\n`;
const bad = web('1.0', ', entrypoint: [/nothing]');

interface Secret {
  readonly metadata: Readonly<Record<string, unknown>>;
}

test('goes with the release that succeeds without it, and comes back with one that needs it', async ({
  makeApp,
  onTestFinished,
}) => {
  const app = makeApp(web('1.0'));
  const platform = `${app.name}-platform`;
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', platform, '--ignore-not-found', '--wait=false');
  });
  await kubectl('create', 'namespace', platform);
  const registry = image('').replace(/\/$/, '');
  await kubectl(
    ...['create', 'secret', 'docker-registry', 'pull', '-n', platform],
    ...[`--docker-server=${registry}`, '--docker-username=a', '--docker-password=b'],
  );
  const copy = `paas.${app.name}.default.pull.${platform}.pull`;
  const needing = writePlatform(
    app,
    'needing',
    `registries: {"${registry}": {pull_secret: ${platform}/pull}}\n`,
  );
  const without = writePlatform(app, 'without', 'registries: {}\n');
  const isThere = async (): Promise<boolean> =>
    (await kubectl('get', 'secret', copy, '-n', app.namespace, '--ignore-not-found')) !== '';
  const expectRun = async (env: object, args: readonly string[], code: number, words: string) => {
    const run = await app.paas(args, { env: { ...env } });
    expect([run.code, run.all]).toEqual([code, expect.stringContaining(words)]);
  };

  await expectRun(needing, ['deploy'], 0, `created secret/${copy}`);
  const stored = await kubectlJson<Secret>('get', 'secret', copy, '-n', app.namespace);
  // One that fails leaves it: what comes back pulls with it.
  app.write(bad);
  await expectRun(without, ['deploy'], 5, 'as release 1 was');
  expect(await isThere()).toBe(true);

  app.write(web('1.0'));
  await expectRun(without, ['diff'], 2, 'removes 1 object');
  await expectRun(without, ['deploy'], 0, `deleted secret/${copy}`);
  expect(await isThere()).toBe(false);
  await expectRun(without, ['deploy'], 0, 'Nothing to do');
  await expectRun(without, ['rollback', '1', '--yes'], 0, `created secret/${copy}`);
  expect(await isThere()).toBe(true);
  await expectRun(without, ['deploy'], 0, `deleted secret/${copy}`);

  // One that was left behind goes too, and makes no release.
  const { uid, resourceVersion, managedFields, ...metadata } = stored.metadata;
  await kubectlInput(JSON.stringify({ ...stored, metadata }), 'create', '-f', '-');
  const releases = (await app.paas(['releases', '--json'])).stdout;
  await expectRun(without, ['deploy'], 0, `deleted secret/${copy}`);
  expect([await isThere(), (await app.paas(['releases', '--json'])).stdout]).toEqual([false, releases]);
});

/** A platform file beside an app; gives the environment in which it counts. */
function writePlatform(app: TestApp, name: string, text: string): { readonly PAAS_PLATFORM: string } {
  const path = join(app.folder, `${name}.yaml`);
  writeFileSync(path, text);
  return { PAAS_PLATFORM: path };
}
