import { type Access, describeResource, mayDo } from '../cluster/access.ts';
import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { concurrently } from '../cluster/concurrently.ts';
import type { Owner } from '../plan/labels.ts';
import { missingRights } from '../problems/cluster.ts';
import { fail } from '../problems/problem.ts';

type Kind = Pick<Access, 'apiVersion' | 'kind'>;

/** What every deploy does, whatever the app: its record, its lock, and looking at what it made. */
const always: readonly (Kind & { readonly verbs: readonly Access['verb'][] })[] = [
  { apiVersion: 'v1', kind: 'Secret', verbs: ['get', 'list', 'create', 'patch', 'update', 'delete'] },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', verbs: ['get', 'create', 'update'] },
  { apiVersion: 'v1', kind: 'Pod', verbs: ['list', 'watch'] },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', verbs: ['list', 'watch'] },
  { apiVersion: 'v1', kind: 'Event', verbs: ['list', 'watch'] },
];
const ofPlan: readonly Access['verb'][] = ['get', 'list', 'create', 'patch', 'delete'];

/**
 * Says, where the cluster refused something for want of a right, all the rights that are lacking for what was to be
 * done; one at a time, people would ask their administrator five times. Asked only then: it costs a request each.
 */
export async function namingRights<T>(
  cluster: Cluster,
  owner: Owner,
  kinds: readonly Kind[],
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    return refuseRights(cluster, owner, kinds, error);
  }
}

/** Throws what is lacking; the error itself where that isn't it, or can't be told. */
export async function refuseRights(
  cluster: Cluster,
  { namespace }: Owner,
  kinds: readonly Kind[],
  error: unknown,
): Promise<never> {
  if (!isStatus(error, 403) || !/cannot/.test(error.message)) throw error;
  const needed = [
    ...always.flatMap(({ verbs, ...kind }) => verbs.map((verb) => ({ ...kind, verb, namespace }))),
    ...kinds.flatMap(({ apiVersion, kind }) => ofPlan.map((verb) => ({ apiVersion, kind, verb, namespace }))),
  ];
  const distinct = [
    ...new Map(needed.map((one) => [`${one.verb} ${one.apiVersion} ${one.kind}`, one])).values(),
  ];
  const lacking: (readonly [string, string])[] = [];
  try {
    for await (const found of concurrently(distinct, (one) => lackingOf(cluster, one)))
      lacking.push(...found);
  } catch {
    // Who may not even ask is told what was refused first.
    throw error;
  }
  if (lacking.length === 0) throw error;
  const byResource = Map.groupBy(lacking, ([resource]) => resource);
  const lines = [...byResource].map(
    ([resource, verbs]) => `${resource}: ${inOrder(verbs.map(([, verb]) => verb)).join(', ')}`,
  );
  return fail(missingRights(namespace, lines.sort()));
}

async function lackingOf(cluster: Cluster, access: Access): Promise<[string, string][]> {
  return (await mayDo(cluster, access)) ? [] : [[await describeResource(cluster, access), access.verb]];
}

const order = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];

function inOrder(verbs: readonly string[]): string[] {
  return [...new Set(verbs)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
