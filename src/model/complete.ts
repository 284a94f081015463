import type { Path, Value } from '../document/value.ts';
import { mostProblems } from '../problems/limit.ts';
import { wrongValue } from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import { LiteralError, readLiteral } from './literals.ts';
import { describePath } from './paths.ts';
import { property, resolve, type SchemaNode } from './schema.ts';

/**
 * A value of the right shape as plain data: literals in their normal form, defaults filled in.
 * What can't be read is added to `problems`, and left out.
 */
export function complete(
  value: Value,
  node: SchemaNode,
  root: SchemaNode,
  path: Path,
  problems: Problem[],
): unknown {
  const schema = resolve(node, root);
  if (value.kind === 'list') {
    const items = schema.items ?? {};
    return value.items.map((item, index) => complete(item, items, root, [...path, index], problems));
  }
  if (value.kind === 'map') {
    const plain = new Map<string, unknown>();
    for (const [key, entry] of value.entries) {
      const of = property(schema, key, root);
      if (of) plain.set(key, complete(entry.value, of, root, [...path, key], problems));
    }
    return withDefaults(plain, schema, root);
  }
  if (!schema['x-type'] || value.value === null) return value.value;
  try {
    return readLiteral(schema['x-type'], value.text);
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    // What nobody is going to read must not take long to find.
    const meant = problems.length < mostProblems ? error.meant : undefined;
    const how = { hint: meant ? `Did you mean ${meant}?` : error.hint };
    problems.push(wrongValue(value.at, describePath(path), error.message, how));
    return undefined;
  }
}

function withDefaults(
  plain: Map<string, unknown>,
  schema: SchemaNode,
  root: SchemaNode,
): Record<string, unknown> {
  for (const [key, value] of defaultsOf(schema, root)) if (!plain.has(key)) plain.set(key, value);
  // Not by assignment: a variable may be called __proto__.
  return Object.fromEntries(plain);
}

/** The defaults of a map's keys. They are asked for again for every map of a file. */
function defaultsOf(schema: SchemaNode, root: SchemaNode): readonly (readonly [string, unknown])[] {
  const known = readDefaults.get(schema);
  if (known) return known;
  const defaults = Object.entries(schema.properties ?? {})
    .map(([key, node]) => [key, resolve(node, root)] as const)
    .filter(([, of]) => of.default !== undefined)
    .map(([key, of]) => [key, defaultOf(of, root)] as const);
  readDefaults.set(schema, defaults);
  return defaults;
}

const readDefaults = new WeakMap<SchemaNode, readonly (readonly [string, unknown])[]>();

/** Defaults are written as a person would write them, and read in the same way. */
function defaultOf(schema: SchemaNode, root: SchemaNode): unknown {
  const written = schema.default;
  if (Array.isArray(written)) return written;
  if (typeof written === 'object' && written !== null) {
    return withDefaults(new Map(Object.entries(written)), schema, root);
  }
  return schema['x-type'] ? readLiteral(schema['x-type'], String(written)) : written;
}
