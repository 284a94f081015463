import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { until } from '../cluster/wait.ts';
import { type TestApp, test } from '../support/app.ts';
import { image, kubectl, patience, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { scrapeKubelets } from '../support/kubelet-metrics.ts';
import { prometheusUrl, queryPrometheus } from '../support/prometheus.ts';

// What is read from a Prometheus that runs, by a KEDA that does.

withExtras('keda', 'metrics-server', 'prometheus');

const web = (policy: string): string => `
components: {web: {image: "${image('hello:1.0')}", resources: ${small}, stop: {timeout: 1s}, scaling_policy: ${policy}}}
`;
const nowhere = 'http://nowhere.monitoring:9090';
async function deploy(app: TestApp, server = prometheusUrl): Promise<void> {
  writeFileSync(`${app.folder}/platform.yaml`, `prometheus: {server: "${server}", interval: 5s}\n`);
  const run = await app.paas(['deploy', '--platform', 'platform.yaml']);
  expect(run.all).toContain('is live');
}
const waitFor = (app: TestApp, what: string, state: string): Promise<string> =>
  kubectl('wait', what, '-n', app.namespace, `--for=${state}`, patience);

describe.concurrent('scaling by what Prometheus measures', () => {
  test('a query scales; when Prometheus is lost nothing is taken away, and status says so', async ({
    makeApp,
  }) => {
    const app = makeApp(
      web(
        '{max_instances: 5, metrics: [{type: prometheus, query: vector(30), threshold: 10, duration: 10s}], cooldown: 15s}',
      ),
    );
    await deploy(app);
    await waitFor(app, 'deployment/web', 'jsonpath={.status.availableReplicas}=3');
    expect((await app.paas(['status'])).stdout).toMatch(/web +3\/3 +1–5 +ready$/);
    await deploy(app, nowhere);
    await waitFor(app, 'scaledobject/web', 'condition=Fallback=true');
    const status = await app.paas(['status']);
    expect(status.stdout).toMatch(
      /web +3\/3 +1–5 +ready\n.*No answer for prometheus from http:\/\/nowhere.*\[scaling-unmeasured\]/,
    );
  });

  test('what the kubelet measures answers the queries for the component', {
    // Prometheus learns of the kubelet, measures twice, and looks back for two minutes.
    timeout: 900_000,
  }, async ({ makeApp }) => {
    const app = makeApp(
      web(
        '{max_instances: 3, schedules: [{start: 0 0 * * *, end: 59 23 * * *, instances: 2}], metrics: [{type: cpu, threshold: 80%, duration: 2min}, {type: memory, threshold: 90%, duration: 2min}]}',
      ),
    );
    await deploy(app);
    await scrapeKubelets(app.namespace);
    const scraped = `up{namespace="${app.namespace}"} == 1`;
    // A new configuration reaches Prometheus by way of the kubelet, which has other things to do.
    await until(scraped, async () => (await queryPrometheus(scraped)).length > 0, { timeoutMs: 240_000 });
    const { stdout } = await app.paas(['render', '--platform', 'platform.yaml']);
    const objects = parseAllDocuments(stdout).map((one) => one.toJS());
    const { triggers } = objects.find(({ kind }) => kind === 'ScaledObject').spec;
    const queries = triggers.flatMap(
      ({ metadata }: { metadata: { query?: string } }) => metadata.query ?? [],
    );
    expect(queries).toHaveLength(2);
    for (const query of queries) {
      await until(
        query,
        async () => {
          const samples = await queryPrometheus(query);
          return samples.length === 1 && Number.isFinite(samples[0]?.value);
        },
        { timeoutMs: 180_000, intervalMs: 500 },
      );
    }
    await waitFor(app, 'hpa/keda-hpa-web', 'condition=ScalingActive=true');
  });
});
