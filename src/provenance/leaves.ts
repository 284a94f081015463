import { isMap, itemName, type Json } from '../plan/merge.ts';

/** A scalar of an object, or an empty map or list, by the steps that lead to it. */
export type Leaves = ReadonlyMap<string, Json>;

/** Between steps: no name has it. */
const separator = '\0';

/** Every leaf of a value. Items of a list are told apart by their names, or by their numbers. */
export function leavesOf(value: Json): Leaves {
  const leaves = new Map<string, Json>();
  const visit = (at: Json, steps: readonly string[]): void => {
    const children = childrenOf(at, steps.at(-1) ?? '');
    if (children.length === 0) leaves.set(steps.join(separator), at);
    for (const [step, child] of children) visit(child, [...steps, step]);
  };
  visit(value, []);
  return leaves;
}

/** Containers go by their numbers: the name of the first is the component's, and says nothing of where it stands. */
function childrenOf(value: Json, list: string): [string, Json][] {
  if (Array.isArray(value)) {
    const nameOf = (item: Json): string | undefined =>
      list === 'containers' ? undefined : itemName(list, item);
    return value.map((item, index) => [nameOf(item) ?? String(index), item]);
  }
  return isMap(value) ? Object.entries(value) : [];
}

export const stepsOf = (leaf: string): readonly string[] => leaf.split(separator);

/** As people write it: `spec.template.spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`. */
export function describeLeaf(leaf: string, object: Json): string {
  let at: Json = object;
  let list = '';
  let said = '';
  for (const step of stepsOf(leaf)) {
    const plain = !Array.isArray(at) && /^[\w-]+$/.test(step);
    said += plain ? (said === '' ? step : `.${step}`) : `[${step}]`;
    at = childrenOf(at, list).find(([name]) => name === step)?.[1];
    list = step;
  }
  return said;
}

/** Whether two leaves say the same; an empty map is like another. */
export function sameLeaf(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * The leaves that a person means by a path: the one that it names, or all below it. Items of lists go by name or
 * number; quotes around what stands in brackets may be left out.
 */
export function leavesBelow(path: string, object: Json): string[] {
  const steps = readPath(path);
  let at: Json = object;
  const way: string[] = [];
  for (let index = 0; index < steps.length; index++) {
    const children = childrenOf(at, way.at(-1) ?? '');
    const step = steps[index]!;
    const found =
      children.find(
        ([name, child]) => name === step || (isMap(child) && Array.isArray(at) && child.name === step),
      ) ?? (Array.isArray(at) ? children[Number(step)] : undefined);
    if (!found) return [];
    way.push(found[0]);
    at = found[1];
  }
  return [...leavesOf(object).keys()].filter((leaf) => {
    const own = stepsOf(leaf);
    return way.every((step, index) => own[index] === step);
  });
}

function readPath(path: string): string[] {
  return [...path.matchAll(/\[["']?([^\]"']*)["']?\]|[^.[\]]+/g)].map(([whole, inner]) => inner ?? whole);
}
