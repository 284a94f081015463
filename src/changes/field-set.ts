// The fields of a managedFields entry: a tree whose keys are steps: `f:NAME` a field, `k:{"name":"web"}` an item by its
// merge key, `v:"x"` an item of a set, `i:0` one by its place, and `.` the thing itself.
// Source: Kubernetes API, FieldsV1; sigs.k8s.io/structured-merge-diff, fieldpath/serialize.go.

export interface FieldSet {
  readonly [step: string]: FieldSet;
}

/** The way to a field, from the root of the object. */
export type FieldPath = readonly string[];

/** Every field of a set that has none below it; a thing that is owned as a whole counts as one. */
export function leavesOf(set: FieldSet, above: FieldPath = []): FieldPath[] {
  return Object.entries(set).flatMap(([step, below]) => {
    if (step === '.') return [];
    const path = [...above, step];
    const deeper = leavesOf(below, path);
    return deeper.length > 0 ? deeper : [path];
  });
}

/** Whether a set has a field, or something below it. */
export function hasField(set: FieldSet, path: FieldPath): boolean {
  let at: FieldSet | undefined = set;
  for (const step of path) {
    at = at[step];
    if (!at) return false;
  }
  return true;
}

/** Both sets in one. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const both: Record<string, FieldSet> = { ...a };
  for (const [step, below] of Object.entries(b)) both[step] = union(both[step] ?? {}, below);
  return both;
}

/** The part of a set that consists of some of its leaves, with the ways to them. */
export function only(set: FieldSet, keep: (leaf: FieldPath) => boolean, above: FieldPath = []): FieldSet {
  const kept: Record<string, FieldSet> = {};
  for (const [step, below] of Object.entries(set)) {
    if (step === '.') continue;
    const path = [...above, step];
    if (leavesOf(below, path).length === 0) {
      if (keep(path)) kept[step] = below;
      continue;
    }
    const part = only(below, keep, path);
    if (Object.keys(part).length > 0) kept[step] = below['.'] ? { '.': {}, ...part } : part;
  }
  return kept;
}

/** As the API server names it in a conflict: `.spec.template.spec.containers[name="web"].image`. */
export function describePath(path: FieldPath): string {
  return path.map(describeStep).join('');
}

function describeStep(step: string): string {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return `.${rest}`;
  if (step.startsWith('v:')) return `[=${rest}]`;
  if (!step.startsWith('k:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
