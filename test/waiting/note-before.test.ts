import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { deploymentReadiness } from '../../src/readiness/deployment.ts';
import type { Facts } from '../../src/readiness/facts.ts';
import { podCause } from '../../src/readiness/pod.ts';
import { takeNotes } from '../../src/waiting/note-before.ts';

const now = Date.parse('2026-01-01T00:10:00Z');

const pod = (
  restartCount: number,
  state: object = { waiting: { reason: 'CrashLoopBackOff' } },
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', uid: 'p1' },
  spec: { containers: [{ name: 'web', readinessProbe: { periodSeconds: 5, failureThreshold: 3 } }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      { name: 'web', ready: false, restartCount, state, lastState: { terminated: { exitCode: 1 } } },
    ],
  },
});
const facts = (...pods: KubeObject[]): Facts => ({ workloads: [], replicaSets: [], pods, events: [] });
const failed = (one: KubeObject, before: Facts['before']) =>
  podCause(one, { events: [], ...(before && { before }) }, now)?.failed;

test('restarts from before the wait are not counted; one more shows that nothing was mended', () => {
  const { before } = takeNotes(facts(pod(7)));
  expect(failed(pod(7), before)).toBe(false);
  expect(failed(pod(8), before)).toBe(true);
  expect(failed(pod(7), undefined)).toBe(true);
});

test('a first restart before the wait leaves the budget as it is', () => {
  const { before } = takeNotes(facts(pod(1)));
  expect(failed(pod(1), before)).toBe(false);
  expect(failed(pod(2), before)).toBe(true);
});

test('what is forgiven while another component is awaited gives the whole budget again', () => {
  const notes = takeNotes(facts(pod(3)));
  notes.forgive([pod(5)], now);
  expect(failed(pod(6), notes.before)).toBe(false);
  expect(failed(pod(7), notes.before)).toBe(true);
});

const running = { running: { startedAt: '2025-12-31T00:00:00Z' } };

test('a program has its time from when it is first seen running, whatever the clocks say', () => {
  const unhealthy: KubeObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', uid: 'e1', resourceVersion: '1' },
    reason: 'Unhealthy',
    message: 'Readiness probe failed: connection refused',
    involvedObject: { kind: 'Pod', uid: 'p1' },
  };
  const one = pod(0, running);
  const notes = takeNotes(facts(one));
  notes.see(facts(one), now);
  const at = (later: number) =>
    podCause(one, { events: [unhealthy], before: notes.before }, now + later)?.failed;
  expect(at(0)).toBe(false);
  expect(at(195_000)).toBe(false);
  expect(at(195_001)).toBe(true);
  notes.leaveOut(60_000);
  expect(at(195_001)).toBe(false);
});

test('a Deployment that Kubernetes called stuck before is not failed of that', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'd1' },
    status: { replicas: 1, updatedReplicas: 1, conditions },
  };
  const { before } = takeNotes({ ...facts(), workloads: [deployment] });
  const read = (more: Pick<Facts, 'before'>) =>
    deploymentReadiness({ deployment, replicaSets: [], pods: [], events: [], ...more }, now).state;
  expect(read({ before })).toBe('progressing');
  expect(read({})).toBe('failed');
});
