import { overlay, without, withoutNulls } from '../document/overlay.ts';
import { type MapValue, type Path, valueAt } from '../document/value.ts';
import { environmentNeeded, unknownEnvironment } from '../problems/model.ts';
import { nearest } from '../problems/nearest.ts';
import { fail } from '../problems/problem.ts';

/** The environment of a file that names none. */
export const defaultEnvironment = 'default';

/** Keys of an environment that are its own, not an overlay of the file. */
const ownKeys = ['cluster', 'namespace', 'protected'];

/** Keys of which at most one may be set, by the kind of map they stand in. */
export function exclusiveGroups(path: Path): readonly (readonly string[])[] {
  const inHealth = path[0] === 'components' && path[2] === 'health';
  return inHealth ? [['http', 'tcp', 'grpc', 'command']] : [];
}

/** Which environment is meant: the one that is asked for, else the only one. */
export function chooseEnvironment(root: MapValue, asked: string | undefined): string {
  const environments = valueAt(root, ['environments']);
  const known = environments?.kind === 'map' ? [...environments.entries.keys()] : [defaultEnvironment];
  if (asked !== undefined) {
    return known.includes(asked) ? asked : fail(unknownEnvironment(asked, known, nearest(asked, known)));
  }
  return known.length === 1 ? known[0]! : fail(environmentNeeded(known));
}

/** The document of one environment: its overlay laid over the rest of the file, `environments` taken out. */
export function forEnvironment(root: MapValue, environment: string): MapValue {
  const rest = without(root, ['environments']);
  const own = valueAt(root, ['environments', environment]);
  if (own?.kind !== 'map') return rest;
  return overlay(rest, without(own, ownKeys), exclusiveGroups) as MapValue;
}

/** The document as its schema sees it: what an overlay removes (`null`) is not there. */
export function withoutRemovals(root: MapValue): MapValue {
  const environments = root.entries.get('environments');
  if (!environments) return root;
  const entries = new Map(root.entries);
  entries.set('environments', { ...environments, value: withoutNulls(environments.value) });
  return { ...root, entries };
}
