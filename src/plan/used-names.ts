/** A name that stands in a template, with the key behind its dot: `component.port`. */
type Name = readonly [name: string, key: string | undefined];

/**
 * What a template may look at: every word of it that could be a name of its context. The language has no other way to
 * a value than by its name, so that this is never too little.
 */
export function usedNames(template: unknown): readonly Name[] {
  const found = new Map<string, Name>();
  for (const text of textsOf(template)) {
    for (const [, name, key] of text.matchAll(/([A-Za-z_]\w*)(?:\s*\.\s*([A-Za-z_]\w*))?/g)) {
      found.set(`${name}.${key ?? ''}`, [name!, key]);
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
  for (const [name, key] of names) {
    if (!Object.hasOwn(context, name)) continue;
    const value = context[name];
    if (key === undefined && (name === 'component' || name === 'components')) return undefined;
    const part = key === undefined || !isMap(value) ? value : Object.hasOwn(value, key) ? [value[key]] : [];
    values.push(name, part);
  }
  return JSON.stringify(values);
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
