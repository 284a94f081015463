import type { Changes } from '../changes/changes.ts';
import type { State } from '../changes/read-state.ts';
import type { Event } from '../events.ts';
import type { PhaseName } from '../plan/plan.ts';
import { type WaitResult, waitReady } from '../waiting/wait.ts';
import { awaitedObjects } from './awaited.ts';
import type { RunOptions } from './options.ts';

/** Waits for what some phases applied beside workloads and jobs. What nobody vouches for is said, and passes. */
export async function* awaitObjects(
  { cluster, plan, timeout, signal }: RunOptions,
  state: State,
  changes: Changes,
  phases: readonly PhaseName[],
): AsyncGenerator<Event, WaitResult> {
  const awaited = awaitedObjects(plan, state, changes, phases);
  const result = yield* waitReady(cluster, plan, awaited, timeout, signal);
  if (result.state === 'ready') {
    for (const { cause } of result.components.values())
      if (cause) yield { type: 'warning', message: cause.message };
  }
  return result;
}
