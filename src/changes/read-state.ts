import { isStatus } from '../cluster/api-error.ts';
import type { Cluster, KubeObject, ObjectRef } from '../cluster/cluster.ts';
import { isUnknownKind } from '../cluster/kinds.ts';
import { listObjects } from '../cluster/objects.ts';
import type { Owner } from '../plan/labels.ts';
import { labelKeys, ownerName } from '../plan/names.ts';
import { kindsOf, type Plan } from '../plan/plan.ts';
import { PaasError } from '../problems/problem.ts';
import {
  emptyInventory,
  everyRef,
  readInventory,
  refKey,
  type StoredInventory,
} from '../releases/inventory.ts';
import { listOwnSecrets, newestVersions, type StoredSecret } from '../releases/secrets.ts';
import { listRecords, noRecords, type Records, readRelease, type StoredRelease } from '../releases/store.ts';
import { readNamespace, refuseEnding } from './read-namespace.ts';

/** What is there before a deploy. */
export interface State extends Records {
  readonly owner: Owner;
  readonly namespace: KubeObject | undefined;
  readonly inventory: StoredInventory;
  /** Objects of ours, by `deployment/web`. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** The newest version of each stored secret. */
  readonly secrets: Readonly<Record<string, number>>;
  /** Every version of each, without values. */
  readonly storedSecrets: readonly StoredSecret[];
  /** Copies of the platform's pull secrets, without what is in them. */
  readonly pullSecretCopies: readonly KubeObject[];
  /** Objects of the same kinds in the same namespace that are not ours. */
  readonly foreign: ReadonlyMap<string, KubeObject>;
}

export function ownerOf(plan: Plan): Owner {
  return { app: plan.app, environment: plan.environment, namespace: plan.namespace };
}

/**
 * Reads what is there: one list per kind, however many objects there are. `kinds` are those of the plan; those that
 * only the inventory knows are added.
 */
export async function readState(
  cluster: Cluster,
  owner: Owner,
  kinds: readonly { readonly apiVersion: string; readonly kind: string }[],
): Promise<State> {
  // Asked at once: a far cluster takes as long for one question as for ten.
  const asked = Promise.all([
    readInventory(cluster, owner),
    listRecords(cluster, owner),
    listOwnSecrets(cluster, owner),
    ...unique(kinds).map((kind) => listKind(cluster, owner, kind)),
  ]);
  asked.catch(() => {});
  const namespace = await readNamespace(cluster, owner.namespace);
  if (!namespace) {
    const inventory = { inventory: emptyInventory, head: undefined };
    const none = { secrets: {}, storedSecrets: [], pullSecretCopies: [] };
    const nothing = { ...none, live: new Map(), foreign: new Map() };
    return { owner, namespace, inventory, ...noRecords, ...nothing };
  }
  refuseEnding(namespace);
  const [inventory, records, secrets, ...lists] = await asked;
  const { releases } = records;
  // A record that somebody deleted: then the labels tell what is ours.
  const lost = inventory.head === undefined && releases.length > 0;
  const listed = new Set(unique(kinds).map(({ kind }) => kind));
  const known = lost ? await kindsOfReleases(cluster, owner, releases) : everyRef(inventory.inventory);
  const others = unique(known).filter(({ kind }) => !listed.has(kind));
  const more = await Promise.all(others.map((kind) => listKnown(cluster, owner, kind)));
  const objects = [...lists, ...more].flat();
  const byKey = (mine: boolean): Map<string, KubeObject> =>
    new Map(
      objects
        .filter((object) => isOwn(object, owner) === mine)
        .map((object) => [refKey(keyOf(object)), object]),
    );
  const live = byKey(true);
  const rebuilt = { ...emptyInventory, pending: [...live.values()].filter(isNobodys).map(refOf) };
  return {
    owner,
    namespace,
    inventory: lost ? { inventory: rebuilt, head: undefined } : inventory,
    ...records,
    secrets: newestVersions(secrets.stored),
    storedSecrets: secrets.stored,
    pullSecretCopies: secrets.copies,
    live,
    foreign: byKey(false),
  };
}

/** The kinds of everything that a kept release has made, those of features that nobody here knows too. */
async function kindsOfReleases(
  cluster: Cluster,
  owner: Owner,
  releases: readonly StoredRelease[],
): Promise<{ apiVersion: string; kind: string }[]> {
  // One that can't be read tells nothing; the others do.
  const read = releases.map(({ summary }) =>
    readRelease(cluster, owner, summary.number).catch((error) => {
      if (error instanceof PaasError) return undefined;
      throw error;
    }),
  );
  return (await Promise.all(read)).flatMap((release) => (release ? kindsOf(release.plan) : []));
}

/** Not made by another object, with which it comes and goes. */
function isNobodys({ metadata }: KubeObject): boolean {
  return !metadata.ownerReferences?.some(({ controller }) => controller);
}

/** Whether an object carries the owner's label. */
export function isOwn(object: KubeObject, owner: Owner): boolean {
  return object.metadata.labels?.[labelKeys.owner] === ownerName(owner.app, owner.environment);
}

export function keyOf(object: { readonly kind: string; readonly metadata: { readonly name: string } }): {
  kind: string;
  name: string;
} {
  return { kind: object.kind, name: object.metadata.name };
}

async function listKind(
  cluster: Cluster,
  owner: Owner,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): Promise<KubeObject[]> {
  return (await listObjects(cluster, { apiVersion, kind, namespace: owner.namespace })).items;
}

/** The same of a kind that the cluster may not know (any more): then there are none. */
async function listKnown(
  cluster: Cluster,
  owner: Owner,
  kind: { readonly apiVersion: string; readonly kind: string },
): Promise<KubeObject[]> {
  try {
    return await listKind(cluster, owner, kind);
  } catch (error) {
    if (isUnknownKind(error) || isStatus(error, 404)) return [];
    throw error;
  }
}

/** How to find an object that is known. */
export function refOf({
  apiVersion,
  kind,
  metadata,
}: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): ObjectRef {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace && { namespace }) };
}

function unique<T extends { readonly apiVersion: string; readonly kind: string }>(refs: readonly T[]): T[] {
  return [...new Map(refs.map((ref) => [`${ref.apiVersion}/${ref.kind}`, ref])).values()];
}
