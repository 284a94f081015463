// Fields as the API server names them in a conflict: `.spec.template.spec.containers[name="web"].image`,
// `.metadata.labels.app.kubernetes.io/name`, `.metadata.finalizers[="example.com/hold"]`.
// Source: sigs.k8s.io/structured-merge-diff, fieldpath.Path.String.

type Step = string | number;

/** The value of a field of an object; undefined when it isn't there. */
export function fieldOf(object: unknown, field: string): unknown {
  const steps = stepsOf(object, field);
  return steps?.reduce<unknown>((value, step) => (value as Record<Step, unknown>)[step], object);
}

/** The object without a field; undefined when the field isn't there. */
export function withoutField<T>(object: T, field: string): T | undefined {
  const steps = stepsOf(object, field);
  const last = steps?.at(-1);
  if (!steps || last === undefined) return undefined;
  const copy = structuredClone(object);
  const parent = steps
    .slice(0, -1)
    .reduce<unknown>((value, step) => (value as Record<Step, unknown>)[step], copy);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Record<Step, unknown>)[last];
  return copy;
}

function stepsOf(value: unknown, field: string): Step[] | undefined {
  if (field === '') return [];
  if (field.startsWith('[')) {
    const end = closing(field);
    const index = Array.isArray(value) ? indexOf(value, field.slice(1, end)) : -1;
    return index < 0 ? undefined : prepend(index, stepsOf((value as unknown[])[index], field.slice(end + 1)));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  // A key may hold dots, and nothing marks its end: of those that the object has, the longest that fits.
  const keys = Object.keys(value).filter((key) => isPrefix(key, field));
  for (const key of keys.sort((a, b) => b.length - a.length)) {
    const rest = stepsOf((value as Record<string, unknown>)[key], field.slice(key.length + 1));
    if (rest) return prepend(key, rest);
  }
  return undefined;
}

function prepend(step: Step, rest: Step[] | undefined): Step[] | undefined {
  return rest && [step, ...rest];
}

function isPrefix(key: string, field: string): boolean {
  return field.startsWith(`.${key}`) && ['.', '[', undefined].includes(field[key.length + 1]);
}

/** Where a bracket closes: not inside quotes. */
function closing(field: string): number {
  let quoted = false;
  for (let at = 1; at < field.length; at++) {
    if (field[at] === '\\') at++;
    else if (field[at] === '"') quoted = !quoted;
    else if (field[at] === ']' && !quoted) return at;
  }
  return field.length;
}

/** `0`, `="value"`, or `name="web",port=80` */
function indexOf(list: readonly unknown[], selector: string): number {
  if (/^\d+$/.test(selector)) return Number(selector) < list.length ? Number(selector) : -1;
  if (selector.startsWith('=')) return list.indexOf(JSON.parse(selector.slice(1)));
  const pairs = [...selector.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, key, value]) => [
    key!,
    JSON.parse(value!),
  ]);
  return list.findIndex((item) =>
    pairs.every(([key, value]) => (item as Record<string, unknown> | null)?.[key] === value),
  );
}
