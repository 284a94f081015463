import { until } from '../../cluster/wait.ts';
import { image, kubectl, kubectlInput, patience, small } from '../../support/cluster.ts';
import { withExtras } from '../../support/extras.ts';
import { test } from '../../support/namespace.ts';

withExtras('keda');

// From the first minute of a day to its last; where one has a gap, the other has none.
const cron = (timezone: string): string =>
  `{type: cron, metadata: {timezone: ${timezone}, start: "0 0 * * *", end: "59 23 * * *", desiredReplicas: "3"}}`;

const scaled = (name: string): string => `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: ${name}}
spec:
  scaleTargetRef: {name: hello}
  pollingInterval: 1
  minReplicaCount: 1
  maxReplicaCount: 5
  triggers: [${cron('UTC')}, ${cron('Asia/Kolkata')}]
`;

test('a Deployment is scaled by the clock', async ({ namespace }) => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello}
spec:
  replicas: 1
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: hello, image: "${image('hello:1.0')}", resources: {requests: ${small}}}]
`;
  const both = `${deployment}---${scaled('hello')}`;
  await kubectlInput(both, 'apply', `--namespace=${namespace}`, '--filename=-');
  await kubectl(
    'wait',
    `--namespace=${namespace}`,
    '--for=jsonpath={.status.readyReplicas}=3',
    'deployment/hello',
    patience,
  );
});

test('its webhooks refuse two that scale the same', async ({ namespace }) => {
  const add = (name: string, ...args: string[]): Promise<string> =>
    kubectlInput(scaled(name), 'apply', `--namespace=${namespace}`, '--filename=-', ...args);
  await add('one');
  // The webhook sees the first one a moment after the API has it.
  const refused = (): Promise<boolean> =>
    add('two', '--dry-run=server').then(
      () => false,
      (error) => String(error).includes("already managed by the ScaledObject 'one'"),
    );
  await until('a refusal', refused);
});
