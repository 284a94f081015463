import { isStatus } from '../cluster/api-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { describeResource, missingRights, type Right, resourceOf } from '../cluster/rights.ts';
import type { Event } from '../events.ts';
import type { Owner } from '../plan/labels.ts';
import { missingRights as lackingRights } from '../problems/cluster.ts';
import { fail } from '../problems/problem.ts';
import type { Kind, Needed } from './needed-rights.ts';

/**
 * Refuses what the cluster would refuse in its middle, with everything that is lacking, before anything is touched: one
 * request. In a namespace that is yet to be made nothing is asked: on some clusters rights come with it.
 */
export async function refuseLacking(
  cluster: Cluster,
  namespace: string,
  needed: readonly Needed[],
): Promise<void> {
  let lacking: string[];
  try {
    lacking = await linesOf(cluster, namespace, needed);
  } catch {
    // Where it can't be asked, the cluster says no when it comes to it.
    return;
  }
  if (lacking.length > 0) fail(lackingRights(namespace, lacking));
}

/** What every deploy does, whatever the app: its record, its lock, and looking at what it made. */
const always: readonly Needed[] = [
  { apiVersion: 'v1', kind: 'Secret', verbs: ['get', 'list', 'create', 'patch', 'update', 'delete'] },
  { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', verbs: ['get', 'create', 'update'] },
  { apiVersion: 'v1', kind: 'Pod', verbs: ['list', 'watch'] },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', verbs: ['list', 'watch'] },
  { apiVersion: 'v1', kind: 'Event', verbs: ['list', 'watch'] },
];
const ofPlan = ['get', 'list', 'create', 'patch', 'delete'];

/**
 * Says, where the cluster refused something for want of a right, all the rights that are lacking for what was to be
 * done; one at a time, people would ask their administrator five times.
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

/** The same for what tells as it goes. */
export async function* namingRightsOf<T>(
  cluster: Cluster,
  owner: Owner,
  kinds: readonly Kind[],
  events: AsyncGenerator<Event, T>,
): AsyncGenerator<Event, T> {
  try {
    return yield* events;
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
  let lacking: string[];
  try {
    lacking = await linesOf(cluster, namespace, [
      ...always,
      ...kinds.map((kind) => ({ ...kind, verbs: ofPlan })),
    ]);
  } catch {
    // Who may not even ask is told what was refused first.
    throw error;
  }
  if (lacking.length === 0) throw error;
  return fail(lackingRights(namespace, lacking));
}

async function linesOf(cluster: Cluster, namespace: string, needed: readonly Needed[]): Promise<string[]> {
  return describeRights(await missingRights(cluster, namespace, await rightsFor(cluster, needed)));
}

/** What every deploy of a plan with objects of these kinds may have to do. */
export async function rightsOfDeploy(cluster: Cluster, kinds: readonly Kind[]): Promise<Right[]> {
  return rightsFor(cluster, [...always, ...kinds.map((kind) => ({ ...kind, verbs: ofPlan }))]);
}

async function rightsFor(cluster: Cluster, needed: readonly Needed[]): Promise<Right[]> {
  const byKind = Map.groupBy(needed, ({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name ?? ''}`);
  const rights: Right[] = [];
  for (const same of byKind.values()) {
    const { name } = same[0]!;
    const resource = { ...(await resourceOf(cluster, same[0]!)), ...(name && { name }) };
    const verbs = new Set(same.flatMap((one) => one.verbs));
    for (const verb of inOrder([...verbs])) rights.push({ verb, ...resource });
  }
  return rights;
}

/** `deployments.apps: create, patch`, a line for each resource. */
export function describeRights(rights: readonly Right[]): string[] {
  return [...Map.groupBy(rights, describeResource)]
    .map(([what, lacking]) => `${what}: ${lacking.map(({ verb }) => verb).join(', ')}`)
    .sort();
}

const order = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'];

function inOrder(verbs: readonly string[]): string[] {
  return verbs.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}
