import { expect, test } from 'vitest';
import { fieldOf, withoutField } from '../../src/changes/field-path.ts';

const object = {
  metadata: {
    labels: { 'app.kubernetes.io/name': 'web', app: 'x' },
    finalizers: ['example.com/hold', 'other'],
  },
  spec: {
    replicas: 3,
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 80, protocol: 'UDP' },
    ],
    template: { spec: { containers: [{ name: 'web', image: 'a', env: [{ name: 'A', value: '1' }] }] } },
  },
};

test.each([
  ['.spec.replicas', 3],
  ['.metadata.labels.app.kubernetes.io/name', 'web'],
  ['.metadata.labels.app', 'x'],
  ['.spec.template.spec.containers[name="web"].image', 'a'],
  ['.spec.template.spec.containers[name="web"].env[name="A"].value', '1'],
  ['.spec.ports[port=80,protocol="UDP"].protocol', 'UDP'],
  ['.metadata.finalizers[="other"]', 'other'],
  ['.spec.ports[1].protocol', 'UDP'],
])('%s', (field, value) => {
  expect(fieldOf(object, field)).toBe(value);
  const without = withoutField(object, field);
  expect(without).toBeDefined();
  expect(without).not.toEqual(object);
});

test.each([
  '.spec.paused',
  '.spec.template.spec.containers[name="db"].image',
  '.metadata.labels.app.kubernetes.io',
])('%s is not there', (field) => {
  expect(fieldOf(object, field)).toBeUndefined();
  expect(withoutField(object, field)).toBeUndefined();
});

test('an item of a list is taken out of it', () => {
  expect(withoutField(object, '.spec.ports[port=80,protocol="TCP"]')?.spec.ports).toEqual([
    { port: 80, protocol: 'UDP' },
  ]);
});
