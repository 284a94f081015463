import { type Changes, isEmpty } from '../changes/changes.ts';
import { allOf, holdingNumbers } from '../changes/hand-over.ts';
import { hashOf } from '../changes/hash.ts';
import { ownerOf, type State } from '../changes/read-state.ts';
import { describeRef } from '../cluster/cluster.ts';
import type { Event } from '../events.ts';
import { labelKeys } from '../plan/names.ts';
import { manifestsOf, type PhaseName, type Plan } from '../plan/plan.ts';
import { recordMoved } from '../problems/deploy.ts';
import { fail, PaasError, type Problem } from '../problems/problem.ts';
import type { Awaited } from '../readiness/workload.ts';
import {
  type Inventory,
  type InventoryEntry,
  type StoredInventory,
  writeInventory,
} from '../releases/inventory.ts';
import type { ReleaseSummary } from '../releases/release.ts';
import { writeScalings } from '../releases/scaling.ts';
import { closeRelease, createRelease, forgetOldReleases, type StoredRelease } from '../releases/store.ts';
import { type WaitResult, waitReady } from '../waiting/wait.ts';
import { applyChanges } from './apply.ts';
import { awaitObjects } from './await-objects.ts';
import { awaitedJobs, awaitedWorkloads } from './awaited.ts';
import { changedSinceGood } from './changed-since-good.ts';
import { wentSoFar } from './choose-plan.ts';
import { removeCopies, unneededCopies } from './copy-pull-secrets.ts';
import { describeFailure } from './failure.ts';
import { letGoUnready } from './let-go-unready.ts';
import { awaitNoticed } from './make-way.ts';
import { inventoryAfter, inventoryBefore, stillThere, withoutJobs } from './note-inventory.ts';
import type { RunOptions } from './options.ts';
import { prune, removeFirst, removeRecreated } from './remove-objects.ts';

/** What comes before anything runs, and what is about what runs. */
const foundations = ['identity', 'config', 'volumes'] as const;
const surroundings = ['workloads', 'autoscalers', 'traffic', 'monitors'] as const;

export interface ReleaseResult {
  readonly outcome: 'succeeded' | 'failed';
  readonly release: number;
  /** Whether jobs of this release ran: what they changed is not taken back with it. */
  readonly ranJobs: boolean;
}

/** The part of a deploy that writes. Called under the lock, with a cluster that checks it before every write. */
export async function* runRelease(
  options: RunOptions,
  state: State,
  changes: Changes,
): AsyncGenerator<Event, ReleaseResult> {
  const { cluster, plan, signal, timeout } = options;
  const { inventory } = state.inventory;
  const [noted, current] = await both(
    store(options, inventoryBefore(inventory, plan, changes), state.inventory),
    openRelease(options, state, changes),
  );
  let stored = noted;
  const applied: InventoryEntry[] = [];
  const apply = async function* (...phases: PhaseName[]): AsyncGenerator<Event> {
    for (const phase of phases) {
      yield* removeRecreated(options, changes, phase);
      for await (const event of applyChanges(cluster, plan, changes, [phase], applied, options.consent)) {
        yield event;
        signal.throwIfAborted();
      }
    }
  };
  const left = stillThere(plan, changes);
  const jobs = awaitedJobs(plan, state, changes);
  let ranJobs = false;
  try {
    yield* removeFirst(options, state, changes.removeFirst);
    yield* apply(...foundations);
    // What operators make of it, such as the Secrets of others, is there before anything needs it.
    const founded = yield* awaitObjects(options, state, changes, foundations);
    if (founded.state !== 'ready') return yield* failed(options, state, current, founded, false);
    ranJobs = jobs.length > 0 && hasJobsOfItsOwn(plan, changes, jobs);
    yield* apply('jobs');
    if (jobs.length > 0) {
      stored = await store(options, inventoryAfter(inventory, plan, applied, left, false), stored);
    }
    const ended = yield* waitReady(cluster, plan, jobs, timeout, signal);
    if (ended.state !== 'ready') {
      // One that failed has not run, whether it is still there the next time or not.
      const unfinished = jobs.filter(({ component }) => ended.components.get(component)?.state !== 'ready');
      await store(options, withoutJobs(stored.inventory, unfinished), stored);
      return yield* failed(options, state, current, ended, ranJobs);
    }
    yield* removeFirst(options, state, changes.removeBefore.workloads ?? []);
    yield* apply('workloads');
    const awaited = awaitedWorkloads(plan);
    // A wait may be long, and end early.
    if (awaited.length > 0)
      stored = await store(options, inventoryAfter(inventory, plan, applied, left, true), stored);
    // Only where instances that never become ready may be there.
    const isRollback = options.notes?.rollback_to !== undefined;
    if (isRollback || state.releases[0]?.summary.outcome !== 'succeeded') {
      yield* letGoUnready(cluster, plan, signal);
    }
    const result = yield* waitReady(cluster, plan, awaited, timeout, signal);
    if (result.state !== 'ready') return yield* failed(options, state, current, result, ranJobs);
    yield* makeWay(options, state, changes);
    yield* apply('autoscalers', 'traffic', 'monitors');
    const reached = yield* awaitObjects(options, state, changes, surroundings);
    if (reached.state !== 'ready') return yield* failed(options, state, current, reached, ranJobs);
    yield* prune(cluster, state, changes.remove);
    yield* removeCopies(cluster, unneededCopies(plan, state));
    for (const ref of changes.keep) yield { type: 'kept', object: describeRef(ref), reason: 'it holds data' };
    if (applied.length + changes.remove.length + allOf(changes.removeBefore).length > 0) {
      await store(options, inventoryAfter(inventory, plan, applied, changes.keep, true), stored);
    }
    await forgetNumbers(options, state);
    await close(options, current, 'succeeded', [], ranJobs);
    // Housekeeping: what can't be removed today is tomorrow.
    const releases = [
      current,
      ...state.releases.filter(({ summary }) => summary.number !== current.summary.number),
    ];
    await forgetOldReleases(cluster, asEnded(releases), Date.now()).catch(() => {});
    return { outcome: 'succeeded', release: current.summary.number, ranJobs };
  } catch (error) {
    // What is there stays noted as pending: the next deploy goes on from it. Where not even the outcome can be
    // noted, the release stays `pending`.
    const problems = error instanceof PaasError ? error.problems : [];
    await close(options, current, signal.aborted ? 'interrupted' : 'failed', problems, ranJobs).catch(
      () => {},
    );
    // What the cluster doesn't take is the app's failure like any other.
    if (signal.aborted || problems.length === 0 || problems.some(({ kind }) => kind !== 'failed'))
      throw error;
    for (const problem of problems) yield { type: 'problem', problem };
    return { outcome: 'failed', release: current.summary.number, ranJobs };
  }
}

/** Two writes at once. Where one fails, the other has ended too before that is told. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}

/** Tells why, and notes it. */
async function* failed(
  options: RunOptions,
  state: State,
  current: StoredRelease,
  result: WaitResult,
  ranJobs: boolean,
): AsyncGenerator<Event, ReleaseResult> {
  const { cluster, plan, timeout, placeOf } = options;
  const changed = await changedSinceGood(cluster, plan, state);
  const problems: Problem[] = [];
  for await (const event of describeFailure(
    cluster,
    plan.namespace,
    result,
    timeout / 1000,
    placeOf,
    changed,
  )) {
    problems.push(event.problem);
    yield event;
  }
  await close(options, current, 'failed', problems, ranJobs);
  return { outcome: 'failed', release: current.summary.number, ranJobs };
}

/** Whether jobs run for this release: one that ran once, long ago, is none of it. */
function hasJobsOfItsOwn(plan: Plan, changes: Changes, jobs: readonly Awaited[]): boolean {
  if (changes.apply.some(({ manifest }) => manifest.kind === 'Job')) return true;
  const once = new Set(
    manifestsOf(plan)
      .filter(({ metadata }) => metadata.annotations?.[labelKeys.run] === 'once')
      .map(({ metadata }) => metadata.name),
  );
  return jobs.some(({ name }) => !once.has(name));
}

/** The newest has just succeeded. */
function asEnded([newest, ...older]: readonly StoredRelease[]): StoredRelease[] {
  return [{ ...newest!, summary: { ...newest!.summary, outcome: 'succeeded' } }, ...older];
}

/** What scaled a workload goes right before what scales it from now on. */
async function* makeWay(options: RunOptions, state: State, changes: Changes): AsyncGenerator<Event> {
  const refs = changes.removeBefore.autoscalers ?? [];
  if (refs.length === 0) return;
  yield* removeFirst(options, state, refs);
  await awaitNoticed(options.cluster, options.plan, changes, options.signal);
}

async function store(
  options: RunOptions,
  inventory: Inventory,
  before: StoredInventory,
): Promise<StoredInventory> {
  const written = await writeInventory(options.cluster, ownerOf(options.plan), inventory, before.head);
  return written ?? fail(recordMoved());
}

/** A number that was set by hand holds until the file has asked for another one, and doesn't come back with the old. */
async function forgetNumbers({ cluster, plan }: RunOptions, { scaling }: State): Promise<void> {
  const { numbers } = scaling.scalings;
  const holding = holdingNumbers(plan, numbers);
  if (Object.keys(holding).length === Object.keys(numbers).length) return;
  const left = { ...scaling.scalings, numbers: holding };
  if (!(await writeScalings(cluster, ownerOf(plan), left, scaling.head))) fail(recordMoved());
}

/**
 * A new release; or, where nothing changes because the last deploy of the very same plan failed, or it was interrupted
 * with its jobs behind it, that one once more: trying again is not a release.
 */
async function openRelease(options: RunOptions, state: State, changes: Changes): Promise<StoredRelease> {
  const last = state.releases[0];
  const plan = hashOf(options.plan);
  if (last && isEmpty(changes) && last.summary.plan === plan) return last;
  if (last && wentSoFar(options.plan, last.summary, state)) return last;
  const summary: ReleaseSummary = {
    number: (last?.summary.number ?? 0) + 1,
    at: new Date().toISOString(),
    outcome: 'pending',
    plan,
    ...(Object.keys(options.versions).length > 0 && { secrets: options.versions }),
    ...options.by,
    ...options.notes,
  };
  return (await createRelease(options.cluster, state.owner, summary, options.plan)) ?? fail(recordMoved());
}

async function close(
  { cluster, plan }: RunOptions,
  current: StoredRelease,
  outcome: ReleaseSummary['outcome'],
  problems: readonly Problem[],
  ranJobs: boolean,
): Promise<void> {
  const [first] = problems;
  const cause = first && { cause: { code: first.code, message: first.message } };
  const ran = ranJobs && { ran_jobs: true as const };
  await closeRelease(cluster, ownerOf(plan), current, { outcome, ...cause, ...ran }, problems);
}
