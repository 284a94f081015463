import { describeTypes } from './check-shape.ts';
import { property, resolve, type SchemaNode } from './schema.ts';

/** What is to be known of a key of the language. */
export interface KeyDescription {
  /** `*` stands for any name, or any item of a list. */
  readonly path: string;
  /** Other places in which the same key may stand. */
  readonly alsoAt: readonly string[];
  readonly description: string;
  readonly type: string;
  readonly values?: readonly string[];
  readonly range?: { readonly minimum?: number; readonly maximum?: number };
  readonly default?: unknown;
  readonly examples: readonly unknown[];
  readonly required: boolean;
  /** Keys that can't stand beside it. */
  readonly instead: readonly string[];
  /** What is still to come before it can be used. */
  readonly notYet?: string;
  readonly keys: readonly { readonly name: string; readonly description: string }[];
}

interface Spot {
  readonly path: string;
  readonly node: SchemaNode;
  readonly parent: SchemaNode;
  readonly notYet: string | undefined;
}

/**
 * The keys that a person means by `components.*.health.http`, `components.web.health.http`, `health.http` or `http`:
 * those whose path is that, or else ends in it. Keys with the same meaning come as one.
 */
export function describeKeys(asked: string, schema: SchemaNode): KeyDescription[] {
  const steps = asked
    .replaceAll(/\[\d*\]/g, '.*')
    .split('.')
    .filter((step) => step !== '');
  if (steps[0] === 'environments' && ['components', 'services'].includes(steps[2] ?? '')) steps.splice(0, 2);
  const spots = allSpots(schema);
  const fits = (spot: Spot, whole: boolean): boolean => {
    const path = spot.path.split('.');
    if (whole ? path.length !== steps.length : path.length < steps.length || steps.length === 0) return false;
    const end = path.slice(path.length - steps.length);
    return end.every((step, index) => step === steps[index] || step === '*');
  };
  const exact = spots.filter((spot) => fits(spot, true));
  // A name alone is a key's, not that of any component.
  const found =
    exact.length > 0 && steps.at(-1) !== undefined ? exact : spots.filter((spot) => fits(spot, false));
  const named = found.filter(({ path }) => path.endsWith(`.${steps.at(-1)}`) || path === steps.at(-1));
  return merge(named.length > 0 ? named : steps.at(-1) === '*' || steps.length > 1 ? found : [], schema);
}

/** Every key by its last name, and every path: what a misspelt question may have meant. */
export function knownKeys(schema: SchemaNode): string[] {
  const paths = allSpots(schema).map(({ path }) => path);
  return [...new Set([...paths.map((path) => path.split('.').at(-1)!), ...paths])].filter(
    (key) => key !== '*',
  );
}

function merge(spots: readonly Spot[], schema: SchemaNode): KeyDescription[] {
  const groups = new Map<string, Spot[]>();
  for (const spot of spots) {
    const id = JSON.stringify([spot.path.split('.').at(-1), spot.node.description, spot.node.default]);
    groups.set(id, [...(groups.get(id) ?? []), spot]);
  }
  return [...groups.values()].map(([first, ...others]) =>
    describe(
      first!,
      others.map(({ path }) => path),
      schema,
    ),
  );
}

function describe(
  { path, node, parent, notYet }: Spot,
  alsoAt: readonly string[],
  schema: SchemaNode,
): KeyDescription {
  const name = path.split('.').at(-1)!;
  const { minimum, maximum } = node;
  const group = (parent['x-exclusive'] ?? []).filter((keys) => keys.includes(name)).flat();
  const required = [...(parent.required ?? []), ...(parent['x-required'] ?? [])];
  return {
    path,
    alsoAt,
    description: node.description ?? '',
    type: [describeTypes(node), node['x-expected'] && !node.enum ? node['x-expected'] : '']
      .filter(Boolean)
      .join(': '),
    ...(node.enum && { values: node.enum.map(String) }),
    ...((minimum ?? maximum) !== undefined && {
      range: { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) },
    }),
    ...(node.default !== undefined && { default: node.default }),
    examples: node.examples ?? [],
    required: required.includes(name),
    instead: group.filter((key) => key !== name),
    ...(notYet && { notYet }),
    keys: Object.keys(node.properties ?? {}).map((key) => ({
      name: key,
      description: property(node, key, schema)?.description ?? '',
    })),
  };
}

/** Every place of the language; what an environment overlays is told once, as itself. */
function allSpots(schema: SchemaNode): Spot[] {
  const spots: Spot[] = [];
  const visit = (node: SchemaNode, path: string, notYet: string | undefined): void => {
    const children: [string, SchemaNode][] = Object.keys(node.properties ?? {}).map((key) => [
      key,
      property(node, key, schema)!,
    ]);
    if (typeof node.additionalProperties === 'object')
      children.push(['*', resolve(node.additionalProperties, schema)]);
    if (node.items) children.push(['*', resolve(node.items, schema)]);
    for (const [key, child] of children) {
      const at = path === '' ? key : `${path}.${key}`;
      const later = child['x-not-yet'] ?? notYet;
      if (!spots.some((spot) => spot.path === at))
        spots.push({ path: at, node: child, parent: node, notYet: later });
      if (/^environments\.\*\.(components|services)$/.test(at)) continue;
      visit(child, at, later);
    }
  };
  visit(schema, '', undefined);
  return spots;
}
