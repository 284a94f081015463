import type { Template } from '../catalog/feature.ts';
import { startOf, type Value } from '../document/value.ts';
import type { Place } from '../problems/problem.ts';
import { itemName, type Steps } from './merge.ts';

/** Where a template says what stands at some steps of what it renders to; as near as can be told. */
export function placeInTemplate(template: Template, steps: Steps): Place {
  return deepest(template.root, steps, '')?.at ?? startOf(template.root.at);
}

interface Found {
  readonly at: Place;
  readonly depth: number;
}

/** Conditions and loops stand between a template and its result: they are looked through. */
function deepest(node: Value, steps: Steps, list: string): Found | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return { at: node.kind === 'scalar' ? node.at : startOf(node.at), depth: 0 };
  if (node.kind === 'scalar') return undefined;
  const found: (Found | undefined)[] = [];
  if (node.kind === 'list') {
    for (const item of node.items) {
      if (isNamed(item, list, step)) found.push(further(item, rest, step, startOf(item.at)));
      found.push(deepest(item, steps, list));
    }
  } else {
    const own = node.entries.get(step);
    if (own) found.push(further(own.value, rest, step, own.key));
    const control = [...node.entries.keys()].some((key) => key.startsWith('$'));
    for (const [key, entry] of control ? node.entries : []) {
      if (key !== step) found.push(deepest(entry.value, steps, list));
    }
  }
  return found.filter((one) => one !== undefined).sort((a, b) => b.depth - a.depth)[0];
}

function further(value: Value, rest: Steps, step: string, at: Place): Found {
  const below = rest.length === 0 && value.kind !== 'scalar' ? undefined : deepest(value, rest, step);
  return below ? { at: below.at, depth: below.depth + 1 } : { at, depth: 1 };
}

/** An item that says its own name in the template, or whose name is worked out and so may be this one. */
function isNamed(item: Value, list: string, step: string): boolean {
  if (item.kind !== 'map') return false;
  const plain = Object.fromEntries(
    [...item.entries].flatMap(([key, { value }]) => (value.kind === 'scalar' ? [[key, value.value]] : [])),
  );
  const name = itemName(list, plain);
  return name === undefined
    ? [...item.entries.values()].some(({ value }) => value.kind !== 'scalar')
    : name === step;
}
