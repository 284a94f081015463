import type { Entry, MapValue, ScalarValue, Value } from '../document/value.ts';
import type { Place } from '../problems/problem.ts';
import { property, resolve, type SchemaNode } from './schema.ts';

/** The short forms of the language and what each stands for. The one table of them. */
const shorthands: Readonly<Record<string, (value: Value) => Value>> = {
  /** `build: .` */
  build: keyed('context'),
  /** `ports: [8080]` */
  port: keyed('port'),
  /** `files: {/etc/app.yml: config/app.yml}` */
  file: keyed('file'),
  /** `retries: 2` */
  retries: keyed('attempts'),
  /** `load_balancing: random` */
  load_balancing: keyed('policy'),
  /** `env: {LEVEL: info}` stays as it is: a scalar is a value, a map says where it comes from. */
  env: (value) => value,
  /** `uses: [db]` */
  uses: (value) =>
    value.kind === 'list'
      ? map(
          value.at,
          value.items.filter(isText).map((item) => [item.text, map(item.at, []), item.at]),
        )
      : value,
  /** `routes: [shop.example.com/api]` */
  route: (value) => (isText(value) ? route(value) : value),
};

/** The document with every short form written out; each value keeps its place. */
export function writeOut(value: Value, node: SchemaNode, root: SchemaNode): Value {
  const schema = resolve(node, root);
  const form = schema['x-shorthand'];
  const whole = form ? (shorthands[form]?.(value) ?? value) : value;
  if (whole.kind === 'list') {
    if (!schema.items) return whole;
    const items = schema.items;
    return { ...whole, items: whole.items.map((item) => writeOut(item, items, root)) };
  }
  if (whole.kind === 'scalar') return whole;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of whole.entries) {
    const of = property(schema, key, root);
    entries.set(key, of ? { ...entry, value: writeOut(entry.value, of, root) } : entry);
  }
  return { ...whole, entries };
}

function keyed(key: string): (value: Value) => Value {
  return (value) => (value.kind === 'scalar' ? map(value.at, [[key, value, value.at]]) : value);
}

function route(value: ScalarValue): Value {
  const slash = value.text.indexOf('/');
  if (slash < 0 || value.text.includes('://')) return map(value.at, [['host', value, value.at]]);
  const part = (text: string): ScalarValue => ({ ...value, value: text, text });
  return map(value.at, [
    ['host', part(value.text.slice(0, slash)), value.at],
    ['path', part(value.text.slice(slash)), value.at],
  ]);
}

function map(at: Place, entries: readonly (readonly [string, Value, Place])[]): MapValue {
  return {
    kind: 'map',
    at,
    entries: new Map(entries.map(([key, value, place]) => [key, { key: place, value }])),
  };
}

function isText(value: Value): value is ScalarValue {
  return value.kind === 'scalar' && typeof value.value === 'string';
}
