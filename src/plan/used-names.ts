/** A name that stands in a template, with the keys behind its dots: `component.config.name`. */
type Name = readonly [name: string, ...keys: string[]];

const known = new WeakMap<object, ReadonlyMap<string, Name>>();

/**
 * What a template may look at, by its path: every word of it that could be a name of its context. The language has no
 * other way to a value than by its name, so that this is never too little.
 */
export function usedNames(template: object): ReadonlyMap<string, Name> {
  const found = known.get(template) ?? new Map(Object.entries(template).flatMap(namesOf));
  known.set(template, found);
  return found;
}

/** Keys of a map may have names in them too. */
function namesOf([key, part]: [string, unknown]): (readonly [string, Name])[] {
  const below =
    typeof part === 'string'
      ? namesIn(part)
      : typeof part === 'object' && part !== null
        ? [...usedNames(part)]
        : [];
  return [...namesIn(key), ...below];
}

function namesIn(text: string): (readonly [string, Name])[] {
  return [...text.matchAll(/[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*/g)].map(([path]) => {
    const [name, ...keys] = path.split('.').map((key) => key.trim());
    return [[name, ...keys].join('.'), [name!, ...keys]];
  });
}

/**
 * The values of names in a context, as a text that is the same only where they are. Undefined where the template looks
 * at a component as a whole: no two are the same.
 */
export function valuesOf(
  names: Iterable<Name>,
  context: Readonly<Record<string, unknown>>,
): string | undefined {
  const values: unknown[] = [];
  for (const [name, ...keys] of names) {
    if (!Object.hasOwn(context, name)) continue;
    if (keys.length === 0 && (name === 'component' || name === 'components')) return undefined;
    values.push(name, ...asFarAs(keys, context[name]));
  }
  return JSON.stringify(values);
}

/** The value behind keys, with how many of them there are; nothing else of a map that lacks one. */
function asFarAs(keys: readonly string[], from: unknown): unknown[] {
  let value = from;
  for (const [index, key] of keys.entries()) {
    if (!isMap(value)) return [index, value];
    if (!Object.hasOwn(value, key)) return [index];
    value = value[key];
  }
  return [keys.length, value];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
