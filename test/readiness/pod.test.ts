import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { podCause } from '../../src/readiness/pod.ts';

// States as the API of Kubernetes 1.34 with containerd really gave them.

const now = Date.parse('2026-01-01T00:10:00Z');

function pod(status: object, conditions: object[] = []): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', uid: 'u1' },
    spec: {
      containers: [
        { name: 'web', readinessProbe: { initialDelaySeconds: 0, periodSeconds: 5, failureThreshold: 3 } },
      ],
    },
    status: { conditions, containerStatuses: [{ name: 'web', ready: false, restartCount: 0, ...status }] },
  };
}

const terminated = (exitCode: number, more: object = {}) => ({
  terminated: { exitCode, reason: 'Error', ...more },
});
const backOff = {
  waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' },
};

test.each([
  ['a first crash', pod({ state: terminated(3) }), 'crash', false],
  [
    'a crash within the budget',
    pod({ restartCount: 1, state: backOff, lastState: terminated(3) }),
    'crash',
    false,
  ],
  [
    'a crash beyond the budget',
    pod({ restartCount: 2, state: backOff, lastState: terminated(3) }),
    'crash',
    true,
  ],
  [
    'an end without an error',
    pod({ restartCount: 2, state: backOff, lastState: terminated(0) }),
    'exited',
    true,
  ],
  [
    'too much memory',
    pod({ restartCount: 2, state: backOff, lastState: terminated(137, { reason: 'OOMKilled' }) }),
    'out-of-memory',
    true,
  ],
  [
    'a program that is not in the image',
    pod({
      restartCount: 1,
      state: backOff,
      lastState: terminated(128, {
        reason: 'StartError',
        message:
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
      }),
    }),
    'cannot-start',
    true,
  ],
  [
    'an image that is not there',
    pod({
      state: {
        waiting: {
          reason: 'ErrImagePull',
          message:
            'rpc error: code = NotFound desc = failed to pull and unpack image "x/y:9": failed to resolve reference "x/y:9": x/y:9: not found',
        },
      },
    }),
    'image-not-found',
    true,
  ],
  [
    'a registry that wants a login',
    pod({
      state: {
        waiting: {
          reason: 'ImagePullBackOff',
          message:
            'Back-off pulling image "x/y:1": ErrImagePull: failed to authorize: failed to fetch anonymous token: 401 Unauthorized',
        },
      },
    }),
    'image-refused',
    true,
  ],
  [
    'a registry that does not answer',
    pod({ state: { waiting: { reason: 'ErrImagePull', message: 'dial tcp 10.0.0.1:443: i/o timeout' } } }),
    'image-pull',
    false,
  ],
  [
    'an image that runs as root',
    pod({
      state: {
        waiting: {
          reason: 'CreateContainerConfigError',
          message: 'container has runAsNonRoot and image will run as root (pod: "web-1", container: web)',
        },
      },
    }),
    'runs-as-root',
    true,
  ],
  [
    'a secret that is not there',
    pod({ state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } } }),
    'bad-config',
    true,
  ],
  [
    'a cache that is not filled yet',
    pod({
      state: {
        waiting: {
          reason: 'CreateContainerConfigError',
          message: 'failed to sync configmap cache: timed out waiting for the condition',
        },
      },
    }),
    'bad-config',
    false,
  ],
  [
    'no room on any node',
    pod({}, [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/1 nodes: Insufficient cpu.',
      },
    ]),
    'unschedulable',
    false,
  ],
])('%s', (_, given, code, failed) => {
  expect(podCause(given, { events: [] }, now)).toMatchObject({ cause: { code }, failed });
});

const unhealthy = (message: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  reason: 'Unhealthy',
  message,
  lastTimestamp: '2026-01-01T00:09:00Z',
  involvedObject: { uid: 'u1' },
});

test.each([
  ['is waited for while its probes and three minutes allow it', '2026-01-01T00:07:00Z', false],
  ['has failed after that', '2026-01-01T00:06:00Z', true],
])('a program that runs without becoming ready %s', (_, startedAt, failed) => {
  const given = pod({ state: { running: { startedAt } } });
  const events = [unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 503')];
  expect(podCause(given, { events }, now)).toMatchObject({
    cause: { code: 'probe-failing', message: expect.stringContaining('got status 503') },
    failed,
  });
});

test.each([
  ['is said to be made', { state: { waiting: { reason: 'ContainerCreating' } } }],
  ['nothing is said', undefined],
])('a check that has failed is told where of its container still %s', (_, status) => {
  const asked = pod(status ?? {});
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web-1.1', uid: 'e1', resourceVersion: '7' },
    reason: 'Unhealthy',
    message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    involvedObject: { uid: 'u1', fieldPath: 'spec.containers{web}' },
  };
  const told = status ? asked : { ...asked, status: { phase: 'Pending' } };
  expect(podCause(told, { events: [event] }, now)).toMatchObject({
    cause: { code: 'probe-failing', probe: { got: 'status 503' } },
    failed: false,
  });
  expect(podCause(told, { events: [] }, now)).toBe(undefined);
});

test.each([
  ['before it was found to listen, and told of later', '2026-01-01T00:09:00Z', 'probe-failing'],
  ['since', '2026-01-01T00:09:02Z', 'listens-on-localhost'],
])('a check that was refused %s', (_, lastTimestamp, code) => {
  const given = pod({ state: { running: { startedAt: '2026-01-01T00:08:50Z' } } });
  const words = 'Readiness probe failed: dial tcp 10.0.0.1:8080: connect: connection refused';
  const event = { ...unhealthy(words), metadata: { name: 'e', resourceVersion: '8' }, lastTimestamp };
  const listener = { port: 8080, asked: 8080, at: Date.parse('2026-01-01T00:09:01Z'), refusal: '7' };
  const findings = new Map([['u1/web/0', { listener }]]);
  expect(podCause(given, { events: [event], findings }, now)?.cause).toMatchObject({ code });
});

const pull = (reason: string, message: string, count: number) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${reason}.${message.length}` },
  involvedObject: { uid: 'u1' },
  reason,
  message,
  count,
});
const failedPull = (count: number) => pull('Failed', 'Failed to pull image "x/y:1": 401 Unauthorized', count);
const without = (count: number) =>
  pull('FailedToRetrieveImagePullSecret', 'Unable to retrieve some image pull secrets (pull)', count);

test.each([
  ['of which nothing is told yet', [], false],
  ['without the login, which the node did not know yet', [without(1), failedPull(1)], false],
  ['with the login', [failedPull(1)], true],
  ['first without the login, then with it', [without(1), failedPull(2)], true],
  ['without the login, again and again', [without(3), failedPull(3)], true],
])('a pull that is refused, %s', (_, events, failed) => {
  const message = 'failed to pull and unpack image "x/y:1": 401 Unauthorized';
  const given = pod({ state: { waiting: { reason: 'ErrImagePull', message } } });
  const named = { ...given, spec: { ...given.spec, imagePullSecrets: [{ name: 'pull' }] } };
  const error = pull('Failed', 'Error: ErrImagePull', 3);
  expect(podCause(named, { events: [...events, error] }, now)).toMatchObject({
    cause: { code: 'image-refused', class: failed ? 'hopeless' : 'waiting' },
    failed,
  });
  // Without the right to read events nothing of it is known.
  expect(podCause(named, { events: [], unwatched: new Set(['Event']) }, now)).toMatchObject({ failed: true });
});

test('the signal that ended a program is told', () => {
  expect(podCause(pod({ state: terminated(137) }), { events: [] }, now)?.cause).toMatchObject({
    exitCode: 137,
    signal: 9,
  });
});

test.each([
  ['starts', pod({ state: { waiting: { reason: 'ContainerCreating' } } })],
  ['runs, and no probe has failed', pod({ state: { running: { startedAt: '2026-01-01T00:09:59Z' } } })],
  ['is ready, though it was restarted once', pod({ ready: true, restartCount: 5, lastState: terminated(1) })],
])('a program that %s has no cause', (_, given) => {
  expect(podCause(given, { events: [] }, now)).toBeUndefined();
});

test('a pod that is being deleted has no cause: it is not to become ready', () => {
  const given = pod({ state: terminated(1) });
  const ending = { ...given, metadata: { ...given.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(podCause(ending, { events: [] }, now)).toBeUndefined();
});
