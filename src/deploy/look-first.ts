import { withWords } from '../changes/changed-words.ts';
import { type Changes, isEmpty, planChanges, summarize } from '../changes/changes.ts';
import { checkConsent } from '../changes/check-consent.ts';
import { keptNumbers } from '../changes/kept-numbers.ts';
import { keptSizes } from '../changes/kept-sizes.ts';
import { helmRelease } from '../changes/take-over.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ChangeSummary, Event } from '../events.ts';
import type { Difference } from '../plan/compare-plans.ts';
import { describeDifferences } from '../plan/describe-differences.ts';
import type { Plan } from '../plan/plan.ts';
import { declined } from '../problems/deploy.ts';
import { namespaceMissing } from '../problems/platform.ts';
import { fail, type Problem } from '../problems/problem.ts';
import { refuseFrozen } from '../releases/freeze.ts';
import { type FreeLock, readFreeLock } from '../releases/lock.ts';
import { preflight } from './apply.ts';
import { copyChanges, staleCopies, unneededCopies } from './copy-pull-secrets.ts';
import { neededFor } from './needed-rights.ts';
import type { BringOptions, Maker } from './options.ts';
import { certainProblems } from './pre-flight/certain.ts';
import { readSettled } from './read-settled.ts';
import { namingRights, namingRightsOf, refuseLacking } from './rights.ts';
import { secondsSince, settle } from './settle.ts';

/** What is to be done, as it was found and agreed to before the lock. The state that it was found in is let go. */
export interface Found {
  readonly plan: Plan;
  /** As the cluster says that they may be made. */
  readonly changes: Changes;
  /** As they came from comparing alone. */
  readonly summary: readonly ChangeSummary[];
  readonly hasNamespace: boolean;
  readonly free: FreeLock | undefined;
  readonly by: Promise<Maker>;
}

/**
 * Reads, compares, tells, checks and asks, and writes nothing. Undefined where that was all: a dry run, or a release
 * that nothing changes in.
 */
export async function* lookFirst(
  options: BringOptions,
  reading: Cluster,
  begun: number,
): AsyncGenerator<Event, Found | undefined> {
  const { owner, kinds, signal } = options;
  const found = namingRightsOf(reading, owner, kinds, readSettled(options, reading));
  const state = yield* onRightCluster(options.guarded, found);
  refuseFrozen(state.freeze, owner);
  const goal = await options.choose(state);
  const { plan } = goal;
  const run = { ...options, ...goal };
  const changes = planChanges(plan, state, options.consent);
  options.check?.(plan, changes, state);
  if (options.consent) checkConsent(options.consent, plan, changes);
  const tried = () =>
    namingRights(reading, owner, kinds, () => preflight(reading, plan, changes, options.consent));
  // What is deleted and made again is shown as that: the cluster tells it.
  const recreates = (options.consent?.recreate.length ?? 0) > 0;
  const early = recreates ? await tried() : undefined;
  const copies = await staleCopies(reading, owner, plan);
  const unneeded = unneededCopies(plan, state);
  const told = [...copyChanges(copies, unneeded), ...summarize(early ?? changes)];
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
    return undefined;
  }
  const nothing = isEmpty(changes) && copies.length + unneeded.length === 0;
  if (nothing && last?.outcome === 'succeeded') {
    yield* settle(run, state, last.number, begun);
    return undefined;
  }
  if (!state.namespace && !options.mayCreateNamespace) fail(namespaceMissing(owner.namespace));
  const by = options.by();
  // Told where it is waited for.
  by.catch(() => {});
  // Before anything is touched, the lock included.
  const free = state.namespace ? readFreeLock(reading, owner) : Promise.resolve({ lease: undefined });
  const checked = await checkFirst(
    certainProblems(reading, plan, changes, state, options.placeOf),
    state.namespace && !nothing
      ? refuseLacking(reading, owner.namespace, neededFor(plan, changes, unneeded))
      : undefined,
    early ?? tried(),
  );
  // Also where nothing is left to write: what fails then is taken back.
  if (!(await options.confirm(shown))) fail(declined());
  signal.throwIfAborted();
  return {
    plan,
    changes: checked,
    summary: summarize(changes),
    hasNamespace: state.namespace !== undefined,
    free: await free,
    by,
  };
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
