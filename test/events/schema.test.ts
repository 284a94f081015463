import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventSchemas, eventsSchema } from '../../src/terminal/event-schema.ts';
import { paas, root } from '../support/paas.ts';

const published = `${JSON.stringify(eventsSchema(), null, 2)}\n`;

test('the published schema is that of the program, and `paas schema events` prints it', async () => {
  await expect(published).toMatchFileSnapshot(join(root, 'schemas/events.schema.json'));
  const printed = await paas(['schema', 'events'], { cwd: root });
  expect([printed.code, printed.stdout]).toEqual([0, published.trimEnd()]);
});

test('every field says what it is, and names are snake_case', () => {
  const look = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties = {}, items } = schema as { properties?: object; items?: unknown };
    for (const [name, field] of Object.entries(properties)) {
      expect.soft(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect.soft((field as { description?: string }).description, `${path}.${name}`).toMatch(/^[A-Z].+\.$/);
      look(field, `${path}.${name}`);
    }
    look(items, `${path}[]`);
  };
  for (const [type, schema] of Object.entries(eventSchemas)) {
    expect.soft(type).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect.soft(schema.description).toMatch(/^[A-Z].+\.$/);
    look(schema, type);
  }
});
