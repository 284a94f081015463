import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { deploymentReadiness } from '../../src/readiness/deployment.ts';

const now = Date.parse('2026-01-01T00:10:00Z');

function deployment(status: object, spec: object = { replicas: 2 }): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      uid: 'd1',
      generation: 2,
      annotations: { 'deployment.kubernetes.io/revision': '2' },
    },
    spec,
    status: { observedGeneration: 2, ...status },
  };
}

const replicaSet = (uid: string, revision: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: uid,
    uid,
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'd1', controller: true }],
  },
});

const crashing = (name: string, owner: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: name, ownerReferences: [{ kind: 'ReplicaSet', name: owner, uid: owner }] },
  spec: { containers: [{ name: 'web' }] },
  status: {
    containerStatuses: [
      {
        name: 'web',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1 } },
      },
    ],
  },
});

function read(of: KubeObject, pods: KubeObject[] = [], available?: number) {
  const newest = replicaSet('new', '2');
  const status = { availableReplicas: available };
  const replicaSets = [replicaSet('old', '1'), available === undefined ? newest : { ...newest, status }];
  return deploymentReadiness({ deployment: of, replicaSets, pods, events: [] }, now);
}

const whole = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

test('ready: every instance is of the newest revision and available, and no old one is left', () => {
  expect(read(deployment(whole))).toMatchObject({ state: 'ready', ready: 2, wanted: 2 });
});

test.each([
  ['what was applied has not been noticed yet', { ...whole, observedGeneration: 1 }, 2],
  ['an instance is not started', { ...whole, updatedReplicas: 1 }, 1],
  ['an instance is not available', { ...whole, availableReplicas: 1 }, 1],
  ['an old instance is still there', { ...whole, replicas: 3 }, 2],
])('not ready while %s', (_, status, ready) => {
  expect(read(deployment(status), [], ready)).toMatchObject({ state: 'progressing', ready });
});

test('an old instance that serves is not taken for a new one', () => {
  const status = { replicas: 2, updatedReplicas: 1, availableReplicas: 1 };
  expect(read(deployment(status, { replicas: 1 }), [], 0)).toMatchObject({ state: 'progressing', ready: 0 });
  expect(read(deployment(status, { replicas: 1 }), [crashing('p', 'new')], 0)).toMatchObject({
    state: 'failed',
  });
});

test('nothing asked for is ready', () => {
  expect(read(deployment({}, { replicas: 0 }))).toMatchObject({ state: 'ready', wanted: 0 });
});

test('a new instance that crashes fails it; an old one that crashes does not', () => {
  const status = { ...whole, updatedReplicas: 1, availableReplicas: 1 };
  expect(read(deployment(status), [crashing('p', 'new')])).toMatchObject({
    state: 'failed',
    cause: { code: 'crash' },
  });
  expect(read(deployment(status), [crashing('p', 'old')])).toMatchObject({ state: 'progressing' });
});

test("instances that a quota refuses are waited for; an older revision's refusal says nothing", () => {
  const message =
    'pods "web-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3';
  const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
  const refused = (uid: string, revision: string) => ({
    ...replicaSet(uid, revision),
    status: { conditions },
  });
  const of = deployment({ replicas: 0, conditions });
  const facts = { deployment: of, pods: [], events: [] };
  expect(
    deploymentReadiness({ ...facts, replicaSets: [replicaSet('old', '1'), refused('new', '2')] }, now),
  ).toMatchObject({
    state: 'progressing',
    cause: { code: 'quota', class: 'waiting', message: expect.stringContaining('small') },
  });
  const stale = deploymentReadiness(
    { ...facts, replicaSets: [refused('old', '1'), replicaSet('new', '2')] },
    now,
  );
  expect(stale.cause).toBeUndefined();
});

test('what Kubernetes itself calls stuck has failed', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  expect(read(deployment({ ...whole, availableReplicas: 0, conditions }))).toMatchObject({ state: 'failed' });
});
