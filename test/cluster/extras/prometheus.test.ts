import { until } from '../../cluster/wait.ts';
import { kubectl, kubectlInput } from '../../support/cluster.ts';
import { withExtras } from '../../support/extras.ts';
import { test } from '../../support/namespace.ts';
import { prometheusRules, queryPrometheus } from '../../support/prometheus.ts';

withExtras('prometheus');

/** A new configuration reaches Prometheus by way of the kubelet, which has other things to do. */
const patience = { timeoutMs: 240_000 };

const apply = (namespace: string, manifests: readonly string[]): Promise<string> =>
  kubectlInput(manifests.join('---\n'), 'apply', `--namespace=${namespace}`, '--filename=-');

/** A pod that serves numbers at a port of its own: the one image with numbers that is there anyway. */
async function serverOfNumbers(annotations: string): Promise<string> {
  const image = await kubectl(
    'get',
    'statefulset',
    'prometheus-prometheus',
    '--namespace=monitoring',
    '--output=jsonpath={.spec.template.spec.containers[?(@.name=="prometheus")].image}',
  );
  return `
apiVersion: v1
kind: Pod
metadata: {name: numbers, labels: {app: numbers}, annotations: ${annotations}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: numbers
      image: "${image}"
      args: [--config.file=/dev/null, --storage.agent.path=/tmp, --agent, --web.listen-address=:9100]
      ports: [{name: http, containerPort: 9100}]
      resources: {requests: {cpu: 10m, memory: 32Mi}}
      volumeMounts: [{name: tmp, mountPath: /tmp}]
  volumes: [{name: tmp, emptyDir: {}}]
`;
}

test('a pod that says so by annotations is scraped', { timeout: 900_000 }, async ({ namespace }) => {
  const annotations = '{prometheus.io/scrape: "true", prometheus.io/port: "9100"}';
  await apply(namespace, [await serverOfNumbers(annotations)]);
  await until(
    'its numbers',
    async () => {
      const found = await queryPrometheus(`up{namespace="${namespace}", pod="numbers", job="pods"} == 1`);
      return found.length === 1;
    },
    patience,
  );
});

test('a PodMonitor, a ServiceMonitor and a PrometheusRule are picked up', { timeout: 900_000 }, async ({
  namespace,
}) => {
  const rest = `
apiVersion: v1
kind: Service
metadata: {name: numbers, labels: {app: numbers}}
spec: {selector: {app: numbers}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: numbers}
spec: {selector: {matchLabels: {app: numbers}}, podMetricsEndpoints: [{port: http}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: numbers}
spec: {selector: {matchLabels: {app: numbers}}, endpoints: [{port: http}]}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: numbers}
spec: {groups: [{name: numbers, rules: [{alert: ${namespace}-alert, expr: vector(1)}]}]}
`;
  await apply(namespace, [await serverOfNumbers('{}'), rest]);
  const job = (name: string): string => `up{namespace="${namespace}", job="${name}"} == 1`;
  await until(
    'the PodMonitor',
    async () => (await queryPrometheus(job(`${namespace}/numbers`))).length === 1,
    patience,
  );
  await until(
    'the ServiceMonitor',
    async () => (await queryPrometheus(job('numbers'))).length === 1,
    patience,
  );
  await until('the rule', async () => (await prometheusRules()).includes(`${namespace}-alert`), patience);
  await until(
    'the alert',
    async () => {
      return (await queryPrometheus(`ALERTS{alertname="${namespace}-alert"}`)).length === 1;
    },
    patience,
  );
});
