import { keyPlaceAt, type MapValue, type Path, placeAt, type Value } from '../document/value.ts';
import { exclusiveKeys, missingKey, notYet } from '../problems/model.ts';
import type { Problem } from '../problems/problem.ts';
import { exampleOf } from './check-shape.ts';
import { describePath } from './paths.ts';
import { property, resolve, type SchemaNode } from './schema.ts';

// What the schema says by our own keywords, of the document of one environment.

/** Keys that exclude one another, and keys that are missing once everything is put together. */
export function checkRules(root: MapValue, schema: SchemaNode): Problem[] {
  const problems: Problem[] = [];
  walk(root, schema, schema, [], (map, node, path) => {
    for (const group of node['x-exclusive'] ?? []) {
      const said = group
        .filter((key) => map.entries.has(key))
        .map((key) => ({ key, at: map.entries.get(key)!.key }))
        .sort((a, b) => a.at.start - b.at.start);
      const [first, second] = said;
      if (!first || !second) continue;
      problems.push(exclusiveKeys(second.at, second.key, group, describePath(path), first));
    }
    for (const key of node['x-required'] ?? []) {
      if (map.incomplete || map.entries.has(key)) continue;
      const hint = exampleOf(property(node, key, schema), key);
      problems.push(missingKey(placeAt(root, path), key, describePath(path), hint));
    }
  });
  return problems;
}

/** What a document says that can't be done yet: once for each feature in each map. */
export function findNotYet(root: MapValue, schema: SchemaNode): Problem[] {
  const problems: Problem[] = [];
  walk(root, schema, schema, [], (map, node, path) => {
    const told = new Set<string>();
    for (const [key, { value }] of map.entries) {
      const about = property(node, key, schema);
      const values = about?.['x-not-yet-values'];
      const feature = about?.['x-not-yet'] ?? (value.kind === 'scalar' ? values?.[value.text] : undefined);
      if (!feature || told.has(feature)) continue;
      told.add(feature);
      problems.push(notYet(keyPlaceAt(root, [...path, key]), describePath([...path, key]), feature));
    }
  });
  return problems;
}

type Visit = (map: MapValue, node: SchemaNode, path: Path) => void;

/** Every map with what the schema says of it. */
function walk(value: Value, node: SchemaNode, root: SchemaNode, path: Path, visit: Visit): void {
  const schema = resolve(node, root);
  if (value.kind === 'list') {
    const items = schema.items;
    if (!items) return;
    for (const [index, item] of value.items.entries()) walk(item, items, root, [...path, index], visit);
  } else if (value.kind === 'map') {
    visit(value, schema, path);
    for (const [key, entry] of value.entries) {
      const of = property(schema, key, root);
      if (of) walk(entry.value, of, root, [...path, key], visit);
    }
  }
}
