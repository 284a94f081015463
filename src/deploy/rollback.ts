import { readNamespace, refuseEnding } from '../changes/read-namespace.ts';
import type { State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Event } from '../events.ts';
import { comparePlans } from '../plan/compare-plans.ts';
import type { Owner } from '../plan/labels.ts';
import { kindsOf } from '../plan/plan.ts';
import { fail, PaasError } from '../problems/problem.ts';
import { noRelease, nothingToRollBackTo, unknownRelease } from '../problems/releases.ts';
import type { Release, RollbackPart } from '../releases/release.ts';
import { listRecords, readRelease, type StoredRelease } from '../releases/store.ts';
import { bring } from './deploy.ts';
import type { BringOptions, Goal } from './options.ts';
import { namingRights } from './rights.ts';
import { goalOfRelease } from './rollback-goal.ts';

export interface RollbackOptions
  extends Omit<BringOptions, 'kinds' | 'choose' | 'onFailure' | 'mayCreateNamespace' | 'placeOf'> {
  /** The release to bring back; undefined: the last good one before what is live. */
  readonly number: number | undefined;
  readonly only: RollbackPart | undefined;
}

/** Brings an old release back, as a new one. Interrupted, the same call again goes on. */
export async function* rollback(options: RollbackOptions): AsyncGenerator<Event> {
  const { cluster, owner, only } = options;
  const namespace = await readNamespace(cluster, owner.namespace);
  refuseEnding(namespace);
  const { releases } = namespace
    ? await namingRights(cluster, owner, [], () => listRecords(cluster, owner))
    : { releases: [] };
  if (releases.length === 0) fail(noRelease(owner.app, owner.environment, owner.namespace));
  const known = releases.map(({ summary }) => summary.number);
  const number = options.number ?? defaultTarget(releases)?.summary.number;
  if (number === undefined) fail(nothingToRollBackTo(known[0]!));
  if (!known.includes(number)) fail(unknownRelease(number, known));
  const target = (await readRelease(cluster, owner, number)) ?? fail(unknownRelease(number, known));
  yield* bring({
    ...options,
    kinds: kindsOf(target.plan),
    choose: async (state) => {
      const of = state.releases[0]?.summary.number ?? number;
      const notes = { rollback_of: of, ...(only && { only }) };
      return withDifferences(options, state, await goalOfRelease(cluster, state, number, notes));
    },
    onFailure: 'keep',
    mayCreateNamespace: false,
    placeOf: () => undefined,
  });
}

/** What comes back, against the newest release. */
async function withDifferences({ cluster, owner }: RollbackOptions, state: State, goal: Goal): Promise<Goal> {
  const newest = state.releases[0];
  const live = newest && (await readIfWhole(cluster, owner, newest.summary.number));
  if (!live) return goal;
  // Jobs of the live release stay out of it too: they neither come back nor go.
  const withoutJobs = (plan: Goal['plan']): Goal['plan'] => ({
    ...plan,
    phases: plan.phases.map((phase) => ({
      ...phase,
      manifests: phase.manifests.filter(({ kind }) => kind !== 'Job'),
    })),
  });
  return { ...goal, differences: comparePlans(withoutJobs(live.plan), withoutJobs(goal.plan)) };
}

/** A broken record of what is live is no reason not to go back from it. */
async function readIfWhole(cluster: Cluster, owner: Owner, number: number): Promise<Release | undefined> {
  try {
    return await readRelease(cluster, owner, number);
  } catch (error) {
    if (error instanceof PaasError && error.problems[0]?.code === 'record-broken') return undefined;
    throw error;
  }
}

/**
 * What a rollback without a number goes back to. Where the newest release failed or was interrupted: the last that
 * succeeded, or what that one itself was to bring back. Else the last that succeeded before it and was something else;
 * before a rollback counts from the release that it brought back, so that going back twice goes back further.
 */
export function defaultTarget<T extends Pick<StoredRelease, 'summary'>>(
  releases: readonly T[],
): T | undefined {
  const [newest, ...older] = releases;
  if (!newest) return undefined;
  const { outcome, rollback_to: to, number, plan, only } = newest.summary;
  if (outcome !== 'succeeded') {
    const again = older.find(({ summary }) => summary.number === to);
    return again ?? older.find(({ summary }) => summary.outcome === 'succeeded');
  }
  const base = only === undefined ? (to ?? number) : number;
  return older.find(
    ({ summary }) => summary.outcome === 'succeeded' && summary.number < base && summary.plan !== plan,
  );
}
