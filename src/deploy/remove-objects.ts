import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '../changes/changes.ts';
import { refOf, type State } from '../changes/read-state.ts';
import { type Cluster, describeRef, type ObjectRef } from '../cluster/cluster.ts';
import { type DeleteOptions, deleteObject, getObject } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import type { PhaseName } from '../plan/plan.ts';
import { stillThere } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refKey } from '../releases/inventory.ts';
import type { RunOptions } from './options.ts';

// What a release removes: each object only as it was seen, by its uid.

/** How often it is looked whether something is gone, in milliseconds. */
const lookAgainAfter = 300;

/** What stands in the way of what comes: it is gone before anything is applied. */
export async function* removeFirst(
  options: RunOptions,
  state: State,
  refs: readonly ObjectRef[],
): AsyncGenerator<Event> {
  for (const ref of refs) {
    const uid = state.live.get(refKey(ref))?.metadata.uid;
    yield* removeOne(options, ref, uid, 'Foreground');
  }
}

/** What can't be changed, and may be made again: it is gone before it is. */
export async function* removeRecreated(
  options: RunOptions,
  changes: Changes,
  phase: PhaseName,
): AsyncGenerator<Event> {
  for (const { live, recreate, phase: its } of changes.apply) {
    if (!live || !recreate || its !== phase) continue;
    yield* removeOne(options, refOf(live), live.metadata.uid, recreate.propagation);
  }
}

/** Until it is gone. */
async function* removeOne(
  { cluster, signal, timeout }: RunOptions,
  ref: ObjectRef,
  uid: string | undefined,
  propagation: NonNullable<DeleteOptions['propagation']>,
): AsyncGenerator<Event> {
  const until = performance.now() + timeout;
  if (uid !== undefined) {
    await deleteObject(cluster, ref, { uid, propagation });
    while ((await getObject(cluster, ref))?.metadata.uid === uid) {
      if (performance.now() > until) fail(stillThere(timeout / 1000, [describeRef(ref)]));
      await sleep(lookAgainAfter, undefined, { signal });
    }
    yield { type: 'done', action: 'delete', object: describeRef(ref) };
  }
}

/** Removes what the plan no longer has: only what is ours, and only the very object that was seen. */
export async function* prune(
  cluster: Cluster,
  state: State,
  refs: readonly ObjectRef[],
): AsyncGenerator<Event> {
  for (const ref of [...refs].reverse()) {
    const uid = state.live.get(refKey(ref))?.metadata.uid;
    if (await deleteObject(cluster, ref, { uid })) {
      yield { type: 'done', action: 'delete', object: describeRef(ref) };
    }
  }
}
