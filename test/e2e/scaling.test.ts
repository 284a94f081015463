import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, kubectlInput, kubectlJson, patience, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { recordReplicas } from '../support/record-replicas.ts';

// Autoscalers on the real cluster: KEDA and its webhooks run, metrics-server measures.

withExtras('keda', 'metrics-server');

const platform = 'prometheus: {server: "http://prometheus.monitoring:9090"}\n';
const web = (more: string, version = '1.0'): string => `
components: {web: {image: "${image(`hello:${version}`)}", resources: ${small}, port: 8080, stop: {timeout: 1s}, ${more}}}
`;
const hpa = 'scaling_policy: {min_instances: 2, max_instances: 6, metrics: [{type: cpu, threshold: 80%}]}';
/** At least one instance, more by the clock: from the first minute of a day to its last, and where that ends anew. */
const allDay = (instances: number, zone: string): string =>
  `{start: 0 0 * * *, end: 59 23 * * *, time_zone: ${zone}, instances: ${instances}}`;
const clock = (instances: number, min = 1): string =>
  `scaling_policy: {min_instances: ${min}, max_instances: 6, schedules: [${allDay(instances, 'UTC')}, ${allDay(instances, 'Asia/Kolkata')}]}`;

interface Workload {
  readonly spec: { readonly replicas: number };
  readonly metadata: {
    readonly managedFields: readonly { manager: string; subresource?: string; fieldsV1: object }[];
  };
}
const replicasOf = async (app: TestApp): Promise<number> =>
  (await kubectlJson<Workload>('get', 'deployment/web', '-n', app.namespace)).spec.replicas;
const autoscalersOf = (app: TestApp): Promise<string> =>
  kubectl('get', 'horizontalpodautoscalers,scaledobjects', '-n', app.namespace, '-o', 'name');
const ready = (app: TestApp, count: number): Promise<string> =>
  kubectl(
    'wait',
    'deployment/web',
    '-n',
    app.namespace,
    `--for=jsonpath={.status.readyReplicas}=${count}`,
    patience,
  );
async function deploy(app: TestApp): Promise<string> {
  const run = await app.paas(['deploy']);
  expect(run.all).toContain('is live');
  expect(run.code).toBe(0);
  return run.all;
}

describe.concurrent('scaling', () => {
  test('fixed, autoscaled, fixed, autoscaled by another engine and back: never fewer than 5 on the way', {
    // Seven deploys, each with all of its instances.
    timeout: 900_000,
  }, async ({ makeApp }) => {
    const app = makeApp(web('instances: 5'));
    await deploy(app);
    const seen = await recordReplicas(app.namespace, 'web');

    // The new version at the same time: instances come and go all the same.
    app.write(web(hpa, '1.1'));
    const shown = await deploy(app);
    expect(shown).toContain('+ horizontalpodautoscaler/web');
    expect(shown).not.toContain('deployment/web  5 →');
    expect(await replicasOf(app)).toBe(5);

    app.write(web('instances: 5', '1.1'));
    expect(await deploy(app)).toContain('- horizontalpodautoscaler/web');
    expect(await autoscalersOf(app)).toBe('');

    app.write(web(clock(6)));
    await deploy(app);
    await ready(app, 6);

    // From one engine to the other, and back: KEDA refuses a workload that something else scales.
    app.write(web(hpa));
    await deploy(app);
    expect(await autoscalersOf(app)).toBe('horizontalpodautoscaler.autoscaling/web');
    app.write(web(clock(6)));
    await deploy(app);
    expect(await autoscalersOf(app)).toContain('scaledobject.keda.sh/web');

    app.write(web('instances: 5'));
    await deploy(app);
    expect(await autoscalersOf(app)).toBe('');
    expect(await replicasOf(app)).toBe(5);

    const { wanted, available } = await seen.end();
    expect(Math.min(...wanted)).toBe(5);
    expect(Math.max(...wanted)).toBe(6);
    expect(Math.min(...available)).toBeGreaterThanOrEqual(5);
  });

  test('a version that fails leaves what scales in its place; the next one goes on', async ({ makeApp }) => {
    const app = makeApp(web(hpa));
    await deploy(app);
    app.write(web(clock(3), 'is-not-there'));
    const failed = await app.paas(['deploy', '--on-failure', 'keep']);
    expect(failed.code).toBe(3);
    expect(await autoscalersOf(app)).toBe('horizontalpodautoscaler.autoscaling/web');
    app.write(web(clock(3)));
    await deploy(app);
    expect(await autoscalersOf(app)).toContain('scaledobject.keda.sh/web');
    // And what was noted of both: nothing is left behind.
    expect((await app.paas(['delete', '--yes'])).all).toContain(`deleted namespace/${app.namespace}`);
  });

  test('a schedule scales; the next deploy has nothing to do, and a new version leaves the number alone', async ({
    makeApp,
  }) => {
    const app = makeApp(web(clock(3)));
    await deploy(app);
    await ready(app, 3);
    const again = await app.paas(['deploy']);
    expect(again.all).toContain('Nothing to do');
    expect(await replicasOf(app)).toBe(3);
    const seen = await recordReplicas(app.namespace, 'web');
    app.write(web(clock(3), '1.1'));
    await deploy(app);
    expect(new Set((await seen.end()).wanted)).toEqual(new Set([3]));
    // The number is the autoscaler's alone by now.
    const { metadata } = await kubectlJson<Workload>(
      'get',
      'deployment/web',
      '-n',
      app.namespace,
      '--show-managed-fields',
    );
    const owners = metadata.managedFields.filter(({ fieldsV1 }) => 'f:replicas' in specOf(fieldsV1));
    expect(owners.map(({ subresource }) => subresource)).toEqual(['scale']);
    const status = await app.paas(['status']);
    expect(status.stdout).toMatch(/web +3\/3 +1–6 +ready/);
  });

  test("every policy's objects are taken by strict validation and by KEDA's webhook", async ({ makeApp }) => {
    const app = makeApp(web('instances: 1'));
    writeFileSync(`${app.folder}/platform.yaml`, platform);
    await deploy(app);
    const folder = join(import.meta.dirname, '../plan/scaling');
    for (const name of readdirSync(folder)) {
      const policy = parse(readFileSync(join(folder, name, 'policy.yaml'), 'utf8'));
      app.write(web(`scaling_policy: ${JSON.stringify(policy)}`));
      const { stdout } = await app.paas(['render', '--platform', 'platform.yaml']);
      const manifest = stdout.split('---\n').find((text) => /^kind: (Horizontal|Scaled)/m.test(text)) ?? '';
      const said = await kubectlInput(
        manifest,
        'apply',
        '--dry-run=server',
        '--validate=strict',
        '--filename=-',
      );
      expect(said, name).toContain('/web created');
    }
  });

  test("Kubernetes' own autoscaler reads the component's container", async ({ makeApp }) => {
    const app = makeApp(web(hpa));
    await deploy(app);
    const which = ['hpa/web', '-n', app.namespace];
    await kubectl('wait', ...which, '--for=condition=ScalingActive=true', patience);
    const status = await app.paas(['status', '--json']);
    const [component] = JSON.parse(status.stdout).components;
    expect(component.autoscaler).toEqual({ kind: 'HorizontalPodAutoscaler', min: 2, max: 6 });
  });

  test('what measures is out of reach: nothing is taken away, and status says so', async ({ makeApp }) => {
    const policy =
      'scaling_policy: {min_instances: 1, max_instances: 4, metrics: [{type: request_per_second, threshold: 100}]}';
    const app = makeApp(web('instances: 2'));
    writeFileSync(`${app.folder}/platform.yaml`, platform);
    await deploy(app);
    app.write(web(policy));
    const run = await app.paas(['deploy', '--platform', 'platform.yaml']);
    expect(run.code).toBe(0);
    const autoscaler = ['hpa/keda-hpa-web', '-n', app.namespace, patience];
    // KEDA makes it, and has other things to do.
    await kubectl('wait', ...autoscaler, '--for=create');
    await kubectl('wait', ...autoscaler, '--for=condition=ScalingActive=false');
    const status = await app.paas(['status', '--platform', 'platform.yaml']);
    expect(status.stdout).toContain('[scaling-unmeasured]');
    expect(await replicasOf(app)).toBe(2);
  });
});

const specOf = (fields: object): object => (fields as { 'f:spec'?: object })['f:spec'] ?? {};
