import { type Changes, isEmpty, planChanges, summarize } from '../changes/changes.ts';
import { hashOf } from '../changes/hash.ts';
import { ownerOf, type State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Event } from '../events.ts';
import { kindsOf } from '../plan/plan.ts';
import { declined } from '../problems/deploy.ts';
import { fail } from '../problems/problem.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { takeLock } from '../releases/lock.ts';
import { afterFailure, type End } from './after-failure.ts';
import { preflight } from './apply.ts';
import { choosePlan } from './choose-plan.ts';
import { copyPullSecrets, removeCopies, staleCopies, unneededCopies } from './copy-pull-secrets.ts';
import { type Found, lookFirst } from './look-first.ts';
import { createNamespace } from './namespace.ts';
import type { BringOptions, DeployOptions, RunOptions } from './options.ts';
import { readSettled } from './read-settled.ts';
import { namingRightsOf } from './rights.ts';
import { type ReleaseResult, runRelease } from './run-release.ts';
import { secondsSince, settle } from './settle.ts';

/** Brings the cluster to what the app's file says. */
export async function* deploy(options: DeployOptions): AsyncGenerator<Event> {
  const outline = options.planFor({ release: 1, secrets: {}, images: options.images.known });
  yield* bring({
    ...options,
    owner: ownerOf(outline),
    kinds: kindsOf(outline),
    choose: (state) => {
      const { plan, sizes } = choosePlan(options, state);
      const versions = options.secrets.map(({ name }) => [name, state.secrets[name] ?? 0] as const);
      return {
        plan,
        versions: Object.fromEntries(versions),
        ...(Object.keys(sizes).length > 0 && { notes: { sizes } }),
      };
    },
  });
}

/**
 * Brings the cluster to a goal: read, compare, ask, lock, read again, note what is about to be made, apply, wait,
 * remove what is no longer said, note how it ended. Where it ends early, the same call again goes on. Where the app
 * fails, the last good release comes back, if it should.
 */
export async function* bring(options: BringOptions): AsyncGenerator<Event> {
  const { cluster, owner, kinds, signal } = options;
  const begun = performance.now();
  // Until the lock is had, an interrupted run ends at once.
  const reading: Cluster = { ...cluster, signal };
  const found = yield* lookFirst(options, reading, begun);
  if (!found) return;
  if (!found.hasNamespace) await createNamespace(cluster, owner);

  const locking = takeLock(cluster, owner, {
    ...options.lock,
    patience: options.timeout,
    signal,
    free: found.free,
  });
  const lock = yield* namingRightsOf(reading, owner, kinds, locking);
  try {
    const guarded = { ...options, cluster: { ...cluster, beforeWrite: lock.check } };
    const read = () => readSettled(guarded, guarded.cluster);
    const again = yield* read();
    refuseFrozen(again.freeze, owner);
    const by = await found.by;
    const settled: RunOptions = { ...guarded, ...(await options.choose(again)), by };
    const final = yield* lookAgain(settled, again, found);
    const stale = await staleCopies(guarded.cluster, owner, settled.plan);
    yield* copyPullSecrets(guarded.cluster, owner, stale);
    const live = again.releases[0]?.summary;
    // Nothing but copies changed, or whoever had the lock did it all: then what is live is no release of this run.
    if (isEmpty(final) && live?.outcome === 'succeeded') {
      yield* removeCopies(guarded.cluster, unneededCopies(settled.plan, again));
      yield* settle(settled, again, live.number, begun);
      return;
    }
    const result = yield* runRelease(settled, again, final);
    const end = ending(settled, result) ?? (yield* afterFailure(settled, result, read));
    yield { type: 'end', ...end, seconds: secondsSince(begun) };
  } finally {
    await lock.release();
  }
}

/** How a run that succeeded ended. */
function ending({ notes }: RunOptions, { outcome, release }: ReleaseResult): End | undefined {
  const to = notes?.rollback_to;
  return outcome === 'succeeded' ? { outcome, release, ...(to !== undefined && { to }) } : undefined;
}

/** What is applied is what was shown: where it is something else by now, it is shown, and asked, again. */
async function* lookAgain(
  { cluster, plan, confirm, consent, check }: RunOptions,
  state: State,
  before: Found,
): AsyncGenerator<Event, Changes> {
  const changes = planChanges(plan, state, consent);
  check?.(plan, changes, state);
  const same = hashOf(plan) === hashOf(before.plan) && hashOf(summarize(changes)) === hashOf(before.summary);
  if (same) return before.changes;
  const again = await preflight(cluster, plan, changes, consent);
  const summary = summarize(again);
  yield { type: 'changes', changes: summary };
  if (!isEmpty(changes) && !(await confirm(summary))) fail(declined());
  return again;
}
