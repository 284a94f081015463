import type { Cluster } from '../../cluster/cluster.ts';
import { describeResource, missingRights, type Right } from '../../cluster/rights.ts';
import { rightsMissing } from '../../problems/pre-flight.ts';
import { type Check, outcome } from './check.ts';

/** What the program does beside its plan's objects: records, the lock, and looking at what runs. */
const always: readonly Right[] = [
  ...['list', 'get', 'create', 'patch', 'update', 'delete'].map((verb) => ({
    verb,
    group: '',
    resource: 'secrets',
  })),
  ...['get', 'create', 'update'].map((verb) => ({ verb, group: 'coordination.k8s.io', resource: 'leases' })),
  ...['list', 'watch'].map((verb) => ({ verb, group: '', resource: 'pods' })),
  { verb: 'get', group: '', resource: 'pods', part: 'log' },
  ...['list', 'watch'].map((verb) => ({ verb, group: 'apps', resource: 'replicasets' })),
];

/** Whether everything that a deploy does is allowed. `kinds`: those of the plan that the cluster knows. */
export async function checkRights(
  cluster: Cluster,
  namespace: string,
  kinds: readonly { readonly group: string; readonly resource: string }[],
): Promise<Check> {
  const ofPlan = kinds.flatMap((kind) =>
    ['list', 'get', 'create', 'patch', 'delete'].map((verb) => ({ verb, ...kind })),
  );
  const all = [...new Map([...always, ...ofPlan].map((right) => [words(right), right])).values()];
  const missing = await missingRights(cluster, namespace, all);
  const byResource = Map.groupBy(missing, ({ group, resource, part }) =>
    words({ verb: '', group, resource, ...(part && { part }) }),
  );
  const lines = [...byResource].map(
    ([what, rights]) => `${rights.map(({ verb }) => verb).join(', ')}${what}`,
  );
  const problems = missing.length > 0 ? [rightsMissing(lines, `in namespace ${namespace}`)] : [];
  return outcome('rights', problems, `all ${all.length} that a deploy needs`);
}

function words({ verb, ...right }: Right): string {
  return `${verb} ${describeResource(right)}`;
}
