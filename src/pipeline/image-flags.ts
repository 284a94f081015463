import { type Entry, type MapValue, valueAt } from '../document/value.ts';
import { unknownComponent } from '../problems/deploy.ts';
import { badImageFlag } from '../problems/instances.ts';
import { nearest } from '../problems/nearest.ts';
import { fail, type Place, type Problem } from '../problems/problem.ts';

/**
 * What `--image web=REFERENCE` says, as a document to lay over that of the app: so it takes the place of image, build
 * or package, and is checked like any other image. Throws a PaasError with every flag that is wrong.
 */
export function imageOverlay(flags: readonly string[], root: MapValue, env: string | undefined): MapValue {
  const known = componentNames(root, env);
  const problems: Problem[] = [];
  const components = new Map<string, Entry>();
  for (const text of flags) {
    const source = { path: '--image', text };
    const equals = text.indexOf('=');
    const place = (start: number, end: number): Place => ({ source, start, end });
    const name = text.slice(0, equals);
    const image = text.slice(equals + 1);
    const key = place(0, Math.max(equals, 0));
    if (equals <= 0 || image === '')
      problems.push(badImageFlag(place(0, text.length), 'is not COMPONENT=IMAGE'));
    else if (components.has(name)) problems.push(badImageFlag(key, `names ${name} a second time`));
    else if (!known.includes(name))
      problems.push({ ...unknownComponent(name, known, nearest(name, known)), at: key });
    else {
      const at = place(equals + 1, text.length);
      const value = { kind: 'scalar', value: image, text: image, at } as const;
      components.set(name, { key, value: mapOf('image', { key: at, value }, at) });
    }
  }
  if (problems.length > 0) fail(...problems);
  const at = { source: { path: '--image', text: '' }, start: 0, end: 0 };
  return mapOf('components', { key: at, value: { kind: 'map', entries: components, at } }, at);
}

/** The components of an environment, whatever else is right or wrong in the file. */
function componentNames(root: MapValue, env: string | undefined): string[] {
  const all = valueAt(root, ['environments']);
  const names = env === undefined && all?.kind === 'map' ? [...all.entries.keys()] : [env ?? ''];
  const maps = [[], ...names.map((name) => ['environments', name])].map((path) =>
    valueAt(root, [...path, 'components']),
  );
  return [...new Set(maps.flatMap((map) => (map?.kind === 'map' ? [...map.entries.keys()] : [])))];
}

function mapOf(name: string, entry: Entry, at: Place): MapValue {
  return { kind: 'map', entries: new Map([[name, entry]]), at };
}
