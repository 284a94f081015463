import type { Changes } from '../../changes/changes.ts';
import type { State } from '../../changes/read-state.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Problem } from '../../problems/problem.ts';
import type { PlaceOf } from '../failure.ts';
import { plannedPods } from './pods.ts';
import { checkQuotas, readQuotas } from './quotas.ts';
import { checkSecrets, foreignSecrets, mayMakeSecrets } from './secrets.ts';

/**
 * What is certain to fail, of what a deploy is about to change: it is told before anything is touched. Asks for
 * nothing where no workload changes; what may not be read is passed over.
 */
export async function certainProblems(
  cluster: Cluster,
  plan: Plan,
  changes: Changes,
  state: State,
  placeOf: PlaceOf,
): Promise<readonly Problem[]> {
  // A namespace that is yet to be made has neither quotas nor secrets; what makes them may come with it.
  if (!state.namespace) return [];
  const pods = plannedPods(plan);
  const applied = new Set(changes.apply.map(({ manifest }) => manifest));
  const scaled = new Set(changes.scale.map(({ scale }) => `${scale.kind.toLowerCase()}/${scale.name}`));
  const changed = pods.filter(({ manifest, object }) => applied.has(manifest) || scaled.has(object));
  if (changed.length === 0) return [];
  const stored = new Set(state.storedSecrets.map(({ object }) => object.metadata.name));
  const wanted = mayMakeSecrets(plan) ? [] : foreignSecrets(plan, changed, stored);
  const runs = changed.some(({ instances }) => instances > 0);
  const [secrets, quotas] = await Promise.all([
    checkSecrets(cluster, plan.namespace, wanted, placeOf),
    runs ? readQuotas(cluster, plan.namespace) : [],
  ]);
  return [...secrets.problems, ...checkQuotas(pods, quotas ?? [], placeOf)];
}
