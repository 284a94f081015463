import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, describeRef, type ObjectRef } from '../cluster/cluster.ts';
import { deleteObject, getObject } from '../cluster/objects.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, ownerName } from '../plan/names.ts';
import { declined } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { everyRef, refKey } from '../releases/inventory.ts';
import { type LockOptions, leaseRef, takeLock } from '../releases/lock.ts';
import { deleteRecord } from '../releases/record.ts';
import { foreignContents } from './namespace.ts';
import { readState, type State } from './read-state.ts';

export interface DeleteOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
}

/** Volumes hold data: they are never removed unasked. */
const keptKinds = new Set(['PersistentVolumeClaim']);
const look = 500;

/**
 * Removes an app from an environment: its objects, its record, and its namespace where we made it and nothing else
 * is in it. What stays is named. The record goes last, so that the same call again goes on where this one ended.
 */
export async function* deleteApp(options: DeleteOptions): AsyncGenerator<Event> {
  const { cluster, owner, signal } = options;
  const begun = performance.now();
  const end = (outcome: 'deleted' | 'absent'): Event => ({
    type: 'end',
    outcome,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  });
  const namespaceRef = { apiVersion: 'v1', kind: 'Namespace', name: owner.namespace };
  const before = await getObject(cluster, namespaceRef);
  if (before?.metadata.deletionTimestamp) {
    await waitGone(options, [namespaceRef]);
    yield end('deleted');
    return;
  }
  const state = await readState(cluster, owner, []);
  const present = everyRef(state.inventory.inventory).filter((ref) => state.live.has(refKey(ref)));
  const ours = before?.metadata.labels?.[labelKeys.owner] === ownerName(owner.app, owner.environment);
  if (!state.inventory.head && state.releases.length === 0 && !ours) {
    yield end('absent');
    return;
  }
  const changes = present
    .filter(({ kind }) => !keptKinds.has(kind))
    .map((ref): ChangeSummary => ({ action: 'delete', object: describeRef(ref) }));
  yield { type: 'changes', changes };
  if (!(await options.confirm(changes))) fail(declined());

  const lock = yield* takeLock(cluster, owner, { ...options.lock, patience: options.timeout, signal });
  try {
    const guarded: Cluster = { ...cluster, beforeWrite: lock.check };
    yield* removeObjects({ ...options, cluster: guarded }, await readState(guarded, owner, []));
  } finally {
    await lock.release();
  }
  await deleteObject(cluster, leaseRef(owner));
  yield* removeNamespace(options, ours);
  yield end('deleted');
}

async function* removeObjects(options: DeleteOptions, state: State): AsyncGenerator<Event> {
  const { cluster } = options;
  const refs = everyRef(state.inventory.inventory).filter((ref) => state.live.has(refKey(ref)));
  for (const ref of refs.filter(({ kind }) => keptKinds.has(kind))) {
    yield { type: 'kept', object: describeRef(ref), reason: 'it holds data' };
  }
  const removed = refs.filter(({ kind }) => !keptKinds.has(kind)).reverse();
  for (const ref of removed)
    await deleteObject(cluster, ref, { uid: state.live.get(refKey(ref))?.metadata.uid });
  for (const ref of removed) {
    await waitGone(options, [ref]);
    yield { type: 'done', action: 'delete', object: describeRef(ref) };
  }
  for (const release of state.releases) await deleteRecord(cluster, release.head);
  if (state.inventory.head) await deleteRecord(cluster, state.inventory.head);
}

async function* removeNamespace(options: DeleteOptions, ours: boolean): AsyncGenerator<Event> {
  const { cluster, owner } = options;
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: owner.namespace };
  if (!ours) {
    yield { type: 'kept', object: describeRef(ref), reason: "it wasn't made by this app" };
    return;
  }
  const contents = await foreignContents(cluster, owner.namespace);
  if (contents.length > 0) {
    const names = contents.length > 5 ? [...contents.slice(0, 5), `${contents.length - 5} more`] : contents;
    yield { type: 'kept', object: describeRef(ref), reason: `in it there is ${names.join(', ')}` };
    return;
  }
  await deleteObject(cluster, ref);
  await waitGone(options, [ref]);
  yield { type: 'done', action: 'delete', object: describeRef(ref) };
}

/** Until none of these is there any more, or the time is over. */
async function waitGone(
  { cluster, timeout, signal }: DeleteOptions,
  refs: readonly ObjectRef[],
): Promise<void> {
  const until = performance.now() + timeout;
  for (const ref of refs) {
    while ((await getObject(cluster, ref)) && performance.now() < until) {
      await sleep(look, undefined, { signal });
    }
  }
}
