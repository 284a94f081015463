import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventsOf, type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlJson, small } from '../support/cluster.ts';

// A platform file against a real cluster: found by its address, told apart by its uid.

const component = `components: {web: {image: "${image('hello:1.0')}", port: 8080, resources: ${small}}}\n`;
/** Without --context, which would win over the platform's address. */
const env = { PAAS_CONTEXT: undefined, PAAS_PLATFORM: 'platform.yaml' };

interface KubeConfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
}

/** A platform file that knows the tests' cluster as `north`, beside an app. Gives its text. */
async function platformOf(app: TestApp, more: string, uid?: string): Promise<string> {
  const { clusters } = await kubectlJson<KubeConfig>('config', 'view', '--minify');
  const own = await kubectl('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
  const server = clusters[0]!.cluster.server;
  const text = `clusters: {north: {server: "${server}", uid: ${uid ?? own}}}\ndefaults: {"*": {cluster: north}}\n${more}`;
  writeFileSync(join(app.folder, 'platform.yaml'), text);
  return text;
}

test('two apps with components of the same name share a namespace', async ({ makeApp, onTestFinished }) => {
  const [first, second] = [makeApp(component), makeApp(component)];
  const namespace = `${first.name}-shared`;
  onTestFinished(async () => {
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
  });
  for (const app of [first, second]) {
    const text = await platformOf(app, `namespaces: {pattern: ${namespace}, shared: true}\n`);
    const run = await app.paas(['deploy', '--json'], { env });
    expect(run).toMatchObject({ code: 0 });
    expect(eventsOf(run)[0]).toMatchObject({ type: 'target', namespace });
    const status = JSON.parse((await app.paas(['status', '--json'], { env })).stdout);
    expect(status.release.platform).toBe(createHash('sha256').update(text).digest('hex'));
    expect(status.components).toMatchObject([{ name: 'web', state: 'ready' }]);
  }
  const names = () =>
    kubectl('get', 'deployment', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}');
  expect((await names()).split(' ').sort()).toEqual([`${first.name}-web`, `${second.name}-web`].sort());
  expect((await first.paas(['logs', 'web'], { env })).code).toBe(0);

  const gone = await first.paas(['delete', '--yes'], { env });
  expect(gone).toMatchObject({ code: 0 });
  expect(await names()).toBe(`${second.name}-web`);
  expect((await second.paas(['deploy'], { env })).all).toContain('Nothing to do');
});

test('another cluster at the address of the platform is refused, whatever was noted', async ({ makeApp }) => {
  const app = makeApp(component);
  await platformOf(app, '', 'another-uid');
  for (const command of ['deploy', 'delete']) {
    const run = await app.paas([command, '--yes', '--accept-new-cluster'], { env });
    expect([run.code, run.all]).toEqual([
      8,
      expect.stringContaining('platform.yaml calls north: its uid there is'),
    ]);
  }
});

test('where the platform makes namespaces, a deploy makes none; instances pull with its Secret', async ({
  makeApp,
}) => {
  const app = makeApp(component);
  const registry = image('').replace(/\/$/, '');
  const more = `namespaces: {create: false}\nregistries: {"${registry}": {pull_secret: pull}}\n`;
  await platformOf(app, more);
  const refused = await app.paas(['deploy'], { env });
  expect([refused.code, refused.all]).toEqual([8, expect.stringContaining('[namespace-missing]')]);
  expect(await kubectl('get', 'namespace', app.namespace, '--ignore-not-found')).toBe('');

  await kubectl('create', 'namespace', app.namespace);
  await kubectl(
    ...['create', 'secret', 'docker-registry', 'pull', '-n', app.namespace],
    ...[`--docker-server=${registry}`, '--docker-username=a', '--docker-password=b'],
  );
  expect(await app.paas(['deploy'], { env })).toMatchObject({ code: 0 });
  const path = 'jsonpath={.items[0].spec.imagePullSecrets}';
  expect(await kubectl('get', 'pods', '-n', app.namespace, '-o', path)).toBe('[{"name":"pull"}]');
});
