import type { SchemaNode } from './schema.ts';

/** The schema as editors get it: what can be said and not done yet says so where an editor shows it. */
export function editorSchema(schema: SchemaNode): SchemaNode {
  return visit(schema) as SchemaNode;
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  if (typeof value !== 'object' || value === null) return value;
  const node = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one)]));
  const { 'x-not-yet': feature, description } = node as SchemaNode;
  if (typeof feature !== 'string' || typeof description !== 'string') return node;
  return { ...node, description: `${description} Not yet: paas can't do it (${feature}).` };
}
