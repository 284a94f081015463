import type { Cluster } from '../cluster/cluster.ts';
import { type Manifest, manifestsOf } from '../plan/plan.ts';
import { refKey } from '../releases/inventory.ts';
import { readRelease } from '../releases/store.ts';
import { hashOf } from './hash.ts';
import { keyOf, type State } from './read-state.ts';

/**
 * The manifests as they were last applied, by `deployment/web`: those of the release whose hash the inventory notes,
 * mostly the last one. What was never recorded is not among them. `only`: of these objects.
 */
export async function lastApplied(
  cluster: Cluster,
  state: State,
  only?: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Manifest>> {
  const entries = state.inventory.inventory.entries.filter((entry) => !only || only.has(refKey(entry)));
  const noted = new Map(entries.map((entry) => [refKey(entry), entry.manifest]));
  const found = new Map<string, Manifest>();
  for (const { summary } of state.releases) {
    if (found.size === noted.size) break;
    const release = await readRelease(cluster, state.owner, summary.number);
    for (const manifest of release ? manifestsOf(release.plan) : []) {
      const key = refKey(keyOf(manifest));
      if (!found.has(key) && noted.get(key) === hashOf(manifest)) found.set(key, manifest);
    }
  }
  return found;
}
