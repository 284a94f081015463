import schema from '../../schemas/paas.schema.json' with { type: 'json' };

/** A node of a schema, as far as this program reads it itself. The `x-` keywords are our own. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** How the text of a scalar is read (`literals.ts`). */
  readonly 'x-type'?: string;
  /** How a short form becomes the map that it stands for (`shorthands.ts`). */
  readonly 'x-shorthand'?: string;
  /** Groups of keys of which at most one may be set. */
  readonly 'x-exclusive'?: readonly (readonly string[])[];
  /** Keys that must be there once the environment's overlay is laid over the file. */
  readonly 'x-required'?: readonly string[];
  /** What a value must look like, in words, where a pattern says it. */
  readonly 'x-expected'?: string;
  /** It can be said, but what it asks for isn't built yet: the name of that feature. */
  readonly 'x-not-yet'?: string;
  /** The same of some of its values. */
  readonly 'x-not-yet-values'?: Readonly<Record<string, string>>;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

export const rootSchema: SchemaNode = schema as SchemaNode;

/** The node with its `$ref` followed within its schema; keys that stand beside the reference win. */
export function resolve(node: SchemaNode, root: SchemaNode = rootSchema): SchemaNode {
  if (!node.$ref) return node;
  const within = resolved.get(root) ?? new WeakMap<SchemaNode, SchemaNode>();
  resolved.set(root, within);
  const known = within.get(node);
  if (known) return known;
  const path = node.$ref.replace(/^#\//, '').split('/');
  const target = path.reduce((at, step) => (at as Record<string, unknown>)[step], root as unknown);
  const { $ref: _, ...beside } = node;
  const whole = { ...resolve(target as SchemaNode, root), ...beside };
  within.set(node, whole);
  return whole;
}

/** By the schema, too: one with the keys of features has nodes in common with the built-in one, and they mean others. */
const resolved = new WeakMap<SchemaNode, WeakMap<SchemaNode, SchemaNode>>();

/** What the schema says of a key of an object, or undefined when it may not stand there. */
export function property(
  node: SchemaNode,
  key: string,
  root: SchemaNode = rootSchema,
): SchemaNode | undefined {
  const { properties, additionalProperties: other } = node;
  if (properties && Object.hasOwn(properties, key)) return resolve(properties[key]!, root);
  return typeof other === 'object' ? resolve(other, root) : undefined;
}

/** The node that describes what stands at a path, or undefined where nothing may stand. */
export function nodeAt(
  path: readonly (string | number)[],
  root: SchemaNode = rootSchema,
): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  for (const step of path) {
    if (!node) return undefined;
    const ofItem: boolean = node.items !== undefined && /^\d+$/.test(String(step));
    node = ofItem ? resolve(node.items!, root) : property(node, String(step), root);
  }
  return node;
}
