import type { Cluster } from '../cluster/cluster.ts';
import { describeRef } from '../cluster/cluster.ts';
import type { ChangeSummary } from '../events.ts';
import { compareManifests } from '../plan/compare-plans.ts';
import { describeDifference } from '../plan/describe-differences.ts';
import { refKey } from '../releases/inventory.ts';
import type { Changes } from './changes.ts';
import { lastApplied } from './last-applied.ts';
import { keyOf, type State } from './read-state.ts';

/** Of an object that the file says as before: somebody else changed it. */
const drifted = 'as the file says again; what others changed: paas diff';

/**
 * The changes as people are told them, with what of each object becomes other than it was last applied. It costs a
 * request for the release that it was applied by.
 */
export async function withWords(
  cluster: Cluster,
  state: State,
  { apply }: Changes,
  told: readonly ChangeSummary[],
): Promise<ChangeSummary[]> {
  const changing = apply.filter(({ live, from, recreate }) => live && from === undefined && !recreate);
  if (changing.length === 0) return [...told];
  const keys = new Set(changing.map(({ manifest }) => refKey(keyOf(manifest))));
  // Words for people: without them a deploy is none the worse.
  const applied = await lastApplied(cluster, state, keys).catch(() => new Map());
  const words = new Map<string, readonly string[]>();
  for (const { manifest } of changing) {
    const ref = keyOf(manifest);
    const before = applied.get(refKey(ref));
    if (!before) continue;
    const found = compareManifests([before], [manifest]).map(describeDifference);
    words.set(describeRef(ref), found.length > 0 ? [...new Set(found)] : [drifted]);
  }
  return told.map((change) => {
    const changed = change.action === 'update' ? words.get(change.object) : undefined;
    if (!changed) return change;
    const { detail: _, ...rest } = change;
    return { ...rest, changed };
  });
}
