import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openApiProxy } from '../support/api-proxy.ts';
import { type TestApp, test } from '../support/app.ts';
import { breakableCluster } from '../support/breakable.ts';
import { image, kubectl, small } from '../support/cluster.ts';
import { follow } from '../support/follow.ts';

const hello = (instances: number): string => `
components:
  web: {image: ${image('hello:1.0')}, port: 8080, instances: ${instances}, resources: ${small}}
`;

/** Resolves when a text has come, and gives all that came so far. */
function reads(run: ReturnType<TestApp['start']>, text: RegExp): Promise<string> {
  let all = '';
  return new Promise<string>((resolve, reject) => {
    run.stdout.on('data', (chunk) => {
      all += chunk;
      if (text.test(all)) resolve(all);
    });
    run.then(() => reject(new Error(`It ended without ${text}:\n${all}`)), reject);
  });
}

test('status --watch: a line for each change, and with --json a document for each', async ({ makeApp }) => {
  const app = makeApp(hello(1));
  expect((await app.paas(['deploy'])).code).toBe(0);
  const lines = app.start(['status', '--watch']);
  const documents = app.start(['status', '--watch', '--json']);
  const [first] = await Promise.all([reads(lines, /web 1\/1 ready/), reads(documents, /"ready":1/)]);
  expect(first).toMatch(/^\d\d:\d\d:\d\d release 1 succeeded$/m);
  expect(await Promise.all([lines, documents].map((one) => one.kill('SIGINT')))).toEqual([true, true]);
  expect((await lines).exitCode).toBe(130);

  const again = app.start(['status', '--watch', '--json']);
  const scaled = reads(again, /"number":2,.*"outcome":"succeeded".*"ready":2,"wanted":2/);
  app.write(hello(2));
  expect((await app.paas(['deploy'])).code).toBe(0);
  const all = (await scaled).split('\n').slice(0, -1);
  for (const line of all) expect(JSON.parse(line)).toMatchObject({ version: 1, app: app.name, hosts: [] });
  again.kill('SIGINT');

  // What somebody else does is seen too.
  const seen = app.start(['status', '--watch']);
  await reads(seen, /web 2\/2 ready/);
  const one = reads(seen, /web \d\/\d (?!ready)/);
  await kubectl('delete', 'pods', '--all', '--wait=false', '-n', app.namespace);
  expect(await one).toContain('web');
  seen.kill('SIGINT');
});

test('status --watch tells of scheduled jobs and of objects too', async ({ makeApp }) => {
  const report = `  report: {image: ${image('faulty:1.0')}, command: [show], schedule: "0 3 1 1 *", resources: ${small}}\n`;
  const app = makeApp(hello(1) + report);
  mkdirSync(join(app.folder, '.paas', 'manifests'), { recursive: true });
  const spec = '{type: LoadBalancer, ports: [{port: 80}]}';
  const way = `apiVersion: v1\nkind: Service\nmetadata: {name: way}\nspec: ${spec}\n`;
  writeFileSync(join(app.folder, '.paas', 'manifests', 'way.yaml'), way);
  const deploy = follow(app, ['deploy']);
  await deploy.event(({ type, component }) => type === 'progress' && component === 'service/way');
  const watching = app.start(['status', '--watch']);
  const [, told] = await Promise.all([
    reads(watching, /^\d\d:\d\d:\d\d report by clock \(0 3 1 1 \* UTC\) has not run yet$/m),
    reads(watching, /^\d\d:\d\d:\d\d service\/way (?!ready).*$/m),
  ]);
  expect(told).toMatch(/release 1 pending/);
  const ran = reads(watching, / report by clock .* ended well \(run of 20\d\d-\S+\)$/m);
  await kubectl('create', 'job', 'by-hand', '--from=cronjob/report', '-n', app.namespace);
  await ran;
  const reached = reads(watching, /^\d\d:\d\d:\d\d service\/way ready$/m);
  await kubectl(
    ...['patch', 'service/way', '-n', app.namespace, '--subresource=status', '--type=merge'],
    ...['-p', '{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}'],
  );
  await reached;
  expect((await deploy.end).code).toBe(0);
  watching.kill('SIGINT');
});

test('status --watch says when the cluster no longer answers, and ends where it can not begin', async ({
  makeApp,
  makeFolder,
}) => {
  const app = makeApp(hello(1));
  expect((await app.paas(['deploy'])).code).toBe(0);
  const wire = await breakableCluster(makeFolder());
  const env = { KUBECONFIG: wire.kubeconfig };
  try {
    const lines = app.start(['status', '--watch'], { env });
    const documents = app.start(['status', '--watch', '--json'], { env });
    await Promise.all([reads(lines, /web 1\/1 ready/), reads(documents, /"ready":1/)]);
    const silent = Promise.all([
      reads(lines, /^\d\d:\d\d:\d\d the cluster's API doesn't answer$/m),
      reads(documents, /"silent_since":"20/),
    ]);
    wire.freeze();
    await silent;
    for (const one of [lines, documents]) one.kill('SIGINT');
    expect((await lines).exitCode).toBe(130);
  } finally {
    wire.close();
  }

  const proxy = await openApiProxy(makeFolder());
  try {
    proxy.decide = ({ path }) =>
      /\/secrets\/[^?]/.test(path) ? { do: 'refuse', status: 403 } : { do: 'pass' };
    const run = await app.paas(['status', '--watch'], { env: proxy.env, timeout: 60_000 });
    expect([run.code, run.stdout]).toEqual([1, '']);
  } finally {
    await proxy.close();
  }
});
