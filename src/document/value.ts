import type { Place } from '../problems/problem.ts';

// A document is a tree in which every value and every key knows its place in the text it came from.

export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
  /** Something in it was wrong and is left out: what is missing now isn't worth a second problem. */
  readonly incomplete?: true;
}

export interface Entry {
  readonly key: Place;
  readonly value: Value;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly at: Place;
  readonly incomplete?: true;
}

export interface ScalarValue {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** What the person wrote, without quotes: `1.10` is the number 1.1 and the text `1.10`. */
  readonly text: string;
  readonly at: Place;
}

export type Path = readonly (string | number)[];

/** The value as plain data, as `JSON.parse` would give it. */
export function toPlain(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(toPlain);
    case 'map':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
  }
}

/** How many values a tree has, itself included. */
export function countValues(value: Value): number {
  let count = 1;
  if (value.kind === 'list') for (const item of value.items) count += countValues(item);
  else if (value.kind === 'map')
    for (const entry of value.entries.values()) count += countValues(entry.value);
  return count;
}

/** The value at a path, or undefined. */
export function valueAt(root: Value, path: Path): Value | undefined {
  let value: Value | undefined = root;
  for (const step of path) {
    if (value?.kind === 'map') value = value.entries.get(String(step))?.value;
    else if (value?.kind === 'list') value = value.items[Number(step)];
    else return undefined;
  }
  return value;
}

/** The place of what stands at a path; of its nearest ancestor when it isn't there itself. */
export function placeAt(root: Value, path: Path): Place {
  for (let length = path.length; length > 0; length--) {
    const value = valueAt(root, path.slice(0, length));
    if (value) return value.kind === 'scalar' ? value.at : keyPlaceAt(root, path.slice(0, length));
  }
  return startOf(root.at);
}

/** The place of the key that a path ends in; for an item of a list, of the item. */
export function keyPlaceAt(root: Value, path: Path): Place {
  const parent = valueAt(root, path.slice(0, -1));
  const step = path.at(-1);
  if (parent?.kind === 'map') return parent.entries.get(String(step))?.key ?? startOf(parent.at);
  if (parent?.kind === 'list') {
    const item = parent.items[Number(step)];
    return item?.kind === 'scalar' ? item.at : startOf((item ?? parent).at);
  }
  return startOf(root.at);
}

/**
 * A tree without what stands at some paths; the maps and lists that it stood in are marked. The paths lead on from
 * `depth`: a file full of mistakes has ten thousand of them, too many to copy at every level.
 */
export function prune(value: Value, paths: readonly Path[], depth = 0): Value {
  if (paths.length === 0 || value.kind === 'scalar') return value;
  const below = Map.groupBy(
    paths.filter((path) => path.length > depth),
    (path) => String(path[depth]),
  );
  const ends = (path: Path): boolean => path.length === depth + 1;
  let incomplete = value.incomplete;
  const keep = (step: string, child: Value): Value | undefined => {
    const rest = below.get(step);
    if (!rest) return child;
    if (!rest.some(ends)) return prune(child, rest, depth + 1);
    incomplete = true;
    return undefined;
  };
  if (value.kind === 'list') {
    const items = value.items
      .map((item, index) => keep(String(index), item))
      .filter((item) => item !== undefined);
    return { ...value, items, ...(incomplete && { incomplete }) };
  }
  const entries = new Map<string, Entry>();
  for (const [key, entry] of value.entries) {
    const kept = keep(key, entry.value);
    if (kept) entries.set(key, { ...entry, value: kept });
  }
  // What should be there and isn't has a path too.
  if ([...below].some(([key, rest]) => !value.entries.has(key) && rest.some(ends))) {
    incomplete = true;
  }
  return { ...value, entries, ...(incomplete && { incomplete }) };
}

/** An empty place where another begins: a frame of a whole map would say nothing. */
export function startOf(place: Place): Place {
  return { ...place, end: place.start };
}
