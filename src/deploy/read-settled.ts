import { setTimeout as sleep } from 'node:timers/promises';
import { readState, type State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Event } from '../events.ts';
import { stillThere } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import type { BringOptions } from './options.ts';

/** Milliseconds. */
const lookAgainAfter = 500;

/** What is there, once nothing of ours is on its way out any more: an object that is ending can't be changed. */
export async function* readSettled(
  { owner, kinds, timeout, signal }: BringOptions,
  cluster: Cluster,
): AsyncGenerator<Event, State> {
  const until = performance.now() + timeout;
  for (let told = false; ; told = true) {
    const state = await readState(cluster, owner, kinds);
    const ending = [...state.live]
      .filter(([, object]) => object.metadata.deletionTimestamp)
      .map(([key]) => key);
    if (ending.length === 0) return state;
    if (performance.now() > until) fail(stillThere(timeout / 1000, ending));
    if (!told) yield { type: 'ending', objects: ending };
    await sleep(lookAgainAfter, undefined, { signal });
  }
}
