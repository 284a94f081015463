import { isMap, valueIn } from '../plan/merge.ts';
import { placeOf, type RenderedObject } from '../plan/rendered-object.ts';
import type { Place } from '../problems/problem.ts';
import { describeLeaf, leavesBelow, leavesOf, stepsOf } from './leaves.ts';
import { type Candidate, type Origin, trace } from './trace.ts';

/** A value of a rendered object, who says it, and what it comes from. */
export interface ExplainedValue {
  /** `spec.template.spec.containers[0].image`. */
  readonly field: string;
  readonly value: unknown;
  /** The template, or the file written by hand, that has the last word; undefined: paas itself, on every object. */
  readonly by: { readonly feature: string; readonly at: Place } | undefined;
  /** Those whose word it took the place of. */
  readonly instead: readonly { readonly feature: string; readonly at: Place }[];
  /** Lines, defaults and inputs that it depends on, the most telling first. None: it is always so. */
  readonly origins: readonly Origin[];
}

/** The values of an object at a path, or below it; of the whole object where none is asked for. */
export function explainObject(
  object: RenderedObject,
  path: string | undefined,
  candidates: readonly Candidate[],
): ExplainedValue[] {
  const { manifest } = object;
  const leaves = leavesOf(manifest);
  const wanted = path === undefined ? [...leaves.keys()] : leavesBelow(path, manifest);
  if (wanted.length === 0) return [];
  const found = trace(object, candidates);
  return wanted.map((leaf) => {
    const steps = stepsOf(leaf);
    const said = object.contributions
      .filter(({ value }) => valueIn(value, steps) !== undefined)
      .map((one) => ({ feature: one.feature, at: placeOf(one, steps), value: valueIn(one.value, steps) }));
    const by = said.at(-1);
    // Laying the same value over another, or a part beside it, replaces nothing.
    const instead = said.slice(0, -1).filter(({ value }) => !isMap(value) && value !== by?.value);
    return {
      field: describeLeaf(leaf, manifest),
      value: leaves.get(leaf),
      by: by && { feature: by.feature, at: by.at },
      instead: instead.map(({ feature, at }) => ({ feature, at })),
      origins: found.get(leaf) ?? [],
    };
  });
}
