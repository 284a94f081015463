import { type Cluster, describeRef, type ObjectRef } from '../cluster/cluster.ts';
import { deleteObject } from '../cluster/objects.ts';
import type { Event } from '../events.ts';
import { recordMoved } from '../problems/deploy.ts';
import { fail, PaasError, type Problem } from '../problems/problem.ts';
import { type Inventory, refKey, type StoredInventory, writeInventory } from '../releases/inventory.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { closeRelease, createRelease, forgetOldReleases, type StoredRelease } from '../releases/store.ts';
import { type Applied, applyChanges } from './apply.ts';
import { type Changes, isEmpty } from './changes.ts';
import { describeFailure } from './failure.ts';
import { hashOf } from './hash.ts';
import { inventoryAfter, inventoryBefore } from './note-inventory.ts';
import type { DeployOptions } from './options.ts';
import { ownerOf, type State } from './read-state.ts';
import { waitReady } from './wait.ts';

export interface ReleaseResult {
  readonly outcome: 'succeeded' | 'failed';
  readonly release: number;
}

/** The part of a deploy that writes. Called under the lock, with a cluster that checks it before every write. */
export async function* runRelease(
  options: DeployOptions,
  state: State,
  changes: Changes,
): AsyncGenerator<Event, ReleaseResult> {
  const { cluster, plan, signal, timeout } = options;
  const { inventory } = state.inventory;
  let stored = await store(options, inventoryBefore(inventory, plan, changes), state.inventory);
  const current = await openRelease(options, state, changes);
  const release = current.summary.number;
  const applied: Applied[] = [];
  try {
    for await (const event of applyChanges(cluster, plan, changes, applied)) {
      yield event;
      signal.throwIfAborted();
    }
    stored = await store(options, inventoryAfter(inventory, plan, applied, changes.remove), stored);
    const result = yield* waitReady(cluster, plan, timeout, signal);
    if (result.state !== 'ready') {
      let first: Problem | undefined;
      for await (const event of describeFailure(
        cluster,
        plan.namespace,
        result,
        timeout / 1000,
        options.placeOf,
      )) {
        first ??= event.problem;
        yield event;
      }
      await close(options, current, 'failed', first);
      return { outcome: 'failed', release };
    }
    yield* prune(cluster, state, changes.remove);
    if (changes.remove.length > 0) await store(options, inventoryAfter(inventory, plan, applied, []), stored);
    await close(options, current, 'succeeded');
    // Housekeeping: what can't be removed today is tomorrow.
    await forgetOldReleases(cluster, state.releases).catch(() => {});
    return { outcome: 'succeeded', release };
  } catch (error) {
    // What is there stays noted as pending: the next deploy goes on from it. Where not even the outcome can be
    // noted, the release stays `pending`.
    const problem = error instanceof PaasError ? error.problems[0] : undefined;
    await close(options, current, signal.aborted ? 'interrupted' : 'failed', problem).catch(() => {});
    throw error;
  }
}

/** Removes what the plan no longer has: only what is ours, and only the very object that was seen. */
async function* prune(cluster: Cluster, state: State, refs: readonly ObjectRef[]): AsyncGenerator<Event> {
  for (const ref of [...refs].reverse()) {
    const uid = state.live.get(refKey(ref))?.metadata.uid;
    if (await deleteObject(cluster, ref, { uid, propagation: 'Background' })) {
      yield { type: 'done', action: 'delete', object: describeRef(ref) };
    }
  }
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
