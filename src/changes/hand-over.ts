import type { KubeObject, ObjectRef } from '../cluster/cluster.ts';
import type { PhaseName, Plan, Scale } from '../plan/plan.ts';
import { type Inventory, refKey } from '../releases/inventory.ts';
import type { Scalings } from '../releases/scaling.ts';
import { refOf } from './read-state.ts';

// Who says how many instances there are, and how it is handed over: the file, or an autoscaler. On no way are there
// fewer than before because of the handing over itself.

export interface ScaleChange {
  readonly scale: Scale;
  /** How many the file asked for before, or else how many there are; undefined where it is new. */
  readonly before: number | undefined;
}

/** The scales of workloads by what these are known by: `deployment/web`. */
export function scalesByKey(scales: readonly Scale[]): ReadonlyMap<string, Scale> {
  return new Map(scales.map((scale) => [refKey(scale), scale]));
}

/** What must be gone before the objects of a phase are applied, by that phase. */
export type RemoveBefore = Partial<Readonly<Record<PhaseName, readonly ObjectRef[]>>>;

const autoscalers: ReadonlySet<string> = new Set(['HorizontalPodAutoscaler', 'ScaledObject']);

/**
 * When autoscalers that the plan no longer has must go. One that lets a workload go: before the file's number is
 * written, which it would take back. One that makes way for another engine's: right before that comes, since KEDA
 * refuses a workload that something else scales; until then it goes on scaling.
 */
export function leavingAutoscalers(plan: Plan, left: readonly KubeObject[]): RemoveBefore {
  const scaled = new Set(plan.scale.filter(({ autoscaler }) => autoscaler).map(refKey));
  const leaving = left.filter(({ kind }) => autoscalers.has(kind));
  const followed = (object: KubeObject): boolean => {
    const target = object.spec?.scaleTargetRef as { kind?: string; name: string } | undefined;
    return (
      target !== undefined && scaled.has(refKey({ kind: target.kind ?? 'Deployment', name: target.name }))
    );
  };
  return {
    workloads: leaving.filter((object) => !followed(object)).map(refOf),
    autoscalers: leaving.filter(followed).map(refOf),
  };
}

/** All of them. */
export function allOf(before: RemoveBefore): ObjectRef[] {
  return Object.values(before).flat();
}

/**
 * The numbers of instances that are to be written. A fixed one: where the file asks for another than the last time it
 * asked. An autoscaler's is its own; it is only lifted to the minimum when it is handed over, and from 0, where
 * Kubernetes' autoscaler does nothing. `numbers`: those asked for by hand.
 */
export function scaleChanges(
  plan: Plan,
  inventory: Inventory,
  live: ReadonlyMap<string, KubeObject>,
  numbers: Scalings['numbers'] = {},
): ScaleChange[] {
  return plan.scale.flatMap((scale): ScaleChange[] => {
    const workload = live.get(refKey(scale));
    if (!workload) return [{ scale: asScaled(scale, numbers), before: undefined }];
    const asked = inventory.scale[refKey(scale)];
    const now = (workload.spec?.replicas as number | undefined) ?? 1;
    if (!scale.autoscaler) {
      const wanted = asScaled(scale, numbers);
      // Where nothing is noted of it, what somebody asked for by hand still stands in a record of its own. Else it is
      // written in any case, the same number too: one that is taken over has it from somebody who lets go of it.
      const byHand = wanted !== scale && now === wanted.replicas;
      const same = asked === undefined ? byHand : asked === scale.replicas;
      return same ? [] : [{ scale: wanted, before: asked ?? now }];
    }
    const handedOver = asked !== undefined || (now === 0 && scale.autoscaler.min > 0);
    return handedOver && now < scale.replicas ? [{ scale, before: now }] : [];
  });
}

/** Those of the numbers by hand that the plan still leaves room for. */
export function holdingNumbers(plan: Plan, numbers: Scalings['numbers']): Scalings['numbers'] {
  const asked = askedNumbers(plan);
  return Object.fromEntries(Object.entries(numbers).filter(([key, manual]) => asked[key] === manual.asked));
}

/** A number that somebody asked for by hand comes back with what the file asked for then. */
function asScaled(scale: Scale, numbers: Scalings['numbers']): Scale {
  const manual = numbers[refKey(scale)];
  const holds = manual !== undefined && !scale.autoscaler && manual.asked === scale.replicas;
  return holds ? { ...scale, replicas: manual.replicas } : scale;
}

/** What the inventory notes of the file's numbers: an autoscaler's is nobody's to note. */
export function askedNumbers(plan: Plan): Record<string, number> {
  const fixed = plan.scale.filter(({ autoscaler }) => !autoscaler);
  return Object.fromEntries(fixed.map((one) => [refKey(one), one.replicas]));
}
