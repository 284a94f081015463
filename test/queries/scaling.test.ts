import { expect, test } from 'vitest';
import { heldFor, type Measured, queryOf } from '../../src/plan/metric-queries.ts';
import { askPrometheus, PROMTOOL_MS, type Series } from '../support/promtool.ts';

// What the queries that instances are scaled by answer, told by Prometheus itself. Two instances that ask for 100m.

const web: Measured = {
  namespace: 'shop',
  workload: 'web',
  kind: 'Deployment',
  container: 'web',
  cpu: '100m',
  memory: '1000',
  interval: 15,
};
const pods = ['web-7d9f8b6c5-x2z4w', 'web-7d9f8b6c5-bcdfg'];
const ofPods = (metric: string, values: string, more = ''): Series =>
  Object.fromEntries(pods.map((pod) => [`${metric}{namespace="shop",pod="${pod}"${more}}`, values]));
const requests =
  'istio_requests_total{reporter="destination",destination_workload_namespace="shop",destination_workload="web"}';
/** A counter that grows by so much per second for so many minutes, one after the other. */
function counter(...stretches: readonly (readonly [perSecond: number, minutes: number])[]): string {
  let value = 0;
  const values = [value];
  for (const [perSecond, minutes] of stretches) {
    for (let step = 0; step < minutes * 4; step++) {
      value += perSecond * 15;
      values.push(value);
    }
  }
  return values.join(' ');
}
const rounded = (answers: readonly (number | undefined)[]): unknown =>
  answers.map((answer) => (answer === undefined ? undefined : Math.round(answer)));

test('cpu for 5min: added after all of it, kept through a dip, taken away at once', {
  timeout: PROMTOOL_MS,
}, async () => {
  const query = heldFor(queryOf('cpu', 300, web) ?? '', 300, '80', web);
  const series = {
    ...ofPods(
      'container_cpu_usage_seconds_total',
      counter([0.05, 10], [0.2, 10], [0.02, 1], [0.2, 9], [0.01, 5]),
      ',container="web"',
    ),
    ...ofPods('container_memory_working_set_bytes', '500x200', ',container="web"'),
    // The same from another address of the kubelet.
    ...ofPods(
      'container_memory_working_set_bytes',
      '500x200',
      ',container="web",metrics_path="/metrics/resource"',
    ),
    // Of a job that is called almost the same, and of a proxy beside the program.
    'container_cpu_usage_seconds_total{namespace="shop",pod="web-admin-x2z4w",container="web"}': counter([
      9, 40,
    ]),
    ...ofPods('container_cpu_usage_seconds_total', counter([9, 40]), ',container="istio-proxy"'),
  };
  const answers = await askPrometheus(query, series, ['9m', '11m', '14m', '16m', '20m', '23m', '28m', '33m']);
  // Both together, in percent: 160 is what two can bear, at which nothing changes.
  expect(rounded(answers)).toEqual([100, 160, 160, 400, 400, 160, 400, 20]);
});

test('requests: none is 0 while the instances are measured, and no answer when they are lost', {
  timeout: PROMTOOL_MS,
}, async () => {
  const query = queryOf('request_per_second', 10, web) ?? '';
  const series = {
    ...ofPods('up', '1x80 _x80'),
    [requests]: `_x20 ${counter([20, 15])} _x80`,
  };
  const answers = await askPrometheus(query, series, ['2m', '10m', '15m', '28m']);
  expect(rounded(answers)).toEqual([0, 20, 20, undefined]);
});

test('requests that held for 5min', { timeout: PROMTOOL_MS }, async () => {
  const query = heldFor(queryOf('request_per_second', 300, web) ?? '', 300, '10', web);
  const series = {
    ...ofPods('up', '1x200'),
    ...ofPods('container_memory_working_set_bytes', '500x200', ',container="web"'),
    [requests]: counter([5, 10], [40, 20]),
  };
  expect(rounded(await askPrometheus(query, series, ['9m', '13m', '17m']))).toEqual([5, 20, 40]);
});

test.each([
  ['memory', { ...ofPods('container_memory_working_set_bytes', '500x40', ',container="web"') }, 100],
  ['network_in', { ...ofPods('container_network_receive_bytes_total', counter([1000, 10])) }, 2000],
  ['network_out', { ...ofPods('container_network_transmit_bytes_total', counter([1000, 10])) }, 2000],
  [
    // 40 requests per second of 500 ms each.
    'concurrent_requests',
    { [requests.replace('requests_total', 'request_duration_milliseconds_sum')]: counter([20_000, 10]) },
    20,
  ],
])('%s', { timeout: PROMTOOL_MS }, async (type, series, expected) => {
  expect(rounded(await askPrometheus(queryOf(type, 60, web) ?? '', series, ['5m']))).toEqual([expected]);
});

test('a long name of a Deployment, cut in the names of its instances', { timeout: PROMTOOL_MS }, async () => {
  const workload = 'a'.repeat(60);
  const query = queryOf('memory', 60, { ...web, workload }) ?? '';
  const pod = `${'a'.repeat(58)}x2z4w`;
  const series = {
    [`container_memory_working_set_bytes{namespace="shop",pod="${pod}",container="web"}`]: '500x40',
  };
  expect(rounded(await askPrometheus(query, series, ['5m']))).toEqual([50]);
});
