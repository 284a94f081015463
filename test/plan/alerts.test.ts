import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { toolPath } from '../cluster/tools.ts';
import { test } from '../support/app.ts';
import { plansOf } from '../support/plans.ts';

// The recording and alert rules of a component, judged by Prometheus' own tool, over series as they would be.

const build = 30 * 60_000;

/** The groups of every PrometheusRule of a case, as a file of rules. */
async function rulesOf(name: string): Promise<string> {
  const plans = await plansOf(join(import.meta.dirname, 'routing', name));
  const rules = plans.flatMap(({ phases }) =>
    phases.flatMap(({ manifests }) => manifests.filter(({ kind }) => kind === 'PrometheusRule')),
  );
  expect(rules.length).toBeGreaterThan(0);
  return JSON.stringify({ groups: rules.flatMap(({ spec }) => (spec as { groups: unknown[] }).groups) });
}

const inApp = 'namespace="shop-default"';
const asked = (code: string, more = ''): string =>
  `istio_requests_total{reporter="source",destination_service_namespace="shop-default",destination_service_name="shop-web",response_code="${code}"${more}}`;
const took = (le: string): string =>
  `istio_request_duration_milliseconds_bucket{reporter="source",destination_service_namespace="shop-default",destination_service_name="shop-web",le="${le}"}`;
const restarts = (container: string, pod: string): string =>
  `kube_pod_container_status_restarts_total{${inApp},container="${container}",pod="${pod}"}`;
const ready = `kube_deployment_status_replicas_ready{${inApp},deployment="shop-web"}`;
const wanted = `kube_deployment_spec_replicas{${inApp},deployment="shop-web"}`;
const own = '{namespace="shop-default", app="shop", component="web", environment="default"}';

type Series = Readonly<Record<string, string>>;

/** What fires at some minute, of the component web; and the values of recorded series. */
interface Case {
  readonly name: string;
  readonly series: Series;
  readonly at: string;
  readonly fires?: readonly string[];
  readonly values?: Readonly<Record<string, number>>;
}

const cases: readonly Case[] = [
  { name: 'nobody counts anything', series: {}, at: '1h' },
  {
    name: 'one of ten requests fails',
    series: { [asked('200')]: '0+540x60', [asked('503')]: '0+60x60' },
    at: '30m',
    fires: ['PaasRequestErrors'],
    values: { 'paas:request_errors:ratio_rate5m': 0.1, 'paas:requests:rate5m': 10 },
  },
  {
    name: 'not for long enough',
    series: { [asked('200')]: '0+540x60', [asked('503')]: '_x25 0+60x60' },
    at: '30m',
  },
  {
    name: 'no request fails',
    series: { [asked('200')]: '0+600x60' },
    at: '30m',
    values: { 'paas:request_errors:ratio_rate5m': 0 },
  },
  {
    name: 'every request fails',
    series: { [asked('500')]: '0+600x60' },
    at: '30m',
    fires: ['PaasRequestErrors'],
    values: { 'paas:request_errors:ratio_rate5m': 1 },
  },
  { name: 'all of very few requests fail', series: { [asked('500')]: '0+5x60' }, at: '30m' },
  {
    name: 'both ends of a request count it, once is enough',
    series: { [asked('200')]: '0+600x60', [asked('200').replace('source', 'destination')]: '0+600x60' },
    at: '30m',
    values: { 'paas:requests:rate5m': 10 },
  },
  {
    name: 'clients hang up',
    series: { [asked('0')]: '0+600x60' },
    at: '30m',
    values: { 'paas:request_errors:ratio_rate5m': 0 },
  },
  {
    name: 'how long the slowest take, in seconds',
    series: { [took('100')]: '0+50x60', [took('200')]: '0+100x60', [took('+Inf')]: '0+100x60' },
    at: '30m',
    values: { 'paas:request_duration_seconds:p99_rate5m': 0.198 },
  },
  {
    name: 'an instance restarts',
    series: { [restarts('web', 'shop-web-1')]: '0+1x60', [restarts('web', 'other-web-1')]: '0x60' },
    at: '30m',
    fires: ['PaasInstanceRestarts'],
  },
  { name: 'it did once', series: { [restarts('web', 'shop-web-1')]: '0x20 1x40' }, at: '30m' },
  { name: "another app's does", series: { [restarts('web', 'other-web-1')]: '0+1x60' }, at: '30m' },
  { name: 'all are ready', series: { [ready]: '3x60', [wanted]: '3x60' }, at: '30m' },
  {
    name: 'one is missing',
    series: { [ready]: '2x60', [wanted]: '3x60' },
    at: '30m',
    fires: ['PaasInstancesMissing'],
  },
  { name: 'one is missing for a short time', series: { [ready]: '3x20 2x40', [wanted]: '3x60' }, at: '30m' },
  {
    name: 'none is ready',
    series: { [ready]: '0x60', [wanted]: '3x60' },
    at: '10m',
    fires: ['PaasNoInstanceReady'],
  },
  { name: 'none is wanted', series: { [ready]: '0x60', [wanted]: '0x60' }, at: '30m' },
];

const alerts = ['PaasRequestErrors', 'PaasInstanceRestarts', 'PaasInstancesMissing', 'PaasNoInstanceReady'];

test('the rules are sound', { timeout: build }, async ({ makeFolder }) => {
  const promtool = await toolPath('promtool');
  const file = join(makeFolder(), 'rules.json');
  writeFileSync(file, await rulesOf('metrics-operator'));
  const { stdout } = await execa(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', file]);
  expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
});

test.for(cases)(
  '$name',
  { timeout: build },
  async ({ series, at, fires = [], values = {} }, { makeFolder }) => {
    const promtool = await toolPath('promtool');
    const folder = makeFolder();
    writeFileSync(join(folder, 'rules.json'), await rulesOf('metrics-operator'));
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([one, numbers]) => ({ series: one, values: numbers })),
      // By the names alone: labels and texts are in the golden case.
      promql_expr_test: [
        ...alerts.map((name) => ({
          expr: `count(ALERTS{alertname="${name}", alertstate="firing", component="web"}) or vector(0)`,
          eval_time: at,
          exp_samples: [{ labels: '{}', value: fires.includes(name) ? 1 : 0 }],
        })),
        ...Object.entries(values).map(([record, value]) => ({
          expr: `round(${record}, 0.0001)`,
          eval_time: at,
          exp_samples: [{ labels: own, value }],
        })),
      ],
    };
    const file = join(folder, 'test.json');
    writeFileSync(
      file,
      JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: '1m', tests: [test] }),
    );
    const { all } = await execa(promtool, ['test', 'rules', file], { all: true, reject: false });
    expect(all).toMatch(/SUCCESS/);
  },
);
