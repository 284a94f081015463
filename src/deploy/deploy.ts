import { type Cluster, describeRef, type ObjectRef } from '../cluster/cluster.ts';
import { deleteObject } from '../cluster/objects.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Plan } from '../plan/plan.ts';
import { declined, recordMoved } from '../problems/deploy.ts';
import { fail, PaasError, type Problem } from '../problems/problem.ts';
import {
  type Inventory,
  type InventoryEntry,
  refKey,
  type StoredInventory,
  writeInventory,
} from '../releases/inventory.ts';
import { type LockOptions, takeLock } from '../releases/lock.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { closeRelease, createRelease, forgetOldReleases, type StoredRelease } from '../releases/store.ts';
import { type Applied, applyChanges, preflight } from './apply.ts';
import { type Changes, isEmpty, planChanges, summarize } from './changes.ts';
import { describeFailure, type PlaceOf } from './failure.ts';
import { hashOf } from './hash.ts';
import { createNamespace } from './namespace.ts';
import { ownerOf, readState, refOf, type State } from './read-state.ts';
import { readinessOf, waitReady } from './wait.ts';

export interface DeployOptions {
  readonly cluster: Cluster;
  readonly plan: Plan;
  /** Milliseconds to wait for the lock, and again for the app. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly lock: Pick<LockOptions, 'holder' | 'isGone'>;
  /** What the release notes of its making. */
  readonly by: Pick<ReleaseSummary, 'by' | 'tool' | 'git'>;
  /** Asks the person. Called again where the changes are others once the lock is had. */
  readonly confirm: (changes: readonly ChangeSummary[]) => Promise<boolean>;
  readonly placeOf: PlaceOf;
}

/**
 * Brings the cluster to what a plan says: read, compare, ask, lock, read again, note what is about to be made, apply,
 * wait, remove what is no longer said, note how it ended. Where it ends early, the same call again goes on.
 */
export async function* deploy(options: DeployOptions): AsyncGenerator<Event> {
  const { cluster, plan, signal } = options;
  const begun = performance.now();
  const end = (outcome: 'succeeded' | 'unchanged' | 'failed', release?: number): Event => ({
    type: 'end',
    outcome,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    ...(release !== undefined && { release }),
  });
  const owner = ownerOf(plan);
  const state = await readState(cluster, owner, kindsOf(plan));
  const changes = planChanges(plan, state);
  const shown = summarize(changes);
  yield { type: 'changes', changes: shown };
  if (isEmpty(changes) && isSettled(state, plan)) {
    yield end('unchanged', state.releases[0]?.summary.number);
    return;
  }
  // Before anything is touched, the lock included.
  const checked = await preflight(cluster, plan, changes);
  if (!isEmpty(changes) && !(await options.confirm(shown))) fail(declined());
  signal.throwIfAborted();
  if (!state.namespace) await createNamespace(cluster, owner);

  const lock = yield* takeLock(cluster, owner, { ...options.lock, patience: options.timeout, signal });
  try {
    const guarded: Cluster = { ...cluster, beforeWrite: lock.check };
    const again = await readState(guarded, owner, kindsOf(plan));
    const moved = planChanges(plan, again);
    let final = checked;
    if (hashOf(summarize(moved)) !== hashOf(shown)) {
      yield { type: 'changes', changes: summarize(moved) };
      final = await preflight(guarded, plan, moved);
      if (!isEmpty(moved) && !(await options.confirm(summarize(moved)))) fail(declined());
    }
    yield* release({ ...options, cluster: guarded }, again, final, end);
  } finally {
    await lock.release();
  }
}

/** The part of a deploy that writes, under the lock. */
async function* release(
  options: DeployOptions,
  state: State,
  changes: Changes,
  end: (outcome: 'succeeded' | 'failed', release?: number) => Event,
): AsyncGenerator<Event> {
  const { cluster, plan, signal, timeout } = options;
  const { inventory } = state.inventory;
  let stored = await store(options, { ...inventory, pending: pendingOf(plan, changes) }, state.inventory);
  const current = await openRelease(options, state, changes);
  const number = current.summary.number;
  const applied: Applied[] = [];
  let removed: ObjectRef[] = [];
  try {
    for await (const event of applyChanges(cluster, plan, changes, applied)) {
      yield event;
      signal.throwIfAborted();
    }
    stored = await store(options, merge(inventory, plan, applied, []), stored);
    const result = yield* waitReady(cluster, plan, timeout, signal);
    if (result.state !== 'ready') {
      const problems = await describeFailure(
        cluster,
        plan.namespace,
        result,
        timeout / 1000,
        options.placeOf,
      );
      for (const problem of problems) yield { type: 'problem', problem };
      await close(options, current, 'failed', problems[0]);
      yield end('failed', number);
      return;
    }
    for (const ref of [...changes.remove].reverse()) {
      if (
        await deleteObject(cluster, ref, {
          uid: state.live.get(refKey(ref))?.metadata.uid,
          propagation: 'Background',
        })
      ) {
        yield { type: 'done', action: 'delete', object: describeRef(ref) };
      }
    }
    removed = [...changes.remove];
    if (removed.length > 0) await store(options, merge(inventory, plan, applied, removed), stored);
    await close(options, current, 'succeeded');
    await forgetOldReleases(cluster, state.releases);
    yield end('succeeded', number);
  } catch (error) {
    // What is there stays noted as pending; the next deploy goes on from it.
    const interrupted = signal.aborted;
    const problem = error instanceof PaasError ? error.problems[0] : undefined;
    await close(options, current, interrupted ? 'interrupted' : 'failed', problem).catch(() => {});
    throw error;
  }
}

function kindsOf(plan: Plan): { apiVersion: string; kind: string }[] {
  return plan.phases.flatMap((phase) =>
    phase.manifests.map(({ apiVersion, kind }) => ({ apiVersion, kind })),
  );
}

/** Whether the last deploy ended well and everything is ready now: only then there is nothing to do. */
function isSettled(state: State, plan: Plan): boolean {
  if (state.releases[0]?.summary.outcome !== 'succeeded') return false;
  const deployments = [...state.live.values()].filter(({ kind }) => kind === 'Deployment');
  const readiness = readinessOf(plan, deployments, [], [], [], Date.now());
  return [...readiness.values()].every((component) => component.state === 'ready');
}

function pendingOf(plan: Plan, changes: Changes): ObjectRef[] {
  return [...plan.phases.flatMap((phase) => phase.manifests.map(refOf)), ...changes.remove];
}

/** The inventory after an apply: what was applied replaces what was noted, what was removed goes. */
function merge(
  before: Inventory,
  plan: Plan,
  applied: readonly Applied[],
  removed: readonly ObjectRef[],
): Inventory {
  const entries = new Map(before.entries.map((entry) => [refKey(entry), entry]));
  for (const { object, manifest, fields } of applied) {
    const entry: InventoryEntry = { ...refOf(object), uid: object.metadata.uid ?? '', manifest, fields };
    entries.set(refKey(entry), entry);
  }
  for (const ref of removed) entries.delete(refKey(ref));
  const scale = Object.fromEntries(plan.scale.map((one) => [refKey(one), one.replicas]));
  return { entries: [...entries.values()], pending: [], scale };
}

async function store(
  options: DeployOptions,
  inventory: Inventory,
  before: StoredInventory,
): Promise<StoredInventory> {
  const written = await writeInventory(options.cluster, ownerOf(options.plan), inventory, before.head);
  return written ?? fail(recordMoved());
}

/**
 * A new release; or, where nothing changes because the last deploy of the very same plan failed, that one once more:
 * trying again is not a release.
 */
async function openRelease(options: DeployOptions, state: State, changes: Changes): Promise<StoredRelease> {
  const last = state.releases[0];
  const plan = hashOf(options.plan);
  if (last && isEmpty(changes) && last.summary.plan === plan) return last;
  const summary: ReleaseSummary = {
    number: (last?.summary.number ?? 0) + 1,
    at: new Date().toISOString(),
    outcome: 'pending',
    plan,
    ...options.by,
  };
  return (await createRelease(options.cluster, state.owner, summary, options.plan)) ?? fail(recordMoved());
}

async function close(
  { cluster, plan }: DeployOptions,
  current: StoredRelease,
  outcome: ReleaseSummary['outcome'],
  problem?: Problem,
): Promise<void> {
  const cause = problem && { cause: { code: problem.code, message: problem.message } };
  await closeRelease(cluster, ownerOf(plan), current, { outcome, ...cause });
}
