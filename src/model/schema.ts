import schema from '../../schemas/paas.schema.json' with { type: 'json' };

/** A node of the schema, as far as this program reads it itself. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly 'x-type'?: string;
}

export const rootSchema: SchemaNode = schema as SchemaNode;

/** The node with its `$ref` followed; keys that stand beside the reference win. */
export function resolve(node: SchemaNode): SchemaNode {
  if (!node.$ref) return node;
  const path = node.$ref.replace(/^#\//, '').split('/');
  const target = path.reduce((at, step) => (at as Record<string, unknown>)[step], rootSchema as unknown);
  const { $ref: _, ...beside } = node;
  return { ...resolve(target as SchemaNode), ...beside };
}

/** What the schema says of a key of an object, or undefined when it may not stand there. */
export function property(node: SchemaNode, key: string): SchemaNode | undefined {
  const known = node.properties?.[key];
  if (known) return resolve(known);
  const other = node.additionalProperties;
  return typeof other === 'object' ? resolve(other) : undefined;
}
