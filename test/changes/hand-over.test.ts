import { describe, expect, test } from 'vitest';
import { askedNumbers, leavingAutoscalers, scaleChanges } from '../../src/changes/hand-over.ts';
import type { KubeObject } from '../../src/cluster/cluster.ts';
import type { Plan, Scale } from '../../src/plan/plan.ts';
import { emptyInventory } from '../../src/releases/inventory.ts';

// Whose the number of instances is. What comes of it on a cluster: test/e2e/scaling.test.ts.

const planOf = (replicas: number, bounds?: [min: number, max: number]): Plan => {
  const scale: Scale = { component: 'web', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', replicas };
  const [min, max] = bounds ?? [0, 0];
  const autoscaler = { kind: 'HorizontalPodAutoscaler', name: 'web', min, max };
  return {
    app: 'shop',
    environment: 'default',
    namespace: 'n',
    protected: false,
    phases: [],
    scale: [{ ...scale, ...(bounds && { autoscaler }) }],
  };
};
const written = (plan: Plan, asked: number | undefined, live: number | undefined): unknown => {
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: live },
  };
  const objects = new Map<string, KubeObject>(live === undefined ? [] : [['deployment/web', workload]]);
  const inventory = { ...emptyInventory, scale: asked === undefined ? {} : { 'deployment/web': asked } };
  return scaleChanges(plan, inventory, objects).map(({ scale, before }) => [before, scale.replicas]);
};

describe('the number that is written', () => {
  const scaled = planOf(2, [2, 10]);
  const sleeping = planOf(1, [0, 10]);
  test.each([
    ['new: the number of the file', planOf(5), undefined, undefined, [[undefined, 5]]],
    ['the file says the same: none, whatever there are', planOf(5), 5, 7, []],
    ['the file says another', planOf(6), 5, 5, [[5, 6]]],
    ['nothing is noted of it: written, the same too', planOf(5), undefined, 5, [[5, 5]]],
    ['new and scaled: the minimum', scaled, undefined, undefined, [[undefined, 2]]],
    ['handed over to an autoscaler: what there are', scaled, 5, 5, []],
    ['handed over with fewer than the minimum: lifted', scaled, 1, 1, [[1, 2]]],
    ['scaled: the autoscaler’s own, also below', scaled, undefined, 1, []],
    ['scaled and at 0, where nothing would wake it', scaled, undefined, 0, [[0, 2]]],
    ['asleep by its policy: it sleeps on', sleeping, undefined, 0, []],
    ['back: the number of the file, also where it was the same before', planOf(5), undefined, 8, [[8, 5]]],
  ])('%s', (_, plan, asked, live, expected) => expect(written(plan, asked, live)).toEqual(expected));

  test('a number by hand comes back where it was lost, and is not written again where it is there', () => {
    const manual = { replicas: 5, asked: 2, by: 'ann', at: '2026-01-01T00:00:00Z' };
    const lost = (live: number): unknown => {
      const metadata = { name: 'web' };
      const workload = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: live } };
      const objects = new Map<string, KubeObject>([['deployment/web', workload]]);
      return scaleChanges(planOf(2), emptyInventory, objects, { 'deployment/web': manual }).map(
        ({ scale }) => scale.replicas,
      );
    };
    expect([lost(1), lost(5)]).toEqual([[5], []]);
  });

  test("an autoscaler's is not noted as asked for", () => {
    expect(askedNumbers(scaled)).toEqual({});
    expect(askedNumbers(planOf(5))).toEqual({ 'deployment/web': 5 });
  });
});

describe('an autoscaler that goes', () => {
  const leaving = (kind: string, target: string): KubeObject => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: target },
    spec: { scaleTargetRef: { kind: 'Deployment', name: target } },
  });
  const names = (plan: Plan, object: KubeObject): unknown => {
    const { workloads = [], autoscalers = [] } = leavingAutoscalers(plan, [object]);
    return [workloads.map(({ kind }) => kind), autoscalers.map(({ kind }) => kind)];
  };
  test.each([
    [
      'is gone before a fixed number is written',
      planOf(5),
      leaving('ScaledObject', 'web'),
      [['ScaledObject'], []],
    ],
    [
      'makes way right before another',
      planOf(2, [2, 9]),
      leaving('ScaledObject', 'web'),
      [[], ['ScaledObject']],
    ],
    ['is gone before its workload', planOf(5), leaving('ScaledObject', 'old'), [['ScaledObject'], []]],
    ['is nothing else', planOf(5), leaving('Service', 'web'), [[], []]],
  ])('%s', (_, plan, object, expected) => expect(names(plan, object)).toEqual(expected));
});

test('a number by hand holds where the inventory was lost, and for a workload that is made again', () => {
  const plan = planOf(2);
  const numbers = { 'deployment/web': { replicas: 5, asked: 2, by: 'a@b', at: '' } };
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 5 },
  };
  const live = new Map<string, KubeObject>([['deployment/web', workload]]);
  const changes = (asked: Plan, there: typeof live) => scaleChanges(asked, emptyInventory, there, numbers);
  expect(changes(plan, live)).toEqual([]);
  expect(changes(plan, new Map()).map(({ scale }) => scale.replicas)).toEqual([5]);
  // The file asks for another number: that one holds.
  expect(changes(planOf(3), live).map(({ scale }) => scale.replicas)).toEqual([3]);
  expect(changes(planOf(3), new Map()).map(({ scale }) => scale.replicas)).toEqual([3]);
});
