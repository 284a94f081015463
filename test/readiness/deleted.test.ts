import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import { workloadReadiness } from '../../src/readiness/workload.ts';

const read = (kind: string, status: object, metadata: object = {}) => {
  const workload = {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: 'web', uid: 'w1', generation: 1, ...metadata },
    spec: { replicas: 1 },
    status: { observedGeneration: 1, ...status },
  } as KubeObject;
  const facts = { workloads: [workload], replicaSets: [], pods: [], events: [] };
  return workloadReadiness({ component: 'web', kind, name: 'web', replicas: 1 }, facts, 0);
};
const deletionTimestamp = '2026-01-01T00:00:00Z';
const serves = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };

test('what is being deleted is not ready, however well it still serves', () => {
  expect(read('Deployment', serves).state).toBe('ready');
  expect(read('Deployment', serves, { deletionTimestamp })).toMatchObject({
    state: 'progressing',
    ready: 1,
    message: 'is being deleted',
    cause: { code: 'object-deleted', class: 'waiting', object: 'deployment/web' },
  });
});

test('a job that has ended counts as ended while it is removed; one that runs does not', () => {
  const ended = { conditions: [{ type: 'Complete', status: 'True' }] };
  expect(read('Job', ended, { deletionTimestamp }).state).toBe('ready');
  expect(read('Job', {}, { deletionTimestamp }).cause?.code).toBe('object-deleted');
});
