import type { Entry, MapValue, Path, Value } from './value.ts';

/** For the map at a path: groups of keys of which at most one may be set. */
export type ExclusiveGroups = (path: Path) => readonly (readonly string[])[];

/**
 * One document laid over another: maps merge, scalars and lists replace, `null` removes, and a key that is one
 * of an exclusive group clears the others of its group. Every value keeps the place where it was written.
 */
export function overlay(base: Value, over: Value, exclusive: ExclusiveGroups, path: Path = []): Value {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map<string, Entry>(base.entries);
  const groups = exclusive(path);
  for (const [key, entry] of over.entries) {
    if (isNull(entry.value)) {
      entries.delete(key);
      continue;
    }
    for (const group of groups) {
      if (group.includes(key)) for (const other of group) if (other !== key) entries.delete(other);
    }
    const below = entries.get(key);
    const value = below
      ? overlay(below.value, entry.value, exclusive, [...path, key])
      : withoutNulls(entry.value);
    entries.set(key, { key: below && value.kind === 'map' ? below.key : entry.key, value });
  }
  return { ...base, entries, ...(over.incomplete && { incomplete: true }) };
}

/** A map without the keys that an overlay removes (`null`), at every depth. */
export function withoutNulls(value: Value): Value {
  if (value.kind !== 'map') return value;
  const entries = [...value.entries]
    .filter(([, entry]) => !isNull(entry.value))
    .map(([key, entry]): [string, Entry] => [key, { ...entry, value: withoutNulls(entry.value) }]);
  return { ...value, entries: new Map(entries) };
}

/** A map without some of its keys. */
export function without(value: MapValue, keys: readonly string[]): MapValue {
  return { ...value, entries: new Map([...value.entries].filter(([key]) => !keys.includes(key))) };
}

function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}
