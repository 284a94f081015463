import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { type ClusterInfo, down, up } from '../cluster/cluster.ts';
import { test } from '../support/app.ts';
import { image, kubectlJson, small } from '../support/cluster.ts';

// A second, empty API server, as it is when somebody points the same name at another cluster.

const name = `paas-other-${process.pid}`;
let other: ClusterInfo;

beforeAll(async () => {
  other = await up({ name, controlPlaneOnly: true });
}, 900_000);
afterAll(() => down({ name }));

interface KubeConfig {
  clusters: { name: string; cluster: object }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  users: object[];
  'current-context': string;
}

test('another, empty cluster under the same name is refused, and nothing is made in it', async ({
  makeApp,
}) => {
  const app = makeApp(`
components: {web: {image: "${image('hello:1.0')}", port: 8080, resources: ${small}}}
environments: {default: {cluster: north}}
`);
  const env = (file: string) => ({ KUBECONFIG: file, PAAS_CONTEXT: undefined });
  const first = join(app.folder, 'first');
  const real = await kubectlJson<KubeConfig>('config', 'view', '--raw', '--minify');
  writeFileSync(first, stringify(calledNorth(real)));
  expect((await app.paas(['deploy'], { env: env(first) })).code).toBe(0);

  const second = join(app.folder, 'second');
  writeFileSync(second, stringify(calledNorth(parse(readFileSync(other.kubeconfig, 'utf8')))));
  for (const command of ['deploy', 'delete']) {
    const run = await app.paas([command, '--yes'], { env: env(second) });
    expect(run.all).toContain('[other-cluster]');
    expect(run.code).toBe(8);
  }
  const status = await app.paas(['status'], { env: env(second) });
  expect(status.stdout).toContain('Not deployed yet');
  expect((await app.paas(['deploy'], { env: env(first) })).all).toContain('Nothing to do');
});

/** The same kubeconfig, its cluster under the name that the app's environment has for it. */
function calledNorth(config: KubeConfig): KubeConfig {
  const clusters = config.clusters.map((cluster) => ({ ...cluster, name: 'north' }));
  const contexts = config.contexts.map(({ name: of, context }) => ({
    name: of,
    context: { ...context, cluster: 'north' },
  }));
  return { ...config, clusters, contexts };
}
