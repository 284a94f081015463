import type { Event } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import { refKey } from '../releases/inventory.ts';
import { scaleChanges } from './hand-over.ts';
import type { State } from './read-state.ts';

/** `2026-11-21 23:08 UTC`: what is told of a time that may be long ago. */
export const minuteOf = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

/** The numbers of instances that a deploy leaves as somebody has set them, though the file says others. */
export function* keptNumbers(plan: Plan, state: State): Generator<Event> {
  const { inventory } = state.inventory;
  const { numbers } = state.scaling.scalings;
  const written = new Set(
    scaleChanges(plan, inventory, state.live, numbers).map(({ scale }) => refKey(scale)),
  );
  for (const scale of plan.scale) {
    const key = refKey(scale);
    const now = state.live.get(key)?.spec?.replicas as number | undefined;
    if (scale.autoscaler || written.has(key) || now === undefined || now === scale.replicas) continue;
    const manual = numbers[key];
    const by =
      manual?.replicas === now
        ? `by paas scale (${manual.by}, ${minuteOf(manual.at)})`
        : 'by hand, not by paas scale';
    yield {
      type: 'kept',
      object: key,
      reason: `${now} ${now === 1 ? 'instance' : 'instances'} ${by}; the file says ${scale.replicas}`,
    };
  }
}
