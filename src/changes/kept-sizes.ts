import type { Event } from '../events.ts';
import { describeSize, describeUnits, type ManualSizes } from '../plan/manual-size.ts';
import type { Plan } from '../plan/plan.ts';
import { refKey } from '../releases/inventory.ts';
import { minuteOf } from './kept-numbers.ts';
import type { State } from './read-state.ts';

/** The sizes of instances that a run leaves as somebody has set them before, though the file says others. */
export function* keptSizes(
  plan: Plan,
  { releases }: Pick<State, 'releases'>,
  sizes: ManualSizes = {},
): Generator<Event> {
  for (const scale of plan.scale) {
    const size = sizes[scale.component];
    if (!size || releases[0]?.summary.sizes?.[scale.component]?.at !== size.at) continue;
    yield {
      type: 'kept',
      object: refKey(scale),
      reason: `${describeUnits(size.units)} by paas scale (${size.by}, ${minuteOf(size.at)}); the file says ${describeSize(size.file)}`,
    };
  }
}
