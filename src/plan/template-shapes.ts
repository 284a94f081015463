// The parts of a template that need no engine. Source: the documentation of json-e, "Language Reference".

/** What is there or not: most components have few of the objects that they could have. */
interface Condition {
  readonly $if: string;
  readonly then?: unknown;
  readonly else?: unknown;
}

export function isCondition(template: object): template is Condition {
  if (typeof (template as Partial<Condition>).$if !== 'string') return false;
  return Object.keys(template).every((key) => key === '$if' || key === 'then' || key === 'else');
}

/** The same for each item of a list. */
interface Mapping {
  readonly over: unknown;
  readonly name: string;
  readonly each: unknown;
}

export function mappingOf(template: object): Mapping | undefined {
  const { $map: over, ...rest } = template as { readonly $map?: unknown };
  const [[key, each] = ['', undefined], ...others] = Object.entries(rest);
  const name = /^each\(([A-Za-z_]\w*)\)$/.exec(key)?.[1];
  return over === undefined || name === undefined || others.length > 0 ? undefined : { over, name, each };
}

/** The keys of an expression that does no more than name a value: `component.config.name`. */
export function pathOf(template: object): string[] | undefined {
  const { $eval: expression } = template as { readonly $eval?: unknown };
  const isPath = typeof expression === 'string' && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(expression);
  return isPath && Object.keys(template).length === 1 ? expression.split('.') : undefined;
}

/** The value at a path; undefined where there is none. */
export function valueAt(path: readonly string[], context: Readonly<Record<string, unknown>>): unknown {
  let value: unknown = context;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
