import type { State } from '../changes/read-state.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { comparePlans, type Difference } from '../plan/compare-plans.ts';
import type { Plan } from '../plan/plan.ts';
import { readRelease } from '../releases/store.ts';

/** What a plan changes against the last release that succeeded; nothing where there is none. */
export async function changedSinceGood(cluster: Cluster, plan: Plan, state: State): Promise<Difference[]> {
  const good = state.releases.find(({ summary }) => summary.outcome === 'succeeded');
  if (!good) return [];
  // A cause without this is still a cause: an unreadable record must not hide it.
  const release = await readRelease(cluster, state.owner, good.summary.number).catch(() => undefined);
  return release ? comparePlans(release.plan, plan) : [];
}
