import { setTimeout as sleep } from 'node:timers/promises';
import { withWords } from '../changes/changed-words.ts';
import { type Changes, isEmpty, planChanges, summarize } from '../changes/changes.ts';
import { checkConsent } from '../changes/check-consent.ts';
import { hashOf } from '../changes/hash.ts';
import { keptNumbers } from '../changes/kept-numbers.ts';
import { keptSizes } from '../changes/kept-sizes.ts';
import { ownerOf, readState, type State } from '../changes/read-state.ts';
import { helmRelease } from '../changes/take-over.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Difference } from '../plan/compare-plans.ts';
import { describeDifferences } from '../plan/describe-differences.ts';
import type { Owner } from '../plan/labels.ts';
import { kindsOf, type Plan } from '../plan/plan.ts';
import { declined, stillThere } from '../problems/deploy.ts';
import { namespaceMissing } from '../problems/platform.ts';
import { fail, type Problem } from '../problems/problem.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { readFreeLock, takeLock } from '../releases/lock.ts';
import { readinessOf, waitReady } from '../waiting/wait.ts';
import { afterFailure, type End } from './after-failure.ts';
import { preflight } from './apply.ts';
import { awaitedWorkloads } from './awaited.ts';
import { choosePlan } from './choose-plan.ts';
import { copyChanges, copyPullSecrets, staleCopies } from './copy-pull-secrets.ts';
import { describeFailure } from './failure.ts';
import { createNamespace } from './namespace.ts';
import type { BringOptions, DeployOptions, RunOptions } from './options.ts';
import { certainProblems } from './pre-flight/certain.ts';
import { namingRights, refuseLacking, refuseRights } from './rights.ts';
import { type ReleaseResult, runRelease } from './run-release.ts';

/** Milliseconds. */
const lookAgainAfter = 500;

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
  const { cluster, owner, signal } = options;
  const begun = performance.now();
  // Until the lock is had, an interrupted run ends at once.
  const reading: Cluster = { ...cluster, signal };
  const { kinds } = options;
  const found = namingRightsOf(reading, owner, kinds, readSettled(options, reading));
  const state = yield* onRightCluster(options.guarded, found);
  refuseFrozen(state.freeze, owner);
  const goal = await options.choose(state);
  const { plan } = goal;
  const run: RunOptions = { ...options, ...goal };
  const changes = planChanges(plan, state, options.consent);
  options.check?.(plan, changes, state);
  if (options.consent) checkConsent(options.consent, plan, changes);
  const tried = () =>
    namingRights(reading, owner, kinds, () => preflight(reading, plan, changes, options.consent));
  // What is deleted and made again is shown as that: the cluster tells it.
  const recreates = (options.consent?.recreate.length ?? 0) > 0;
  const early = recreates ? await tried() : undefined;
  const copies = await staleCopies(reading, owner, plan);
  const told = [...copyChanges(copies), ...summarize(early ?? changes)];
  // A rollback says what comes back; a deploy, what of each object becomes other.
  const shown = goal.differences ? told : await withWords(reading, state, changes, told);
  if (goal.differences) yield differencesEvent(goal.differences, goal.notes?.rollback_to);
  yield { type: 'changes', changes: shown };
  yield* keptNumbers(plan, state);
  yield* keptSizes(plan, state, goal.notes?.sizes);
  for (const message of [...(goal.warnings ?? []), ...afterTakeOver(changes)])
    yield { type: 'warning', message };
  const last = state.releases[0]?.summary;
  if (options.dryRun) {
    if (!early) await tried();
    yield { type: 'end', outcome: 'planned', seconds: secondsSince(begun) };
    return;
  }
  const nothing = isEmpty(changes) && copies.length === 0;
  if (nothing && last?.outcome === 'succeeded') {
    yield* settle(run, state, last.number, begun);
    return;
  }
  if (!state.namespace && !options.mayCreateNamespace) fail(namespaceMissing(owner.namespace));
  // Before anything is touched, the lock included.
  const free = state.namespace ? readFreeLock(reading, owner) : { lease: undefined };
  const checked = await checkFirst(
    certainProblems(reading, plan, changes, state, options.placeOf),
    state.namespace && !isEmpty(changes) ? refuseLacking(reading, plan, changes) : undefined,
    early ?? tried(),
  );
  // Also where nothing is left to write: what fails then is taken back.
  if (!(await options.confirm(shown))) fail(declined());
  signal.throwIfAborted();
  if (!state.namespace) await createNamespace(cluster, owner);

  const locking = takeLock(cluster, owner, {
    ...options.lock,
    patience: options.timeout,
    signal,
    free: await free,
  });
  const lock = yield* namingRightsOf(reading, owner, kinds, locking);
  try {
    const guarded = { ...options, cluster: { ...cluster, beforeWrite: lock.check } };
    const read = () => readSettled(guarded, guarded.cluster);
    const again = yield* read();
    refuseFrozen(again.freeze, owner);
    const settled: RunOptions = { ...guarded, ...(await options.choose(again)) };
    const final = yield* lookAgain(settled, again, { plan, changes: checked, found: summarize(changes) });
    const stale = await staleCopies(guarded.cluster, owner, settled.plan);
    yield* copyPullSecrets(guarded.cluster, owner, stale);
    const live = again.releases[0]?.summary;
    // Nothing but a copy was stale, or whoever had the lock did it all: then what is live is no release of this run.
    if (isEmpty(final) && live?.outcome === 'succeeded') {
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

/** The same; but whatever goes wrong on a cluster that isn't the one that is meant, that is what is said. */
async function* onRightCluster<T>(
  guarded: BringOptions['guarded'],
  events: AsyncGenerator<Event, T>,
): AsyncGenerator<Event, T> {
  try {
    return yield* events;
  } finally {
    await guarded;
  }
}

/** What is found out before anything is touched, asked at once and told in this order. Gives the changes as they may be made. */
async function checkFirst(
  certain: Promise<readonly Problem[]>,
  rights: Promise<void> | undefined,
  tried: Changes | Promise<Changes>,
): Promise<Changes> {
  const [problems, lacking, changes] = await Promise.allSettled([certain, rights, tried]);
  if (problems.status === 'rejected') throw problems.reason;
  if (problems.value.length > 0) fail(...problems.value);
  if (lacking.status === 'rejected') throw lacking.reason;
  if (changes.status === 'rejected') throw changes.reason;
  return changes.value;
}

/** How a run that succeeded ended. */
function ending({ notes }: RunOptions, { outcome, release }: ReleaseResult): End | undefined {
  const to = notes?.rollback_to;
  return outcome === 'succeeded' ? { outcome, release, ...(to !== undefined && { to }) } : undefined;
}

/** What is there, once nothing of ours is on its way out any more: an object that is ending can't be changed. */
async function* readSettled(
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

/**
 * The last deploy ended well and nothing changes: then there is nothing to write. But what isn't ready now is waited
 * for, so that a retry can't turn red into green.
 */
async function* settle(
  options: RunOptions,
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

/** What is applied is what was shown: where it is something else by now, it is shown, and asked, again. */
async function* lookAgain(
  { cluster, plan, confirm, consent, check }: RunOptions,
  state: State,
  before: { readonly plan: Plan; readonly changes: Changes; readonly found: readonly ChangeSummary[] },
): AsyncGenerator<Event, Changes> {
  const changes = planChanges(plan, state, consent);
  check?.(plan, changes, state);
  const same = hashOf(plan) === hashOf(before.plan) && hashOf(summarize(changes)) === hashOf(before.found);
  if (same) return before.changes;
  const again = await preflight(cluster, plan, changes, consent);
  const summary = summarize(again);
  yield { type: 'changes', changes: summary };
  if (!isEmpty(changes) && !(await confirm(summary))) fail(declined());
  return again;
}

/** The same for what tells as it goes. */
async function* namingRightsOf<T>(
  cluster: Cluster,
  owner: Owner,
  kinds: BringOptions['kinds'],
  events: AsyncGenerator<Event, T>,
): AsyncGenerator<Event, T> {
  try {
    return yield* events;
  } catch (error) {
    return refuseRights(cluster, owner, kinds, error);
  }
}

/** What stays to be done by the person where Helm's objects are taken over. */
function afterTakeOver({ apply }: Changes): string[] {
  const taken = apply.flatMap(({ live, from }) => (live && from !== undefined ? [helmRelease(live)] : []));
  const releases = [...new Set(taken)].filter((name) => name !== undefined);
  return releases.map(
    (name) =>
      `Helm goes on counting these objects as its release ${name}: helm uninstall would delete them. Once this is done, let Helm forget it: kubectl delete secret -l owner=helm,name=${name}`,
  );
}

function differencesEvent(found: readonly Difference[], to: number | undefined): Event {
  const differences = describeDifferences(found);
  return { type: 'differences', ...(to !== undefined && { release: to }), differences };
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 100) / 10;
}
