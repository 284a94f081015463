import { overlay, without, withoutNulls } from '../document/overlay.ts';
import { type Entry, type MapValue, type Path, startOf, type Value, valueAt } from '../document/value.ts';
import { environmentNeeded, unknownEnvironment } from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';
import { nodeAt } from './schema.ts';

/** The environment of a file that names none. */
export const defaultEnvironment = 'default';

/** Keys of an environment that are its own, not an overlay of the file. */
export const ownKeys = ['cluster', 'namespace', 'protected'];

/** Keys of which at most one may be set in the map at a path. */
export function exclusiveGroups(path: Path): readonly (readonly string[])[] {
  return nodeAt(path)?.['x-exclusive'] ?? [];
}

/** The environments that a file has. */
export function environmentNames(root: MapValue): readonly string[] {
  const environments = valueAt(root, ['environments']);
  const names = environments?.kind === 'map' ? [...environments.entries.keys()] : [];
  return names.length > 0 ? names : [defaultEnvironment];
}

/** Which environment is meant: the one that is asked for, else the only one. */
export function chooseEnvironment(known: readonly string[], asked: string | undefined): string {
  if (asked !== undefined) {
    return known.includes(asked) ? asked : fail(unknownEnvironment(asked, [...known], nearest(asked, known)));
  }
  return known.length === 1 ? known[0]! : fail(environmentNeeded([...known]));
}

/**
 * The document of one environment: its overlay laid over the rest of the file, `environments` taken out; and over both
 * what the command line says.
 */
export function forEnvironment(root: MapValue, environment: string, over?: MapValue): MapValue {
  const rest = without(root, ['environments']);
  const own = valueAt(root, ['environments', environment]);
  const layers = [...(own?.kind === 'map' ? [without(own, ownKeys)] : []), ...(over ? [over] : [])];
  return layers.reduce((below, layer) => overlay(below, layer, exclusiveGroups) as MapValue, rest);
}

/** The document as its schema sees it: what an overlay removes (`null`) is not there. */
export function withoutRemovals(root: MapValue): MapValue {
  const environments = root.entries.get('environments');
  if (!environments) return root;
  const entries = new Map(root.entries);
  entries.set('environments', { ...environments, value: withoutNullsBelow(environments.value) });
  return { ...root, entries };
}

/** An environment that says nothing may be left empty: it is one all the same. */
function withoutNullsBelow(environments: Value): Value {
  if (environments.kind !== 'map') return environments;
  const entries = [...environments.entries].map(([name, { key, value }]): [string, Entry] => {
    const empty = value.kind === 'scalar' && value.value === null;
    return [
      name,
      { key, value: empty ? { kind: 'map', entries: new Map(), at: value.at } : withoutNulls(value) },
    ];
  });
  return { ...environments, entries: new Map(entries) };
}

/** The document of an environment as a file that has only that one: what `forEnvironment` gave of `root`, with its own keys. */
export function withEnvironment(document: MapValue, name: string, root: Value | undefined): MapValue {
  const all = root && valueAt(root, ['environments']);
  const entry = all?.kind === 'map' ? all.entries.get(name) : undefined;
  if (all?.kind !== 'map' || entry?.value.kind !== 'map') return document;
  const own = new Map([...entry.value.entries].filter(([key]) => ownKeys.includes(key)));
  const only = new Map([[name, { ...entry, value: { ...entry.value, entries: own } }]]);
  const environments = { key: startOf(all.at), value: { ...all, entries: only } };
  return { ...document, entries: new Map([...document.entries, ['environments', environments]]) };
}
