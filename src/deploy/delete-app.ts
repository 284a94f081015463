import { setTimeout as sleep } from 'node:timers/promises';
import { keptKinds } from '../changes/changes.ts';
import { readNamespace } from '../changes/read-namespace.ts';
import { isOwn, readState, type State } from '../changes/read-state.ts';
import { type Cluster, describeRef, type KubeObject, type ObjectRef } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import { deleteObject, getObject } from '../cluster/objects.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Owner } from '../plan/labels.ts';
import { declined, stillThere } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { everyRef, refKey } from '../releases/inventory.ts';
import { type LockOptions, leaseRef, takeLock } from '../releases/lock.ts';
import { deleteRecord } from '../releases/record.ts';
import { deleteSecret, listOwnSecrets, newestVersions } from '../releases/secrets.ts';
import { removeCopies } from './copy-pull-secrets.ts';
import { foreignContents } from './namespace.ts';
import { neededToDelete } from './needed-rights.ts';
import { refuseLacking } from './rights.ts';

export interface DeleteOptions {
  readonly cluster: Cluster;
  readonly owner: Owner;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
}

/** How often it is looked whether something is gone, in milliseconds. */
const look = 500;

/**
 * Groups of the API whose objects make none that anybody would miss: these need not wait for those. The cluster's
 * garbage collector is slow to ask: twenty questions in a second, and a few for each object that waits.
 */
const makesNothing = /^(v1$|networking\.k8s\.io\/|policy\/|autoscaling\/|rbac\.authorization\.k8s\.io\/)/;

/**
 * Removes an app from an environment: its objects, its record, and its namespace where we made it and nothing else
 * is in it. What stays is named. The record goes after the objects, so that the same call again goes on where this
 * one ended.
 */
export async function* deleteApp(options: DeleteOptions): AsyncGenerator<Event> {
  const { cluster, owner, signal } = options;
  const begun = performance.now();
  const end = (outcome: 'deleted' | 'absent'): Event => ({
    type: 'end',
    outcome,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  });
  // Until the lock is had, an interrupted run ends at once.
  const reading: Cluster = { ...cluster, signal };
  const namespace = await readNamespace(reading, owner.namespace);
  if (namespace?.metadata.deletionTimestamp) {
    yield* awaitGone(options, [namespace]);
    yield end('deleted');
    return;
  }
  const state = await readState(reading, owner, []);
  refuseFrozen(state.freeze, owner);
  const ours = namespace !== undefined && isOwn(namespace, owner);
  const stored = Object.keys(state.secrets).length > 0;
  const something = state.inventory.head !== undefined || state.releases.length > 0 || stored || ours;
  const rights = something ? refuseLacking(reading, owner.namespace, neededFor(state, ours)) : undefined;
  rights?.catch(() => {});
  // The lock goes last: one that was interrupted right before it is not at its end yet.
  const lease = await getObject(reading, leaseRef(owner));
  if (!something && !lease) {
    yield end('absent');
    return;
  }
  const names = [
    ...removable(state).map((object) => refKey(nameOf(object))),
    ...Object.keys(state.secrets).map((name) => `secret/${name}`),
    ...state.pullSecretCopies.map(({ metadata }) => `secret/${metadata.name}`),
  ];
  const changes = names.map((object): ChangeSummary => ({ action: 'delete', object }));
  yield { type: 'changes', changes };
  await rights;
  if (!(await options.confirm(changes))) fail(declined());

  const lock = yield* takeLock(cluster, owner, { ...options.lock, patience: options.timeout, signal });
  try {
    const guarded = { ...options, cluster: { ...cluster, beforeWrite: lock.check } };
    const again = await readState(guarded.cluster, owner, []);
    refuseFrozen(again.freeze, owner);
    yield* removeObjects(guarded, again);
    yield* removeNamespace(guarded, namespace, ours);
    await lock.remove();
  } finally {
    await lock.release();
  }
  yield end('deleted');
}

/** A namespace in which volumes are kept stays, and needs no right. */
function neededFor(state: State, ours: boolean) {
  const isKept = [...state.live.values()].some(({ kind }) => keptKinds.has(kind));
  return neededToDelete(removable(state), ours && !isKept ? state.owner.namespace : undefined);
}

async function* removeObjects(options: DeleteOptions, state: State): AsyncGenerator<Event> {
  const { cluster } = options;
  for (const [key, object] of state.live) {
    if (keptKinds.has(object.kind)) yield { type: 'kept', object: key, reason: 'it holds data' };
  }
  const objects = removable(state).reverse();
  const remove = (object: KubeObject) =>
    deleteObject(cluster, toRef(object), {
      uid: object.metadata.uid,
      propagation: makesNothing.test(object.apiVersion) ? 'Background' : 'Foreground',
    });
  for await (const _ of concurrently(objects, remove)) options.signal.throwIfAborted();
  yield* awaitGone(options, objects);
  const { stored, copies } = await listOwnSecrets(cluster, options.owner);
  for await (const _ of concurrently(stored, (secret) => deleteSecret(cluster, secret)));
  for (const name of Object.keys(newestVersions(stored))) {
    yield { type: 'done', action: 'delete', object: `secret/${name}` };
  }
  yield* removeCopies(cluster, copies);
  for await (const _ of concurrently(state.releases, (release) => deleteRecord(cluster, release.head)));
  for (const head of [state.scaling.head, state.freeze?.head, state.inventory.head]) {
    if (head) await deleteRecord(cluster, head);
  }
}

async function* removeNamespace(
  options: DeleteOptions,
  namespace: KubeObject | undefined,
  ours: boolean,
): AsyncGenerator<Event> {
  const { cluster, owner } = options;
  if (!namespace) return;
  const name = describeRef(nameOf(namespace));
  if (!ours) {
    yield { type: 'kept', object: name, reason: "it wasn't made by this app" };
    return;
  }
  const contents = await foreignContents(cluster, owner);
  if (contents.length > 0) {
    const names = contents.length > 5 ? [...contents.slice(0, 5), `${contents.length - 5} more`] : contents;
    yield { type: 'kept', object: name, reason: `in it there is ${names.join(', ')}` };
    return;
  }
  await deleteObject(cluster, toRef(namespace), { uid: namespace.metadata.uid });
  yield* awaitGone(options, [namespace]);
}

/** What is there of the app and is to go. */
function removable(state: State): KubeObject[] {
  return everyRef(state.inventory.inventory)
    .map((ref) => state.live.get(refKey(ref)))
    .filter((object) => object !== undefined)
    .filter(({ kind }) => !keptKinds.has(kind));
}

/** Until each of these very objects is gone. Ends with a problem that names those that stay beyond the time. */
async function* awaitGone(
  { cluster, timeout, signal }: DeleteOptions,
  objects: readonly KubeObject[],
): AsyncGenerator<Event> {
  const until = performance.now() + timeout;
  const left: KubeObject[] = [];
  // A few at once: the cluster lets them go in an order of its own.
  for await (const { object, there } of concurrently(objects, async (object) => {
    for (;;) {
      const there = await getObject(cluster, toRef(object));
      const isGone = there?.metadata.uid !== object.metadata.uid;
      if (isGone || performance.now() > until) return { object, there: isGone ? undefined : there };
      await sleep(look, undefined, { signal });
    }
  })) {
    if (there) left.push(there);
    else yield { type: 'done', action: 'delete', object: describeRef(nameOf(object)) };
  }
  if (left.length === 0) return;
  const names = left.map((object) => {
    const held = object.metadata.finalizers?.join(', ');
    return held ? `${describeRef(nameOf(object))}, held by ${held}` : describeRef(nameOf(object));
  });
  fail(stillThere(timeout / 1000, names));
}

function nameOf({ kind, metadata }: KubeObject): { kind: string; name: string } {
  return { kind, name: metadata.name };
}

function toRef({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace && { namespace: metadata.namespace }),
  };
}
