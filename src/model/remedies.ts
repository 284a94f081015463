import { keyPlaceAt, type Path, type Value, valueAt } from '../document/value.ts';
import type { Remedy } from '../problems/model.ts';
import { allNearest } from '../problems/nearest.ts';
import { habits, valueHabits } from './habits.ts';
import { matches, withoutEnvironment } from './paths.ts';
import { property, rootSchema, type SchemaNode } from './schema.ts';

// The most likely fix of a mistake: what the person meant, and whether that is certain.

/** Of a key that may not stand there: another tool's word for it, or a key that is nearly written so. */
export function unknownKeyRemedy(root: Value, path: Path, parent: SchemaNode, language: SchemaNode): Remedy {
  const key = String(path.at(-1));
  const map = withoutEnvironment(path.slice(0, -1));
  const indented = misplacedKey(map, language);
  if (indented) return { hint: indented };
  const here = isAppLanguage(language) ? habits.filter((one) => matches(map, one.in)) : [];
  const habit =
    here.find((one) => one.key === key) ??
    here.find((one) => one.key !== '*' && plain(one.key) === plain(key));
  if (habit)
    return {
      hint: habit.hint,
      fix: habit.rename ? renameKey(root, path, habit.rename, parent, language) : undefined,
    };
  const known = Object.keys(parent.properties ?? {});
  const meant = allNearest(key, known);
  const [only] = meant;
  if (meant.length > 1) return { hint: `Did you mean ${meant.join(' or ')}?` };
  if (only) return { hint: `Did you mean ${only}?`, fix: renameKey(root, path, only, parent, language) };
  const other = here.find((one) => one.key === '*');
  if (other) return { hint: other.hint };
  const elsewhere = whereKeyStands(key, language, map);
  if (elsewhere) return { hint: `${key} belongs into ${elsewhere}.` };
  return { hint: `It may have: ${known.join(', ')}.` };
}

/** Other tools' words come in every spelling: health_check, healthCheck, HealthCheck. */
function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}

/** A new name for a key, where the value may stand behind it and the name isn't taken. */
function renameKey(
  root: Value,
  path: Path,
  to: string,
  parent: SchemaNode,
  language: SchemaNode,
): Remedy['fix'] {
  const map = valueAt(root, path.slice(0, -1));
  const value = valueAt(root, path);
  const target = property(parent, to, language);
  if (map?.kind !== 'map' || map.entries.has(to) || !value || !target) return undefined;
  const group = parent['x-exclusive']?.find((keys) => keys.includes(to));
  if (group?.some((key) => map.entries.has(key))) return undefined;
  if (!fits(value, [target.type ?? []].flat())) return undefined;
  return { at: keyPlaceAt(root, path), text: to };
}

function fits(value: Value, types: readonly string[]): boolean {
  if (value.kind === 'map') return types.includes('object');
  if (value.kind === 'list') return types.includes('array');
  const type = typeof value.value;
  return types.includes(type) || (Number.isInteger(value.value) && types.includes('integer'));
}

/** A component that has the name of a component's key: a key of the one above, not indented far enough. */
function misplacedKey(path: Path, language: SchemaNode): string | undefined {
  if (!isAppLanguage(language) || path.length !== 2 || path[0] !== 'components') return undefined;
  const key = String(path[1]);
  const component = property(property(language, 'components') ?? {}, '*');
  if (!component?.properties || !Object.hasOwn(component.properties, key)) return undefined;
  return `Here ${key} is the name of a component. A key of the component above it must be indented as that one's keys are.`;
}

/** A key that is right one map further in or out. */
function whereKeyStands(key: string, language: SchemaNode, map: Path): string | undefined {
  if (map.length === 0) {
    const component = property(property(language, 'components', language) ?? {}, '*', language);
    return component?.properties && Object.hasOwn(component.properties, key)
      ? 'a component: components: {web: {…}}'
      : undefined;
  }
  return language.properties && Object.hasOwn(language.properties, key) ? 'the top of the file' : undefined;
}

/** Of a value of the wrong kind: how another tool's form is written here, or the value without its quotes. */
export function wrongTypeRemedy(value: Value | undefined, path: Path, node: SchemaNode): Remedy {
  if (!value) return {};
  const place = withoutEnvironment(path);
  const kinds = kindsOf(value);
  const indented = misplacedKey(place, rootSchema);
  if (indented) return { hint: indented };
  const habit = valueHabits.find(({ at, found }) => kinds.includes(found) && matches(place, at));
  const types = [node.type ?? []].flat();
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const bare = barely(value.value, types);
    if (bare !== undefined)
      return { hint: `Write ${bare}, without quotes.`, fix: { at: value.at, text: bare } };
  }
  return habit ? { hint: habit.hint } : {};
}

function kindsOf(value: Value): string[] {
  if (value.kind !== 'scalar') return [value.kind];
  if (value.value === null) return ['null'];
  return ['scalar', typeof value.value === 'string' ? 'text' : typeof value.value];
}

/** What a text is without quotes, or in YAML 1.1 was, where that is of a wanted type. */
function barely(text: string, types: readonly string[]): string | undefined {
  if (types.includes('boolean')) {
    if (/^(true|yes|on|y)$/i.test(text)) return 'true';
    if (/^(false|no|off|n)$/i.test(text)) return 'false';
  }
  return types.includes('integer') && /^\d{1,9}$/.test(text) ? String(Number(text)) : undefined;
}

/** Of a value that isn't one of those allowed. */
export function wrongValueRemedy(value: Value | undefined, allowed: readonly string[]): Remedy {
  if (value?.kind !== 'scalar') return {};
  const meant = allNearest(value.text, allowed);
  if (meant.length > 1) return { hint: `Did you mean ${meant.join(' or ')}?` };
  const [only] = meant;
  return only ? { hint: `Did you mean ${only}?`, fix: { at: value.at, text: only } } : {};
}

/** Of a name that Kubernetes doesn't take: the same in lower case and with hyphens, where that is a name. */
export function nameRemedy(name: string, schema: SchemaNode): Remedy {
  const pattern = (schema as { pattern?: string }).pattern;
  if (!pattern || !/^[a-z]/i.test(name)) return {};
  if (/[A-Z]/.test(pattern)) {
    const upper = name.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
    return upper !== name && new RegExp(pattern).test(upper) ? { hint: `For example ${upper}.` } : {};
  }
  const better = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-+$/, '')
    .slice(0, 63);
  return better !== name && new RegExp(pattern).test(better) ? { hint: `For example ${better}.` } : {};
}

/** Of paas.yaml, with or without keys that features add to components. */
function isAppLanguage({ properties }: SchemaNode): boolean {
  return properties === rootSchema.properties;
}
