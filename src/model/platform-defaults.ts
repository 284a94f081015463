import { type Entry, type MapValue, valueAt } from '../document/value.ts';
import { property, type SchemaNode } from './schema.ts';

// What a platform says for an environment lies under what the app says: the app's own word wins. Its values keep their
// place in the platform's file, so that a problem with one points there.

/** Keys that a component gets where it says neither them nor one that excludes them. */
const componentKeys = ['instances', 'units'];

/** What ends by itself isn't counted. */
const jobKeys = ['run', 'schedule'];

/** The defaults of an environment: its own, else those of all others. */
export function platformDefaults(platform: MapValue, environment: string): MapValue | undefined {
  const own = valueAt(platform, ['defaults', environment]) ?? valueAt(platform, ['defaults', '*']);
  return own?.kind === 'map' ? own : undefined;
}

/** The document of an environment with what the platform says for each of its components. */
export function withPlatformDefaults(
  document: MapValue,
  defaults: MapValue | undefined,
  schema: SchemaNode,
): MapValue {
  const components = document.entries.get('components');
  if (!defaults || components?.value.kind !== 'map') return document;
  const node = property(property(schema, 'components', schema) ?? {}, '*', schema) ?? {};
  const filled = [...components.value.entries].map(([name, entry]): [string, Entry] => {
    if (entry.value.kind !== 'map') return [name, entry];
    return [name, { ...entry, value: withDefaults(entry.value, defaults, node) }];
  });
  const value: MapValue = { ...components.value, entries: new Map(filled) };
  return { ...document, entries: new Map(document.entries).set('components', { ...components, value }) };
}

function withDefaults(component: MapValue, defaults: MapValue, node: SchemaNode): MapValue {
  const entries = new Map(component.entries);
  for (const key of componentKeys) {
    const entry = defaults.entries.get(key);
    const group = node['x-exclusive']?.find((keys) => keys.includes(key)) ?? [key];
    const said = group.some((one) => component.entries.has(one));
    const job = key === 'instances' && jobKeys.some((one) => component.entries.has(one));
    if (entry && !said && !job) entries.set(key, entry);
  }
  return { ...component, entries };
}
