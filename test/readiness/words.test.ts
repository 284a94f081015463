import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { describeExit } from '../../src/readiness/ended-container.ts';
import { whenNothingChanges, whileWaitingFor } from '../../src/readiness/judge.ts';
import { describeRefusal } from '../../src/readiness/refused.ts';
import { unschedulable } from '../../src/readiness/unschedulable.ts';
import { describeWaiting } from '../../src/readiness/waiting-container.ts';

// What Kubernetes and containerd say, and what is made of it.

const at = { pod: 'web-1', container: 'web' };

const unplaced = (message: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1' },
  spec: { containers: [{ name: 'web', resources: { requests: { cpu: '4', memory: '1Gi' } } }] },
  status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] },
});

test.each([
  [
    '0/3 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
    "None of 3 nodes takes it: 1 has a taint that it doesn't tolerate (gpu: true), 2 have too little cpu free for the 4 that it asks for.",
  ],
  [
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
    "The only node doesn't take it: it is not of the pool that it asks for.",
  ],
  [
    '0/5 nodes are available: 2 Insufficient memory, 3 node(s) had volume node affinity conflict.',
    "None of 5 nodes takes it: 2 have too little memory free for the 1Gi that it asks for, 3 can't reach its volume.",
  ],
  [
    "0/4 nodes are available: 4 node(s) didn't match pod anti-affinity rules. preemption: none.",
    'None of 4 nodes takes it: 4 have an instance already that it may not be beside.',
  ],
  ['0/2 nodes are available: 2 something new.', 'None of 2 nodes takes it: 2 something new.'],
  ['running PreBind plugin failed', 'No node takes it: running PreBind plugin failed'],
])('the scheduler: %s', (words, said) => {
  expect(unschedulable(unplaced(words))?.message).toBe(said);
});

test.each([
  [
    'pods "web-1" is forbidden: exceeded quota: few, requested: limits.memory=32Mi, used: limits.memory=1Gi, limited: limits.memory=1Gi',
    'quota',
    'waiting',
    "The namespace's quota few has no room: asked for limits.memory=32Mi, used limits.memory=1Gi of limits.memory=1Gi.",
  ],
  [
    'pods "web-1" is forbidden: maximum memory usage per Container is 16Mi, but limit is 32Mi',
    'limit-range',
    'hopeless',
    'The namespace limits how large an instance may be: maximum memory usage per Container is 16Mi, but limit is 32Mi.',
  ],
  [
    'create Pod web-0 in StatefulSet web failed error: pods "web-0" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
    'admission-refused',
    'hopeless',
    "The namespace's pod security (restricted:latest) refuses it: runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false).",
  ],
  [
    'admission webhook "validate.kyverno.svc-fail" denied the request: images must come from our registry',
    'admission-refused',
    'hopeless',
    'The admission webhook validate.kyverno.svc-fail refuses it: images must come from our registry.',
  ],
  [
    "pods \"web-1\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: no latest tags",
    'admission-refused',
    'hopeless',
    'The policy no-latest refuses it: no latest tags.',
  ],
  [
    'Internal error occurred: failed calling webhook "x.example.com": Post "https://x": dial tcp: connection refused',
    'admission-unreachable',
    'waiting',
    expect.stringContaining("doesn't answer"),
  ],
  [
    'pods "web-1" is forbidden: unable to create new content in namespace shop because it is being terminated',
    'namespace-ending',
    'hopeless',
    'Its namespace is being deleted.',
  ],
])('the API refuses instances: %s', (words, code, kind, message) => {
  expect(describeRefusal(words)).toMatchObject({ code, class: kind, message });
});

test.each([
  ['ErrImagePull', 'no match for platform in manifest sha256:1: not found', 'wrong-architecture'],
  ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', 'pull-rate-limited'],
  ['ErrImagePull', 'unexpected status code [manifests 1.0]: 429 Too Many Requests', 'pull-rate-limited'],
  [
    'ErrImagePull',
    'pull access denied, repository does not exist or may require authorization',
    'image-refused',
  ],
  ['ErrImagePull', 'failed to resolve reference "x": x: not found', 'image-not-found'],
  ['ErrImagePull', 'dial tcp: i/o timeout', 'image-pull'],
  ['ErrImageNeverPull', '', 'image-not-found'],
  ['CreateContainerError', 'exec format error', 'wrong-architecture'],
  ['RunContainerError', 'exec: "/x": permission denied: unknown', 'cannot-start'],
  ['ContainerCreating', '', undefined],
])('a container waits: %s %s', (reason, message, code) => {
  expect(describeWaiting({ reason, message }, at, undefined)?.code).toBe(code);
});

const ended = { exitCode: 1, reason: 'Error' };
const status = { name: 'web', ready: false, restartCount: 0, state: { terminated: ended } };
const locked = {
  name: 'web',
  securityContext: { readOnlyRootFilesystem: true },
  volumeMounts: [{ mountPath: '/etc/shop' }],
};

test.each([
  ['open /var/cache/x: read-only file system', locked, 'read-only-root'],
  ["OSError: [Errno 30] Read-only file system: '/app/tmp'", locked, 'read-only-root'],
  ['open /etc/shop/shop.yml: read-only file system', locked, 'crash'],
  ['Read-only file system', locked, 'crash'],
  ['open /var/cache/x: read-only file system', { name: 'web' }, 'crash'],
  ['exec /app: exec format error', locked, 'wrong-architecture'],
])('last words: %s', (line, spec, code) => {
  expect(describeExit(ended, status, at, spec, ['starting', line]).code).toBe(code);
});

const waiting = { state: 'failed' as const, ready: 0, wanted: 1, message: 'x' };

test('what waits for another component has not failed, but for what waiting cannot mend', () => {
  const crash = { ...waiting, cause: { code: 'crash', class: 'budgeted' as const, message: 'It crashed.' } };
  expect(whileWaitingFor(crash, ['db'])).toMatchObject({
    state: 'progressing',
    cause: { code: 'uses-not-ready', message: expect.stringContaining('It crashed.') },
  });
  expect(whileWaitingFor(crash, [])).toBe(crash);
  const hopeless = { ...waiting, cause: { ...crash.cause, class: 'hopeless' as const } };
  expect(whileWaitingFor(hopeless, ['db'])).toBe(hopeless);
});

test('of what nothing changes the cause is a failure after the longest allowance and five minutes', () => {
  const probe = { initialDelaySeconds: 10, periodSeconds: 5, failureThreshold: 4 };
  const pod = {
    ...unplaced(''),
    spec: { containers: [{ name: 'web', readinessProbe: probe, startupProbe: probe }] },
  };
  const cause = { code: 'unschedulable', class: 'waiting' as const, message: 'No room.' };
  const readiness = { ...waiting, state: 'progressing' as const, cause };
  expect(whenNothingChanges(readiness, [pod], 360_000).state).toBe('progressing');
  expect(whenNothingChanges(readiness, [pod], 360_001).state).toBe('failed');
  const pull = { ...readiness, cause: { ...cause, code: 'image-pull' } };
  expect(whenNothingChanges(pull, [pod], 999_999).state).toBe('progressing');
});
