import type { Value } from '../document/value.ts';
import { badRuntime } from '../problems/catalog.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';

// Reads the values of a runtime.yaml. What isn't as it must be is a problem at its place.

/** The keys that a map may have. */
export type Shape = readonly string[];

/** The values of a map by key. Throws a PaasError at a key that it can't have. */
export function readMap(value: Value, keys: Shape): (key: string) => Value | undefined {
  if (value.kind !== 'map') return fail(badRuntime(value.at, `This is a map of ${keys.join(', ')}.`));
  for (const [key, entry] of value.entries) {
    if (keys.includes(key)) continue;
    const meant = nearest(key, keys);
    const rest = meant ? `Did you mean ${meant}?` : `It may have ${keys.join(', ')}.`;
    fail(badRuntime(entry.key, `${key} can't stand here. ${rest}`));
  }
  return (key) => value.entries.get(key)?.value;
}

/** A value by its reader, where it is said. */
export function read<T>(value: Value, reader: (value: Value) => T): T;
export function read<T>(value: Value | undefined, reader: (value: Value) => T): T | undefined;
export function read<T>(value: Value | undefined, reader: (value: Value) => T): T | undefined {
  return value && reader(value);
}

/** Each item of a list; a value alone is a list of one. */
export function readEach<T>(value: Value | undefined, reader: (value: Value) => T): T[] {
  if (!value) return [];
  return value.kind === 'list' ? value.items.map(reader) : [reader(value)];
}

export function readText(value: Value): string {
  if (value.kind === 'scalar' && value.value !== null) return value.text;
  return fail(badRuntime(value.at, 'This is a text.'));
}

/** A text, or a list of texts. */
export function readTexts(value: Value): readonly string[] {
  return readEach(value, readText);
}

export function readWhole(value: Value): number {
  if (value.kind === 'scalar' && Number.isInteger(value.value)) return value.value as number;
  return fail(badRuntime(value.at, 'This is a whole number.'));
}

export function readTruth(value: Value): boolean {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  return fail(badRuntime(value.at, 'This is true or false.'));
}

/** A regular expression of JavaScript; ^ and $ are the ends of lines. */
export function readPattern(value: Value): RegExp {
  try {
    return new RegExp(readText(value), 'm');
  } catch (error) {
    return fail(badRuntime(value.at, `This is no regular expression: ${(error as Error).message}.`));
  }
}
