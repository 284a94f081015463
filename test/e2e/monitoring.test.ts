import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../cluster/wait.ts';
import { test } from '../support/app.ts';
import { image, small } from '../support/cluster.ts';
import { withExtras } from '../support/extras.ts';
import { prometheusRules, queryPrometheus } from '../support/prometheus.ts';

// A deployed app's own metrics are in a running Prometheus, however the platform finds them.

withExtras('prometheus');

const web = `components:
  web:
    image: ${image('echo:1.0')}
    port: 8080
    resources: ${small}
    metrics: {interval: 5s}
`;

/** Of a new configuration Prometheus learns when kubelet next looks at it: within about a minute. */
const patience = { timeoutMs: 240_000, intervalMs: 1000 };

test('found by annotations, where the platform says nothing', { timeout: 900_000 }, async ({ makeApp }) => {
  const app = makeApp(web);
  expect((await app.paas(['deploy'])).code).toBe(0);
  await until(
    'its metrics',
    async () => {
      const found = await queryPrometheus(`echo_requests_total{namespace="${app.namespace}"}`);
      return found.length > 0;
    },
    patience,
  );
});

test('found by the operator, which takes the rules too', { timeout: 900_000 }, async ({ makeApp }) => {
  const app = makeApp(web);
  const platform = join(app.folder, 'platform.yaml');
  writeFileSync(platform, 'monitoring: {type: prometheus_operator, labels: {release: prometheus}}\n');
  expect((await app.paas(['deploy', '--platform', platform])).code).toBe(0);
  await until(
    'its metrics',
    async () => {
      const found = await queryPrometheus(`echo_requests_total{namespace="${app.namespace}"}`);
      return found.length === 1;
    },
    patience,
  );
  await until('its rules', async () => (await prometheusRules()).includes('PaasNoInstanceReady'), patience);
  expect((await app.paas(['deploy', '--platform', platform])).all).toContain('Nothing to do');
});
