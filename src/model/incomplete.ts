import { type MapValue, type Path, valueAt } from '../document/value.ts';

/** The map at a path, where one stands there. */
export function mapAt(root: MapValue, path: Path): MapValue | undefined {
  const value = valueAt(root, path);
  return value?.kind === 'map' ? value : undefined;
}

/** Whether something of a map was wrong and is left out: what isn't in it may have been. */
export function isIncomplete(root: MapValue, key: string): boolean {
  return root.incomplete === true || mapAt(root, [key])?.incomplete === true;
}
