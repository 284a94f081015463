import type { Changes } from '../changes/changes.ts';
import { allOf, askedNumbers } from '../changes/hand-over.ts';
import { keyOf, refOf } from '../changes/read-state.ts';
import type { ObjectRef } from '../cluster/cluster.ts';
import type { Plan } from '../plan/plan.ts';
import { type Inventory, type InventoryEntry, refKey } from '../releases/inventory.ts';

// What the inventory says at each moment of a deploy. At none of them is there an object of ours that it doesn't name.

/**
 * Before anything is made: what was there, and all that is about to be made or removed. A job that is to run has not run
 * yet, and a workload that is to be made has no number yet, whatever was noted of one of that name.
 */
export function inventoryBefore(before: Inventory, plan: Plan, changes: Changes): Inventory {
  const jobs = changes.apply
    .filter(({ manifest }) => manifest.kind === 'Job')
    .map(({ manifest }) => manifest);
  const anew = new Set(
    changes.apply
      .filter(({ live, recreate }) => !live || recreate)
      .map(({ manifest }) => refKey(keyOf(manifest))),
  );
  const scale = Object.entries(before.scale).filter(([key]) => !anew.has(key));
  return {
    ...withoutJobs(before, jobs.map(keyOf)),
    pending: stillThere(plan, changes),
    scale: Object.fromEntries(scale),
  };
}

/** Without what says that these jobs have run. They are still ours. */
export function withoutJobs(
  inventory: Inventory,
  jobs: readonly Pick<ObjectRef, 'kind' | 'name'>[],
): Inventory {
  const keys = new Set(jobs.map(refKey));
  const entries = inventory.entries.filter((entry) => entry.kind !== 'Job' || !keys.has(refKey(entry)));
  return { ...inventory, entries };
}

/** After something was applied: what the plan has, and what is still to be made or removed; `scaled`: with their numbers. */
export function inventoryAfter(
  before: Inventory,
  plan: Plan,
  applied: readonly InventoryEntry[],
  remaining: readonly ObjectRef[],
  scaled: boolean,
): Inventory {
  const entries = new Map(before.entries.map((entry) => [refKey(entry), entry]));
  for (const entry of applied) entries.set(refKey(entry), entry);
  const planned = new Set(refsOf(plan).map(refKey));
  return {
    entries: [...entries.values()].filter((entry) => planned.has(refKey(entry))),
    pending: remaining,
    scale: scaled ? askedNumbers(plan) : before.scale,
  };
}

/** All that may be there until a deploy has ended. */
export function stillThere(plan: Plan, { removeBefore, remove, keep }: Changes): ObjectRef[] {
  return [...refsOf(plan), ...allOf(removeBefore), ...remove, ...keep];
}

export function refsOf(plan: Plan): ObjectRef[] {
  return plan.phases.flatMap((phase) => phase.manifests.map(refOf));
}
