import { expect, test } from 'vitest';
import type { Changes } from '../../src/changes/changes.ts';
import { inventoryAfter, inventoryBefore } from '../../src/deploy/note-inventory.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { everyRef, type Inventory, refKey } from '../../src/releases/inventory.ts';

// At no moment of a deploy may there be an object that the inventory doesn't name.

const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'n' } });
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Service', name, namespace: 'n' });
const entry = (name: string) => ({ ...ref(name), uid: `uid-${name}`, manifest: 'm', fields: 'f' });
const plan = (...names: string[]): Plan => ({
  app: 'a',
  environment: 'e',
  namespace: 'n',
  protected: false,
  phases: [{ name: 'workloads', manifests: names.map(service) }],
  scale: [{ component: 'x', apiVersion: 'apps/v1', kind: 'Deployment', name: 'x', replicas: 3 }],
});
const names = (inventory: Inventory) => everyRef(inventory).map(refKey).sort();
const before: Inventory = { entries: [entry('kept'), entry('gone')], pending: [ref('begun')], scale: {} };
const changes: Changes = {
  apply: [],
  scale: [],
  removeFirst: [],
  removeBefore: {},
  remove: [ref('gone'), ref('begun')],
  keep: [],
};

test('before anything is made, all that may come to be there is named', () => {
  expect(names(inventoryBefore(before, plan('kept', 'new'), changes))).toEqual([
    'service/begun',
    'service/gone',
    'service/kept',
    'service/new',
  ]);
});

test('after the apply, what is still to be removed is named, also what only a broken-off deploy had begun', () => {
  const after = inventoryAfter(before, plan('kept', 'new'), [entry('new')], changes.remove, true);
  expect(names(after)).toEqual(['service/begun', 'service/gone', 'service/kept', 'service/new']);
  expect(after.scale).toEqual({ 'deployment/x': 3 });
});

test('at the end, what the plan has and nothing else', () => {
  expect(names(inventoryAfter(before, plan('kept'), [], [], true))).toEqual(['service/kept']);
});
