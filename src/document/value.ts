import type { Place } from '../problems/problem.ts';

// A document is a tree in which every value and every key knows its place in the text it came from.

export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
}

export interface Entry {
  readonly key: Place;
  readonly value: Value;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly at: Place;
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
  if (parent?.kind === 'list') return parent.items[Number(step)]?.at ?? startOf(parent.at);
  return startOf(root.at);
}

/** An empty place where another begins: a frame of a whole map would say nothing. */
function startOf(place: Place): Place {
  return { ...place, end: place.start };
}
