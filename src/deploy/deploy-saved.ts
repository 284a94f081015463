import { ownerOf } from '../changes/read-state.ts';
import type { Event } from '../events.ts';
import { kindsOf } from '../plan/plan.ts';
import { bring } from './deploy.ts';
import type { BringOptions, Maker } from './options.ts';
import { refuseMoved, type SavedPlan } from './saved-plan.ts';

export interface SavedOptions
  extends Omit<
    BringOptions,
    'owner' | 'kinds' | 'choose' | 'check' | 'consent' | 'mayCreateNamespace' | 'placeOf' | 'by'
  > {
  /** Who deploys it: what it was made of stands in the plan. */
  readonly by: () => Promise<Pick<Maker, 'by' | 'ci'>>;
}

/** Does exactly what a saved plan says; refuses it where something that it touches has moved since it was made. */
export async function* deploySaved(saved: SavedPlan, options: SavedOptions): AsyncGenerator<Event> {
  const { plan, secrets, tool, source, git, images, platform, unit, sizes } = saved;
  yield* bring({
    ...options,
    by: async () => ({
      ...(await options.by()),
      tool,
      ...(source !== undefined && { source }),
      ...(git && { git }),
      ...(images && { images }),
      ...(platform !== undefined && { platform }),
      ...(unit && { unit }),
    }),
    owner: ownerOf(plan),
    kinds: kindsOf(plan),
    choose: () => ({ plan, versions: secrets, ...(sizes && { notes: { sizes } }) }),
    check: (_, changes, state) => refuseMoved(saved, plan, changes, state),
    consent: { recreate: saved.recreate, takeOver: saved.take_over },
    mayCreateNamespace: saved.may_create_namespace,
    // The file may say something else by now.
    placeOf: () => undefined,
  });
}
