import { expect, test } from 'vitest';
import { nodeAt, resolve, rootSchema, type SchemaNode } from '../../src/model/schema.ts';

test('keys of features are known in the language that has them, whichever was looked at before', () => {
  const { definitions } = rootSchema;
  const component = definitions!.component!;
  const extended: SchemaNode = {
    ...rootSchema,
    definitions: {
      ...definitions,
      component: { ...component, properties: { ...component.properties, contact: { description: 'Who' } } },
    },
  };
  const path = ['components', 'web', 'contact'];
  expect(nodeAt(path)).toBeUndefined();
  expect(nodeAt(path, extended)).toEqual({ description: 'Who' });
  expect(nodeAt(path)).toBeUndefined();
  // It is worked out once for each.
  const node = { $ref: '#/definitions/component' };
  expect(resolve(node, extended)).toBe(resolve(node, extended));
});
