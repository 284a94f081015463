import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDocument } from '../../src/document/parse.ts';
import { readPlatform } from '../../src/model/platform.ts';
import { platformSchema } from '../../src/model/platform-schema.ts';
import { resolve, rootSchema, type SchemaNode } from '../../src/model/schema.ts';
import { checkSource } from '../../src/pipeline/check-file.ts';
import type { Problem } from '../../src/problems/problem.ts';

// Every example and every default of the schemas, put where it stands into a small valid file, and checked as a
// person's file is. What can be said and not done yet is allowed.

type Plain = Record<string, unknown>;
type Steps = readonly string[];

interface Sample {
  readonly path: Steps;
  readonly value: unknown;
}

/** What the examples refer to, so that their names are known. */
const app: Plain = {
  app: 'shop',
  components: {
    web: { image: 'shop', ports: [8080, 9000] },
    'web-next': { image: 'shop', port: 8080 },
    'cache-proxy': { image: 'shop' },
    report: { image: 'shop' },
  },
  services: { db: { type: 'postgresql' }, cache: { type: 'redis' }, queue: { type: 'rabbitmq' } },
};
const platform: Plain = { clusters: { north: { server: 'https://north.example.com:6443' } } };

/** What must stand beside a key for it to mean something, by the end of its path; undefined takes something away. */
const beside: readonly [end: RegExp, keys: (value: unknown) => Plain][] = [
  [/components\.web\.(schedule|run)$/, () => ({ ports: undefined })],
  [/components\.web\.(time_zone|overlap)$/, () => ({ ports: undefined, schedule: '0 3 * * *' })],
  [/components\.web\.(build|package)$/, () => ({ image: undefined })],
  [/\.(readiness|startup|liveness|health)\.(port|delay|interval|timeout|failures)$/, () => ({ http: '/' })],
  [/scaling_policy\.(min_instances|cooldown)$/, () => ({ max_instances: 10, metrics: cpu })],
  [/scaling_policy\.max_instances$/, () => ({ metrics: cpu })],
  [/metrics\.0\.threshold$/, (value) => ({ type: typeOf(String(value)) })],
  [/metrics\.0\.(type|service|queue|topic|consumer|query)$/, () => ({ threshold: '80%' })],
  [/env\.LEVEL\.key$/, () => ({ secret: 'ldap' })],
  [/files\.\/etc\/a\.mode$/, () => ({ file: 'a' })],
  [/^routing\.type$/, () => ({ gateway: 'infra/public' })],
  [/routes\.0\.(?!host|tcp|node_port)\w+$/, () => ({ host: 'shop.example.com' })],
];
const cpu = [{ type: 'cpu', threshold: '80%' }];
const typeOf = (threshold: string): string =>
  threshold.endsWith('%') ? 'cpu' : threshold.endsWith('s') ? 'latency_p99' : 'request_per_second';

describe.each([
  ['paas.yaml', rootSchema, app, checkApp],
  ['platform.yaml', platformSchema, platform, checkPlatform],
] as const)('%s', (_, schema, world, check) => {
  const samples = samplesOf(schema);

  test('there are many', () => expect(samples.length).toBeGreaterThan(schema === rootSchema ? 150 : 40));

  test('every one is valid where it stands', () => {
    const wrong = samples.flatMap((sample) => {
      const text = stringify(fileWith(world, sample, schema));
      return check(text).map(({ message }) => ({
        at: sample.path.join('.'),
        value: sample.value,
        message,
        text,
      }));
    });
    expect(wrong).toEqual([]);
  });
});

function checkApp(text: string): readonly Problem[] {
  return checkSource({ path: 'paas.yaml', text }, undefined).problems;
}

function checkPlatform(text: string): readonly Problem[] {
  const source = { path: 'platform.yaml', text };
  const { root, problems } = parseDocument(source);
  return problems.length > 0 ? problems : readPlatform(root, source).problems;
}

/** The examples and defaults of a schema, each once for each place it can stand in; overlays are as the file is. */
function samplesOf(schema: SchemaNode): Sample[] {
  const samples: Sample[] = [];
  const visit = (node: SchemaNode, path: Steps): void => {
    const {
      examples = [],
      default: own,
      properties = {},
      additionalProperties,
      items,
    } = resolve(node, schema);
    for (const value of own === undefined ? examples : [...examples, own]) samples.push({ path, value });
    if (/^environments\.\w+\.(components|services)$/.test(path.join('.'))) return;
    for (const [key, child] of Object.entries(properties)) visit(child, [...path, key]);
    if (typeof additionalProperties === 'object') visit(additionalProperties, [...path, nameIn(path)]);
    if (items) visit(items, [...path, '0']);
  };
  visit(schema, []);
  return samples;
}

/** A name that may stand in a map of free names. */
function nameIn(path: Steps): string {
  const names: Record<string, string> = {
    components: 'web',
    services: 'db',
    environments: 'staging',
    env: 'LEVEL',
    files: '/etc/a',
    uses: 'db',
    clusters: 'north',
    registries: 'registry.example.com',
    domains: 'apps.example.com',
    defaults: 'production',
  };
  return names[path.at(-1)!] ?? 'one';
}

/** The world with a sample in its place, and what else is needed on the way there. */
function fileWith(world: Plain, { path, value }: Sample, schema: SchemaNode): Plain {
  const file = structuredClone(world);
  let at: Plain = file;
  let node = schema;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    const here = path.slice(0, index + 1).join('.');
    const group = node['x-exclusive']?.find((keys) => keys.includes(step)) ?? [];
    for (const other of group) if (other !== step) delete at[other];
    const next = resolve(
      node.properties?.[step] ?? node.items ?? (node.additionalProperties as SchemaNode),
      schema,
    );
    const made = next.type === 'array' || (Array.isArray(next.type) && path[index + 1] === '0') ? [] : {};
    at[step] = last ? value : { ...made, ...(at[step] as Plain) };
    if (!last && Array.isArray(made)) at[step] = made;
    for (const [end, keys] of beside) {
      if (end.test(here)) for (const [key, one] of Object.entries(keys(value))) set(at, key, one);
    }
    for (const key of [...(node.required ?? []), ...(node['x-required'] ?? [])]) {
      if (!(key in at)) at[key] = resolve(node.properties![key]!, schema).examples?.[0];
    }
    at = at[step] as Plain;
    node = next;
  }
  return file;
}

function set(map: Plain, key: string, value: unknown): void {
  if (value === undefined) delete map[key];
  else map[key] ??= value;
}
