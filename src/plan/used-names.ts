/** A name that stands in a template, with the keys behind its dots: `component.config.name`. */
type Name = readonly [name: string, ...keys: string[]];

/**
 * What a template may look at: every word of it that could be a name of its context. The language has no other way to
 * a value than by its name, so that this is never too little.
 */
export function usedNames(template: unknown): readonly Name[] {
  const found = new Map<string, Name>();
  for (const text of textsOf(template)) {
    for (const [path] of text.matchAll(/[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*/g)) {
      const [name, ...keys] = path.split('.').map((key) => key.trim());
      found.set([name, ...keys].join('.'), [name!, ...keys]);
    }
  }
  return [...found.values()];
}

/**
 * The values of names in a context, as a text that is the same only where they are. Undefined where the template looks
 * at a component as a whole: no two are the same.
 */
export function valuesOf(
  names: readonly Name[],
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

function* textsOf(template: unknown): Generator<string> {
  if (typeof template === 'string') yield template;
  else if (Array.isArray(template)) for (const item of template) yield* textsOf(item);
  else if (isMap(template)) {
    for (const [key, value] of Object.entries(template)) {
      yield key;
      yield* textsOf(value);
    }
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
