import type { State } from '../changes/read-state.ts';
import type { Event } from '../events.ts';
import { readinessOf, waitReady } from '../waiting/wait.ts';
import { awaitedWorkloads } from './awaited.ts';
import { describeFailure } from './failure.ts';
import type { RunOptions } from './options.ts';

/**
 * The last deploy ended well and nothing changes: then there is nothing to write. But what isn't ready now is waited
 * for, so that a retry can't turn red into green.
 */
export async function* settle(
  options: Omit<RunOptions, 'by'>,
  state: State,
  release: number,
  begun: number,
): AsyncGenerator<Event> {
  const { cluster, plan, signal, timeout } = options;
  const workloads = [...state.live.values()];
  const awaited = awaitedWorkloads(plan);
  const now = readinessOf(awaited, { workloads, replicaSets: [], pods: [], events: [] }, Date.now());
  let outcome: 'unchanged' | 'unready' = 'unchanged';
  if ([...now.values()].some((component) => component.state !== 'ready')) {
    const result = yield* waitReady(cluster, plan, awaited, timeout, signal);
    if (result.state !== 'ready') {
      outcome = 'unready';
      yield* describeFailure(cluster, plan.namespace, result, timeout / 1000, options.placeOf);
    }
  }
  yield { type: 'end', outcome, release, seconds: secondsSince(begun) };
}

/** With one decimal. `begun` is of `performance.now()`. */
export function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 100) / 10;
}
