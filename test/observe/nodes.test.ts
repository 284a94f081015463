import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import type { PlannedPod } from '../../src/deploy/pre-flight/pods.ts';
import { checkNodes } from '../../src/observe/doctor/nodes.ts';

const gpu = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
const cordoned = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const busy = { key: 'busy', effect: 'PreferNoSchedule' };

const node = (labels: Record<string, string>, ...taints: object[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels },
  spec: { taints },
  status: { allocatable: { cpu: '2', memory: '4Gi' } },
});

const pod = (spec: object, memory = '1Gi'): PlannedPod => ({
  component: 'web',
  object: 'deployment/web',
  manifest: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
  spec: { containers: [{ name: 'web', resources: { limits: { memory } } }], ...spec },
  instances: 1,
});

test.each<[string, object, KubeObject[], string | undefined]>([
  ['no taint', {}, [node({})], undefined],
  ['one that is only a wish', {}, [node({}, busy)], undefined],
  [
    'one that it does not tolerate',
    {},
    [node({}, gpu)],
    'their taints keep it away: dedicated=gpu:NoSchedule',
  ],
  ['a cordoned node beside an open one', {}, [node({}, cordoned), node({})], undefined],
  [
    'all of them tainted, each otherwise',
    {},
    [node({}, cordoned), node({}, gpu, busy)],
    'their taints keep it away: node.kubernetes.io/unschedulable:NoSchedule, dedicated=gpu:NoSchedule',
  ],
  [
    'one that it tolerates',
    { tolerations: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] },
    [node({}, gpu)],
    undefined,
  ],
  [
    'one of another value',
    { tolerations: [{ key: 'dedicated', value: 'ml' }] },
    [node({}, gpu)],
    'their taints keep it away: dedicated=gpu:NoSchedule',
  ],
  [
    'one that it tolerates whatever its value',
    { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
    [node({}, gpu)],
    undefined,
  ],
  [
    'any, because it tolerates all',
    { tolerations: [{ operator: 'Exists' }] },
    [node({}, gpu, cordoned)],
    undefined,
  ],
  ['no node of its pool', { nodeSelector: { pool: 'a' } }, [node({ pool: 'b' })], 'none has pool=a'],
  [
    'a taint of the only node of its pool',
    { nodeSelector: { pool: 'a' } },
    [node({ pool: 'a' }, gpu), node({})],
    'their taints keep it away: dedicated=gpu:NoSchedule',
  ],
])('%s', (_, spec, nodes, reason) => {
  const problems = checkNodes([pod(spec)], nodes, () => undefined);
  const message = reason && `No node of the cluster can run web: ${reason}.`;
  expect(problems.map((one) => one.message)).toEqual(message ? [message] : []);
});

test('one that is larger than every node', () => {
  const [problem] = checkNodes([pod({}, '8Gi')], [node({}), node({})], () => undefined);
  expect(problem?.message).toContain('one instance asks for more than a whole node has');
});
