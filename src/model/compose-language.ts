import type { Value } from '../document/value.ts';
import { toPlain } from '../document/value.ts';
import { badFeature } from '../problems/catalog.ts';
import { fail, type Place, type Problem } from '../problems/problem.ts';
import type { Language } from './check-shape.ts';
import { literalTypes } from './literals.ts';
import { rootSchema, type SchemaNode } from './schema.ts';

/** What a feature adds to the language: JSON Schema of keys of a component, by key. */
export interface Fragment {
  readonly feature: string;
  readonly schema: Value;
}

/** The schema of the language with the keys that features add to components. Throws a PaasError. */
export function composeSchema(fragments: readonly Fragment[]): SchemaNode {
  const component = rootSchema.definitions?.component ?? {};
  const added: Record<string, SchemaNode> = {};
  const problems: Problem[] = [];
  for (const { feature, schema } of fragments) {
    if (schema.kind !== 'map') {
      problems.push(
        badFeature(schema.at, 'schema.yaml is a map: keys of a component, and their JSON Schema.'),
      );
      continue;
    }
    for (const [key, entry] of schema.entries) {
      const known = Object.hasOwn(component.properties ?? {}, key) && feature !== key;
      const wrong =
        known || Object.hasOwn(added, key)
          ? `A component has a key ${key} already.`
          : wrongKey(key, entry.value);
      if (wrong) problems.push(badFeature(entry.key, wrong));
      else added[key] = toPlain(entry.value) as SchemaNode;
      problems.push(...unknownTypes(entry.value));
    }
  }
  if (problems.length > 0) fail(...problems);
  const properties = { ...component.properties, ...added };
  return {
    ...rootSchema,
    definitions: { ...rootSchema.definitions, component: { ...component, properties } },
  };
}

/**
 * The language with the keys that features add. Ajv is loaded for it: the built-in language is compiled when the
 * program is built. Throws a PaasError.
 */
export async function composeLanguage(fragments: readonly Fragment[]): Promise<Language> {
  const schema = composeSchema(fragments);
  const { compileSchema } = await import('./compile-schema.ts');
  try {
    return { schema, validate: compileSchema(schema) };
  } catch (error) {
    const at: Place = fragments[0]!.schema.at;
    return fail(
      badFeature({ ...at, end: at.start }, `Its schema can't be used: ${(error as Error).message}`),
    );
  }
}

function wrongKey(key: string, node: Value): string | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(key))
    return `A key has lower-case letters, digits and underscores: ${key} has not.`;
  if (node.kind !== 'map') return `What ${key} may be is said by a JSON Schema: a map.`;
  if (node.entries.get('description')?.value.kind !== 'scalar')
    return `${key} needs a description: people read it in editors and in paas explain.`;
  return undefined;
}

/** Literals are read by a fixed set of types. */
function unknownTypes(node: Value): Problem[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap(unknownTypes);
  return [...node.entries].flatMap(([key, { value }]) => {
    if (key !== 'x-type') return unknownTypes(value);
    const known = value.kind === 'scalar' && literalTypes.includes(value.text);
    return known
      ? []
      : [badFeature(value.at, `There is no such x-type; there is ${literalTypes.join(', ')}.`)];
  });
}
