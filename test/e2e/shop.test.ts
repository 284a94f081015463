import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ask } from '../support/answer.ts';
import { test } from '../support/app.ts';
import { image, kubectl, kubectlJson, patience, small } from '../support/cluster.ts';
import { root } from '../support/paas.ts';

// The example shop as it is, but for its name, and smaller instances: other tests have theirs on the same node.

test('the example shop: its job runs first, its web answers, its timed job stands', async ({ makeApp }) => {
  const app = makeApp('');
  // Without what a deploy of somebody who tried it has noted.
  const filter = (path: string): boolean => !path.endsWith('.paas');
  cpSync(join(root, 'examples/shop'), app.folder, { recursive: true, filter });
  const file = join(app.folder, 'paas.yaml');
  const text = readFileSync(file, 'utf8')
    .replace('app: shop', `app: ${app.name}`)
    .replaceAll('localhost:5000/', image(''))
    .replace('resources: {cpu: 50m, memory: 64Mi}', 'health: {http: /healthz}')
    .replace('  image: &', '  image: &')
    .replace('x-image: &image\n', `x-image: &image\n  resources: ${small}\n`);
  writeFileSync(file, text);
  const namespace = `${app.name}-production`;
  try {
    expect(
      (await app.paas(['secrets', 'set', 'stripe_key', '--env', 'production', '--from-env', 'HOME'])).code,
    ).toBe(0);
    const run = await app.paas(['deploy', '--env', 'production', '--yes']);
    expect(run.all).toContain('Release 1 is live');
    const steps = ['created job/migrate-r1', 'migrate 1/1 ready', 'created deployment/web', 'web 3/3 ready'];
    expect(
      steps.map((step) => run.all.indexOf(step)).every((at, index, all) => at > (all[index - 1] ?? -1)),
    ).toBe(true);
    expect(await ask(namespace, 'web')).toMatch(/^Hello from hello, version 1\.0, instance web-/);

    // What the timed job would do is done now.
    await kubectl('-n', namespace, 'create', 'job', 'now', '--from=cronjob/report');
    await kubectl('-n', namespace, 'wait', 'job/now', '--for=condition=complete', patience);
    expect(await kubectl('-n', namespace, 'logs', 'job/now')).toContain('report is done');
    const { spec } = await kubectlJson<{ spec: object }>('-n', namespace, 'get', 'cronjob', 'report');
    expect(spec).toMatchObject({ schedule: '0 3 * * *', timeZone: 'Asia/Shanghai', suspend: false });
  } finally {
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
  }
});
