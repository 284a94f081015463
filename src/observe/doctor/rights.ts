import type { Cluster } from '../../cluster/cluster.ts';
import { missingRights } from '../../cluster/rights.ts';
import { describeRights, rightsOfDeploy } from '../../deploy/rights.ts';
import { missingRights as lackingRights } from '../../problems/cluster.ts';
import { type Check, outcome } from './check.ts';

/** To show what a program said before it failed. */
const log = { verb: 'get', group: '', resource: 'pods', part: 'log' };

/** Whether everything that a deploy does is allowed. `kinds`: those of the plan that the cluster knows. */
export async function checkRights(
  cluster: Cluster,
  namespace: string,
  kinds: readonly { readonly apiVersion: string; readonly kind: string }[],
): Promise<Check> {
  const all = [...(await rightsOfDeploy(cluster, kinds)), log];
  const missing = await missingRights(cluster, namespace, all);
  const problems = missing.length > 0 ? [lackingRights(namespace, describeRights(missing))] : [];
  return outcome('rights', problems, `all ${all.length} that a deploy needs`);
}
